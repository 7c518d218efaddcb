"""Summaries for caregivers: counted from structured records, worded by templates, with the quotes behind each line.

Pure. No model writes or smooths anything here, so nothing can be added: every number is a count of ``Facts``, every
name stands in a list, every quote is what the person said. Law: the numbers of each line equal the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from companion.core.overview import BRIGHT, HEAVY
from companion.core.summary import Facts, Line, LineKind, Quote, Summary
from companion.dialogue.slots import filled, slots_of
from companion.errors import PromptError

FILE: Final = "summary/summary.ko.toml"
_SHOWN: Final = 5
"""Names in a list: topics, feelings, promises."""
_TEXTS: Final[Mapping[str, frozenset[str]]] = {
    "talk.some": frozenset({"sessions", "said"}),
    "talk.silent": frozenset({"sessions"}),
    "talk.none": frozenset(),
    "mood.some": frozenset({"said", "bright", "heavy", "list"}),
    "topics.some": frozenset({"list"}),
    "sleep.some": frozenset({"count"}),
    "appetite.some": frozenset({"count"}),
    "promises.some": frozenset({"count", "list"}),
    "promises.one": frozenset({"month", "day"}),
    "activities.some": frozenset({"offered", "done", "stopped", "refused", "moods"}),
    "activities.moods": frozenset({"measured", "better", "same", "worse"}),
    "screening.some": frozenset({"count", "list"}),
    "screening.one": frozenset({"instrument", "month", "day", "status"}),
    "safety.some": frozenset({"dangers", "urgent", "concern", "watch", "alerts", "open"}),
    "safety.none": frozenset(),
    "check_ins.some": frozenset({"count", "answered", "unanswered", "other"}),
    "reminders.some": frozenset({"count", "said", "passed", "interrupted"}),
    "requests.some": frozenset({"count", "open", "done", "declined", "taken_back"}),
    "closed.conversation": frozenset(),
    "closed.health": frozenset(),
    "names.count": frozenset({"name", "count"}),
}
_CHECK_IN: Final = "check_in"
_STATED: Final = ("medicine", "appointment", "water")


class SummaryWords:
    """Built once from the tables.

    Args:
        table: Of ``summary.ko.toml``.
        topics: How topics are called.
        instruments: How instruments are called.

    Raises:
        PromptError: A sentence is missing or has a slot that nobody fills.
    """

    def __init__(self, table: Mapping[str, Any], *, topics: Mapping[str, str], instruments: Mapping[str, str]) -> None:
        try:
            self._texts = {key: str(table[key.split(".")[0]][key.split(".")[1]]) for key in _TEXTS}
            self.feelings = {str(name): str(value) for name, value in table["names"]["feeling"].items()}
            self.statuses = {str(name): str(value) for name, value in table["names"]["status"].items()}
            self.quotes = int(table["quotes"])
        except (KeyError, TypeError, ValueError) as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error)) from error
        for key, text in self._texts.items():
            if unknown := slots_of(text) - _TEXTS[key]:
                raise PromptError("lexicon.broken", file=FILE, detail=f"{key}: {sorted(unknown)}")
        self.topics = dict(topics)
        self.instruments = dict(instruments)

    def text(self, key: str, values: Mapping[str, object]) -> str:
        """Return a sentence with its slots filled."""
        return filled(self._texts[key], {name: str(value) for name, value in values.items()})

    def counted(self, counts: Iterable[tuple[str, int]], names: Mapping[str, str]) -> str:
        """Return names with their counts, the commonest first."""
        return ", ".join(self.text("names.count", {"name": names.get(one, one), "count": n}) for one, n in counts)


def summarised(facts: Facts, words: SummaryWords, zone: tzinfo) -> Summary:
    """Return the summary of what the record holds.

    Args:
        facts: As far as they may be shown.
        words: The sentences.
        zone: The person's: by which days are said.
    """
    lines = (
        *_closed(facts, words),
        *(_of_talk(facts, words) if facts.conversation else ()),
        *(_promises(facts, words, zone) if facts.conversation else ()),
        *(_activities(facts, words) if facts.conversation else ()),
        *(_screening(facts, words, zone) if facts.health else ()),
        *_safety(facts, words),
        *_occasions(facts, words),
        *(_requests(facts, words) if facts.conversation else ()),
    )
    return Summary(facts.begins, facts.ends, facts.session_id, lines)


def _closed(facts: Facts, words: SummaryWords) -> Iterator[Line]:
    for allowed, name in ((facts.conversation, "conversation"), (facts.health, "health")):
        if not allowed:
            yield Line(LineKind.CLOSED, words.text(f"closed.{name}", {}), {})


def _of_talk(facts: Facts, words: SummaryWords) -> Iterator[Line]:
    numbers = {"sessions": facts.sessions, "said": len(facts.said)}
    name = "none" if not facts.sessions else "some" if facts.said else "silent"
    yield Line(LineKind.TALK, words.text(f"talk.{name}", numbers), numbers)
    if not facts.said:
        return
    yield _mood(facts, words)
    topics = Counter(one.topic for one in facts.said if one.topic)
    if topics:
        shown = topics.most_common(_SHOWN)
        named = {one for one, _ in shown}
        quotes = _latest((one.quote for one in facts.said if one.topic in named), words.quotes)
        text = words.text("topics.some", {"list": words.counted(shown, words.topics)})
        yield Line(LineKind.TOPICS, text, dict(topics), quotes)
    for kind, topic in ((LineKind.SLEEP, "sleep"), (LineKind.APPETITE, "meal")):
        if topics[topic]:
            numbers = {"count": topics[topic]}
            quotes = _latest((one.quote for one in facts.said if one.topic == topic), words.quotes)
            yield Line(kind, words.text(f"{kind}.some", numbers), numbers, quotes)


def _mood(facts: Facts, words: SummaryWords) -> Line:
    feelings = Counter(one.feeling for one in facts.said if one.feeling)
    coloured = {one: count for one, count in feelings.items() if one in BRIGHT or one in HEAVY}
    numbers = {
        "said": len(facts.said),
        "bright": sum(count for one, count in feelings.items() if one in BRIGHT),
        "heavy": sum(count for one, count in feelings.items() if one in HEAVY),
    }
    listed = words.counted(Counter(coloured).most_common(_SHOWN), words.feelings)
    text = words.text("mood.some", {**numbers, "list": f"({listed})" if listed else ""}).rstrip()
    quotes = _latest((one.quote for one in facts.said if one.feeling in coloured), words.quotes)
    return Line(LineKind.MOOD, text, {**numbers, **feelings}, quotes)


def _promises(facts: Facts, words: SummaryWords, zone: tzinfo) -> Iterator[Line]:
    if not facts.promised:
        return
    in_turn = sorted(facts.promised, key=lambda one: one.due_at)
    days = [words.text("promises.one", _day(one.due_at, zone)) for one in in_turn[:_SHOWN]]
    numbers = {"count": len(facts.promised)}
    text = words.text("promises.some", {**numbers, "list": ", ".join(days)})
    yield Line(LineKind.PROMISES, text, numbers, tuple(one.quote for one in in_turn[: words.quotes]))


def _activities(facts: Facts, words: SummaryWords) -> Iterator[Line]:
    if not facts.activities:
        return
    outcomes = Counter(one.outcome for one in facts.activities)
    numbers = {"offered": len(facts.activities)}
    numbers |= {name: outcomes[name] for name in ("done", "stopped", "refused")}
    moods = ""
    changes = [
        one.mood_after - one.mood_before
        for one in facts.activities
        if one.mood_before is not None and one.mood_after is not None
    ]
    if changes and facts.health:
        measured = {
            "measured": len(changes),
            "better": sum(change > 0 for change in changes),
            "same": changes.count(0),
            "worse": sum(change < 0 for change in changes),
        }
        moods = words.text("activities.moods", measured)
        numbers |= measured
    yield Line(LineKind.ACTIVITIES, words.text("activities.some", {**numbers, "moods": moods}), numbers)


def _screening(facts: Facts, words: SummaryWords, zone: tzinfo) -> Iterator[Line]:
    if not facts.screenings:
        return
    listed = ", ".join(
        words.text(
            "screening.one",
            {
                "instrument": words.instruments.get(one.instrument, one.instrument),
                "status": words.statuses.get(one.status, one.status),
                **_day(one.at, zone),
            },
        )
        for one in sorted(facts.screenings, key=lambda one: one.at)
    )
    numbers = {"count": len(facts.screenings)}
    text = words.text("screening.some", {**numbers, "list": listed})
    yield Line(LineKind.SCREENING, text, {**numbers, **Counter(one.status for one in facts.screenings)})


def _safety(facts: Facts, words: SummaryWords) -> Iterator[Line]:
    levels = Counter(one.level for one in facts.dangers)
    numbers = {"dangers": len(facts.dangers), "alerts": len(facts.alerts), "open": facts.alerts.count("open")}
    numbers |= {level: levels[level] for level in ("urgent", "concern", "watch")}
    name = "some" if facts.dangers or facts.alerts else "none"
    said = (one.quote for one in facts.dangers if one.quote is not None and facts.conversation)
    yield Line(LineKind.SAFETY, words.text(f"safety.{name}", numbers), numbers, _latest(said, words.quotes))


def _occasions(facts: Facts, words: SummaryWords) -> Iterator[Line]:
    check_ins = Counter(outcome for kind, outcome in facts.occasions if kind == _CHECK_IN)
    if check_ins:
        numbers = {"count": check_ins.total(), "answered": check_ins["answered"]}
        numbers["unanswered"] = check_ins["told"] + check_ins["unanswered"]
        numbers["other"] = numbers["count"] - numbers["answered"] - numbers["unanswered"]
        yield Line(LineKind.CHECK_INS, words.text("check_ins.some", numbers), numbers)
    stated = Counter(outcome for kind, outcome in facts.occasions if kind in _STATED)
    if stated:
        numbers = {"count": stated.total(), **{name: stated[name] for name in ("said", "passed", "interrupted")}}
        yield Line(LineKind.REMINDERS, words.text("reminders.some", numbers), numbers)


def _requests(facts: Facts, words: SummaryWords) -> Iterator[Line]:
    if not facts.errands:
        return
    statuses = Counter(status for status, _ in facts.errands)
    numbers = {"count": len(facts.errands)}
    numbers |= {name: statuses[name] for name in ("open", "done", "declined", "taken_back")}
    quotes = _latest((quote for _, quote in facts.errands), words.quotes)
    yield Line(LineKind.REQUESTS, words.text("requests.some", numbers), numbers, quotes)


def _latest(quotes: Iterable[Quote], most: int) -> tuple[Quote, ...]:
    with_words: Sequence[Quote] = [one for one in quotes if one.words.strip()]
    return tuple(sorted(with_words, key=lambda one: (one.at, one.turn), reverse=True)[:most])


def _day(moment: datetime, zone: tzinfo) -> dict[str, object]:
    local = moment.astimezone(zone)
    return {"month": local.month, "day": local.day}
