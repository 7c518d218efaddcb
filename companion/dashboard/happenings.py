"""Entries of a timeline in words: what it was, and the few figures there are of it. Nothing is judged."""

from __future__ import annotations

from collections.abc import Mapping

from companion.core.timeline import Entry, Figure, Happening
from companion.dashboard.titles import instrument_title
from companion.dashboard.words import known, say
from companion.wiring.person import activity_titles


def happening_words(entry: Entry) -> str:
    """Return what kind of thing it was: 대화, 마음 점검, 알림."""
    return say(f"happening.{entry.happening}.name")


def title_words(entry: Entry) -> str:  # noqa: PLR0911 - a case for each kind
    """Return what there is to say of it, in one line."""
    figures = dict(entry.figures)
    match entry.happening:
        case Happening.TALK:
            return f"{say('happening.talk.about', **figures)} {named('ended_by', entry.name)}".strip()
        case Happening.MOOD:
            return say("happening.mood.about", **figures)
        case Happening.SCREENING:
            return _screening(entry, figures)
        case Happening.DANGER:
            return f"{named('level', entry.level)}: {named('danger', entry.name)}"
        case Happening.ALERT:
            status = named("alert_status", str(figures.get("status", "")))
            return f"{named('level', entry.level)}: {named('danger', entry.name)}. {status}"
        case Happening.ACTIVITY:
            return _activity(entry, figures)
        case Happening.READING:
            return _reading(entry, figures)
        case Happening.REMINDER:
            return f"{named('reminder', entry.name)}: {named('occasion', entry.level)}"
        case Happening.OBSERVATION:
            return say("happening.observation.about", sign=named("sign", entry.name))
        case _:
            return _hospital(entry, figures)


def named(group: str, name: str) -> str:
    """Return what a name of the record is called on screens; the name itself where it has no word."""
    key = f"{group}.{name}"
    return say(key) if name and known(key) else name


def _screening(entry: Entry, figures: Mapping[str, Figure]) -> str:
    title, status = instrument_title(entry.name), named("screening_status", entry.level)
    if "sum" in figures:
        return say("happening.screening.with_sum", title=title, sum=figures["sum"])
    return say("happening.screening.without_sum", title=title, status=status, answered=figures.get("answered", 0))


def _activity(entry: Entry, figures: Mapping[str, Figure]) -> str:
    title = activity_titles().get(entry.name, entry.name)
    text = f"{title}: {named('activity_outcome', entry.level)}"
    if {"mood_before", "mood_after"} <= set(figures):
        return f"{text}. {say('happening.activity.moods', before=figures['mood_before'], after=figures['mood_after'])}"
    return text


def _hospital(entry: Entry, figures: Mapping[str, Figure]) -> str:
    """Return what a hospital recorded, as it is called there; its value where it has one."""
    text, value = (str(figures.get(name, "")) for name in ("text", "value"))
    named_there = f"{named('hospital', entry.name)}: {text}" if text else named("hospital", entry.name)
    return f"{named_there} {value}".rstrip()


def _reading(entry: Entry, figures: Mapping[str, Figure]) -> str:
    least, mean, most = (figure_words(figures[name]) for name in ("least", "mean", "most"))
    kind, unit = named("reading", entry.name), named("unit", str(figures.get("unit", "")))
    key = "happening.reading.one" if least == most else "happening.reading.about"
    return say(key, kind=kind, least=least, mean=mean, most=most, unit=unit)


def figure_words(value: Figure) -> str:
    """Return a figure with at most one decimal."""
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) else f"{value:.1f}"
    return str(value)
