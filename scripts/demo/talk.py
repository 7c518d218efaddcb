"""Their conversations: two a day, at hours that follow the season, of about twenty turns, some unanswered."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from companion.core.overview import BRIGHT, HEAVY
from demo.people import Someone, utc
from demo.rows import ZONE, Batch, new_id
from demo.words import Population, Situation

_STAYS_ON_TOPIC, _FAVOURITE = 0.45, 0.3
_SILENT, _UNSURE, _CUT = 0.03, 0.04, 0.05
_REMEMBERED, _MOST_MEMORIES = 1 / 60, 40


@dataclass(slots=True)
class Talk:
    """One session while it is made up."""

    one: Someone
    session: dict[str, Any]
    at: datetime
    """Naive UTC, of the next turn."""
    part: str
    """morning, day, evening or night."""
    batch: Batch
    turns: int = 0
    said: set[str] = field(default_factory=set)
    """Situations that were talked about: nobody says the same thing over and over."""

    def turn(self, kind: str, reply: tuple[str, str, str], **heard: Any) -> dict[str, Any]:  # noqa: ANN401 - values of columns
        """Add a turn: ``reply`` is its words, id and source; return its row."""
        self.turns += 1
        chance = self.one.chance
        words, reply_id, source = reply
        row = {
            **_UNHEARD,
            "id": new_id(self.at, chance),
            "device_id": self.one.device_id,
            "session_id": self.session["id"],
            "number": self.turns,
            "at": self.at,
            "kind": kind,
            "reply": words,
            "reply_id": reply_id,
            "reply_source": source,
            "spoken": words if chance.random() >= _CUT else words[: len(words) // 2],
            **heard,
        }
        self.session["heard_turns"] += bool(row["heard"])
        self.session["bright_turns"] += row["feeling"] in BRIGHT
        self.session["heavy_turns"] += row["feeling"] in HEAVY
        self.session["last_turn_at"] = self.at
        self.at += timedelta(seconds=chance.randrange(15, 50))
        return self.batch.add("turns", row)


_UNHEARD = {
    "centre_id": "",
    "zone": ZONE,
    "heard": "",
    "hearing": "",
    "heard_confidence": 0.0,
    "heard_from": "",
    "act": "",
    "topic": "",
    "feeling": "",
    "situation": "",
    "understanding_confidence": 0.0,
    "risk_level": "",
    "risk_kind": "",
    "guard": "passed",
}


def begin(one: Someone, day: date, *, morning: bool, batch: Batch, profile: str) -> Talk:
    """Return a session that begins: early in summer and late in winter, the other way round in the evening."""
    season = math.cos(2 * math.pi * (day.timetuple().tm_yday - 15) / 365)
    hour = 8.6 + 0.7 * season if morning else 18.4 - 0.8 * season
    at = utc(day, hour + one.chance.gauss(0, 0.35))
    session = {
        "id": new_id(at, one.chance),
        "device_id": one.device_id,
        "centre_id": "",
        "person_id": one.id,
        "started_at": at,
        "ended_at": None,
        "zone": ZONE,
        "mode": "microphone",
        "profile": profile,
        "reply_driver": "bank" if profile == "embedded" else "model",
        "ended_by": "",
        "heard_turns": 0,
        "bright_turns": 0,
        "heavy_turns": 0,
        "last_turn_at": at,
    }
    batch.add("sessions", session)
    return Talk(one, session, at, "morning" if morning else "evening", batch)


def unanswered(talk: Talk, population: Population) -> None:
    """Make up a session that nobody answers."""
    _ours(talk, "opening", f"session.greeting.{talk.part}", population)
    for _ in range(2):
        talk.at += timedelta(seconds=40)
        _ours(talk, "silence", "session.session.silence_prompt", population)
    _ours(talk, "silence", "session.session.silence_goodbye", population)
    _end(talk, "silence")


def open_talk(talk: Talk, population: Population) -> None:
    """Greet."""
    _ours(talk, "opening", f"session.greeting.{talk.part}", population)


def go_on(talk: Talk, mood: float, population: Population, turns: int) -> None:
    """Add turns in which they talk, each on the topic of the one before or on another."""
    chance, topic = talk.one.chance, ""
    for _ in range(turns):
        if chance.random() < _SILENT:
            _ours(talk, "silence", "session.session.silence_prompt", population)
            continue
        drawn = chance.random()
        if drawn >= _STAYS_ON_TOPIC or not topic:
            topic = chance.choice(talk.one.favourites) if drawn >= 1 - _FAVOURITE else ""
        situation = _new_situation(talk, mood, topic, population)
        topic = situation.topic
        words = population.said(situation, chance)
        number = chance.randrange(len(situation.replies))
        reply = population.filled(situation.replies[number], talk.one.address)
        row = talk.turn(
            "exchange",
            (reply, f"{situation.id}.{number}", "bank"),
            heard=words,
            hearing="unsure" if chance.random() < _UNSURE else "clear",
            heard_confidence=round(chance.uniform(0.7, 0.99), 3),
            act=situation.act,
            topic=topic,
            feeling=situation.feeling,
            situation=situation.id,
            understanding_confidence=round(chance.uniform(0.5, 0.98), 3),
            risk_level="none",
        )
        _remember(talk, row, population)


def _new_situation(talk: Talk, mood: float, topic: str, population: Population) -> Situation:
    """Draw a situation that was not talked about yet, of the topic if it has one."""
    situation = population.situation(mood, topic, talk.one.chance)
    for wanted in (topic, "", ""):
        if situation.id not in talk.said:
            break
        situation = population.situation(mood, wanted, talk.one.chance)
    talk.said.add(situation.id)
    return situation


def close(talk: Talk, population: Population) -> None:
    """Say goodbye, as the person asked."""
    key, words = population.fixed_sentence(f"session.closing.{talk.part}", talk.one.address, talk.one.chance)
    talk.turn(
        "closing",
        (words, key, "fixed"),
        heard=talk.one.chance.choice(population.data["farewells"]),
        hearing="clear",
        heard_confidence=0.95,
        act="farewell",
        topic="small_talk",
        feeling="neutral",
        understanding_confidence=0.9,
    )
    _end(talk, "person")


def _ours(talk: Talk, kind: str, key: str, population: Population) -> None:
    found, words = population.fixed_sentence(key, talk.one.address, talk.one.chance)
    talk.turn(kind, (words, found, "fixed"))


def _end(talk: Talk, ended_by: str) -> None:
    talk.session["ended_at"], talk.session["ended_by"] = talk.at, ended_by


def _remember(talk: Talk, turn: dict[str, Any], population: Population) -> None:
    kind = population.data["memory"].get(turn["topic"])
    if kind is None or talk.one.memories >= _MOST_MEMORIES or talk.one.chance.random() >= _REMEMBERED:
        return
    talk.one.memories += 1
    talk.batch.add(
        "memories",
        talk.one.row(
            turn["at"],
            turn_id=turn["id"],
            kind=kind,
            about=turn["topic"],
            fact=turn["heard"],
            sentence=turn["heard"],
            confidence=0.8,
            due_at=turn["at"] + timedelta(days=7) if kind == "plan" else None,
            fades_at=turn["at"] + timedelta(days=30) if kind == "health" else None,
            asked_after_at=None,
            superseded=False,
        ),
    )
