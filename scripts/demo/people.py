"""Invented people: how they are called, where they live, whom they trust, what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random  # noqa: TID251 - drawn by chance, from a seed
from typing import Any

from demo.rows import ZONE, Batch, new_id
from demo.words import Population

_DOUBTFUL_EVERY, _NO_TALK_EVERY, _NO_HEALTH_EVERY, _WITHDRAWS = 20, 25, 12, 1
"""Which of the people, by number, decide otherwise than most; number 1 withdraws."""
_SEOUL_HOURS = 9
_WORDING = "demo-1"


@dataclass(slots=True)
class Someone:
    """One invented person."""

    number: int
    id: str
    device_id: str
    address: str
    chance: Random
    favourites: tuple[str, ...]
    misses: float
    """Share of calls that they do not answer."""
    talks_until: datetime | None
    """Naive UTC: until when conversations may be kept; None: never."""
    health: bool
    contacts: list[str] = field(default_factory=list)
    memories: int = 0
    finishes: bool = False
    """Whether every screening is answered to its end."""
    screenings: int = 0

    def row(self, at: datetime, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - values of columns
        """Return a row about this person at a time (naive UTC)."""
        made = {"id": new_id(at, self.chance), "device_id": self.device_id, "centre_id": "", "at": at, "zone": ZONE}
        return {**made, "person_id": self.id, **values}


def someone(number: int, first: date, days: int, seed: int, population: Population) -> tuple[Someone, Batch]:
    """Draw one person; return them and the rows that introduce them."""
    chance = Random(f"{seed}/{number}")  # noqa: S311 - an invention, not a secret
    at = utc(first - timedelta(days=1), chance.uniform(9, 17))
    ends = utc(first + timedelta(days=days + 1), 0)
    name, address, sex = _names(population, chance)
    one = Someone(
        number=number,
        id=new_id(at, chance),
        device_id=new_id(at, chance),
        address=address,
        chance=chance,
        favourites=tuple(chance.sample(population.topics, 5)),
        misses=chance.uniform(0.01, 0.09),
        talks_until=_talks_until(number, at, ends, days),
        health=number % _NO_HEALTH_EVERY != _NO_HEALTH_EVERY - 1,
    )
    batch = Batch()
    batch.add("people", {**_person(one, at, name, population), "sex": sex})
    _contacts(one, at, population, batch)
    _reminders(one, at, ends, population, batch)
    _consents(one, at, population, batch)
    return one, batch


def _talks_until(number: int, at: datetime, ends: datetime, days: int) -> datetime | None:
    if number % _NO_TALK_EVERY == _NO_TALK_EVERY - 1:
        return None
    return at + timedelta(days=max(1, days * 2 // 3)) if number == _WITHDRAWS else ends


def _names(population: Population, chance: Random) -> tuple[str, str, str]:
    data, is_woman = population.data, chance.random() < 0.7
    given = chance.choice(data["women"] if is_woman else data["men"])
    name = chance.choice(data["family_names"]) + given
    asked_for = data["addresses"] + data["addresses_women" if is_woman else "addresses_men"]
    return name, chance.choice(asked_for).format(name=name, given=given), "female" if is_woman else "male"


def _is_doubtful(one: Someone) -> bool:
    return one.number % _DOUBTFUL_EVERY == _DOUBTFUL_EVERY - 1


def _person(one: Someone, at: datetime, name: str, population: Population) -> dict[str, Any]:
    doubtful = _is_doubtful(one)
    return {
        "id": one.id,
        "device_id": one.device_id,
        "centre_id": "",
        "at": at,
        "zone": ZONE,
        "name": name,
        "address": one.address,
        "birth_year": at.year - int(one.chance.triangular(66, 97, 80)),
        "region": population.data["regions"][one.number % len(population.data["regions"])],
        "group": one.chance.choice(population.data["villages"]),
        "understanding_doubtful": doubtful,
        "dementia_stage": "mild" if doubtful else "",
        "screening_despite_dementia": False,
        "speech": {"speed": 0.9} if one.chance.random() < 0.2 else {},
    }


def _contacts(one: Someone, at: datetime, population: Population, batch: Batch) -> None:
    relations = one.chance.sample(population.data["relations"], one.chance.choice((1, 2, 2, 3)))
    for order, (relation, called) in enumerate(relations, 1):
        row = one.row(
            at,
            name=called,
            relation=relation,
            phone=f"010-0000-{one.chance.randrange(10_000):04d}",
            order=order,
            channels=["sms"],
            told_of_abuse=False,
            told_words=order == 1,
            quiet_from=22,
            quiet_until=7,
        )
        one.contacts.append(batch.add("contacts", row)["id"])


def _reminders(one: Someone, at: datetime, ends: datetime, population: Population, batch: Batch) -> None:
    for table in one.chance.sample(population.data["reminder"], 2):
        hour = int(table["times"][0][:2])
        batch.add(
            "reminders",
            one.row(
                at,
                kind=table["kind"],
                words=table["words"],
                schedule={"times": table["times"]},
                set_by=population.data["relations"][0][1],
                active=True,
                last_said_at=ends - timedelta(days=1 + one.chance.randrange(2), hours=24 - hour),
            ),
        )


def _consents(one: Someone, at: datetime, population: Population, batch: Batch) -> None:
    first_contact = batch.rows["contacts"][0]["name"]
    decided = [
        ("conversation", "", one.talks_until is not None),
        ("health", "", one.health),
        ("sharing", first_contact, True),
        ("alerts", first_contact, True),
        ("research", "", one.chance.random() < 0.4),
    ]
    for number, (item, named, given) in enumerate(decided, 1):
        batch.add("consents", _consent(one, at, (number, item, named, "given" if given else "refused"), population))
    if one.number == _WITHDRAWS and one.talks_until is not None:
        withdrawal = (len(decided) + 1, "conversation", "", "withdrawn")
        batch.add("consents", _consent(one, one.talks_until, withdrawal, population))


def _consent(one: Someone, at: datetime, decided: tuple[int, str, str, str], population: Population) -> dict[str, Any]:
    number, item, named, answer = decided
    doubtful = _is_doubtful(one)
    return one.row(
        at,
        number=number,
        item=item,
        answer=answer,
        named=named,
        giver="family" if doubtful else "person",
        giver_name=population.data["relations"][0][1] if doubtful else one.address,
        manner="spoken",
        assent="agreed" if doubtful else "not_needed",
        basis=population.data["consent_basis"] if doubtful else "",
        until=at + timedelta(days=730) if doubtful else None,
        wording=_WORDING,
        wording_digest=sha256(_WORDING.encode()).hexdigest(),
    )


def utc(day: date, hour: float) -> datetime:
    """Return an hour of a day in Seoul as naive UTC."""
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour - _SEOUL_HOURS)
