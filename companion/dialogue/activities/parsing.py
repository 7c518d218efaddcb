"""Reads scripts of activities and collects every problem of a file at once, for whoever writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from companion.core.hangul import syllable_count
from companion.core.turn import Feeling
from companion.dialogue.activities.script import END, Breathing, Condition, Kind, Script, Slot, Source, Step
from companion.dialogue.problem import Problem, raise_first
from companion.dialogue.slots import slots_of

MOST_SYLLABLES: Final = 95
"""Of one breath of speech: more loses a tired listener (about 24 s at 4 syllables a second)."""
LONGEST_REST: Final = 30.0
SLOTS: Final = frozenset({"address"})
PARTS: Final = frozenset({"morning", "day", "evening", "night"})
_TEXTS: Final = ("id", "title", "version", "close")
_KEYS: Final = frozenset(
    {*_TEXTS, "kind", "minutes", "offer", "not_with", "feelings", "topics", "parts", "source", "step"}
)
_STEP_KEYS: Final = frozenset(
    {"id", "say", "ask", "breathe", "rest", "keep", "choices", "again", "yes", "no", "silent", "goto"}
)
_BREATH_KEYS: Final = frozenset({"times", "in", "out", "hold"})
_DEED: Final = "기"
"""How a deed is named."""
_TRAUMA: Final = frozenset({Condition.RECENT_LOSS})
_NEEDED: Final[Mapping[Kind, frozenset[Condition]]] = {
    Kind.REMINISCENCE: _TRAUMA,
    Kind.PROBLEM_SOLVING: frozenset({Condition.DEMENTIA}),
}
"""Contraindications that every script of a kind must name. Source: the table of techniques in ``clinical.md`` 9."""
_HOLDING: Final = frozenset({Condition.LUNG_DISEASE, Condition.HEART_DISEASE})


def script_problems(file: str, table: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return every defect of one script."""
    return tuple(
        Problem(f"activities/{file}", key, f"activities.{name}", detail) for key, name, detail in _defects(table)
    )


def load_scripts(tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Script]:
    """Return the scripts by id.

    Args:
        tables: Parsed files of ``prompts/activities`` by file name.

    Raises:
        PromptError: The first of all problems.
    """
    problems = [problem for file, table in tables.items() for problem in script_problems(file, table)]
    ids = [str(table.get("id")) for table in tables.values()]
    problems += [
        Problem("activities", name, "activities.duplicate") for name in sorted(set(ids)) if ids.count(name) > 1
    ]
    raise_first(problems)
    return {script.id: script for script in map(_script, tables.values())}


def _defects(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield from ((key, "unknown_key", key) for key in sorted(set(table) - _KEYS))
    for name in _TEXTS:
        if not isinstance(table.get(name), str) or not table[name].strip():
            yield name, "missing", name
    if table.get("kind") not in set(Kind):
        yield "kind", "unknown_kind", str(table.get("kind"))
    if not isinstance(table.get("minutes"), int) or not 1 <= table["minutes"] <= 30:  # noqa: PLR2004 - BA sessions: up to 30
        yield "minutes", "wrong_minutes", str(table.get("minutes"))
    yield from _unknown(table, "not_with", {str(one) for one in Condition})
    yield from _unknown(table, "feelings", {str(one) for one in Feeling})
    yield from _unknown(table, "parts", PARTS)
    yield from _source_defects(table.get("source"))
    yield from _offer_defects(table)
    steps = table.get("step")
    if not isinstance(steps, list) or not steps:
        yield "step", "missing", "step"
        return
    yield from _step_defects(steps)
    yield from _name_defects(table, steps)
    yield from _missing_contraindications(table, steps)


def _unknown(table: Mapping[str, Any], name: str, known: set[str] | frozenset[str]) -> Iterator[tuple[str, str, str]]:
    values = table.get(name, [])
    for value in values if isinstance(values, list) else [values]:
        if value not in known:
            yield name, "unknown_value", str(value)


def _source_defects(source: object) -> Iterator[tuple[str, str, str]]:
    for name in ("technique", "citation", "limits"):
        if not isinstance(source, Mapping) or not str(source.get(name, "")).strip():
            yield f"source.{name}", "missing", f"source.{name}"


def _offer_defects(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    offers = table.get("offer")
    if not isinstance(offers, list) or not offers:
        yield "offer", "missing", "offer"
        return
    for number, text in enumerate(offers, 1):
        yield from _text_defects(f"offer {number}", text)
        if not str(text).rstrip().endswith("?"):
            yield f"offer {number}", "no_question", ""
    yield from _text_defects("close", table.get("close", ""))
    if "?" in str(table.get("close", "")):
        yield "close", "stray_question", ""


def _text_defects(key: str, text: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(text, str) or not text.strip() or text != text.strip():
        yield key, "blank", ""
        return
    if syllable_count(text) > MOST_SYLLABLES:
        yield key, "too_long", str(syllable_count(text))
    if text.count("?") > 1:
        yield key, "two_questions", ""
    yield from ((key, "unknown_slot", slot) for slot in sorted(slots_of(text) - SLOTS))


def _step_defects(steps: list[Any]) -> Iterator[tuple[str, str, str]]:
    ids = [str(step.get("id", "")) for step in steps if isinstance(step, Mapping)]
    for number, step in enumerate(steps, 1):
        key = f"step {number}"
        if not isinstance(step, Mapping):
            yield key, "blank", ""
            continue
        yield from ((key, "unknown_key", name) for name in sorted(set(step) - _STEP_KEYS))
        if sum(name in step for name in ("say", "ask", "breathe")) != 1:
            yield key, "not_one_thing", ""
        yield from _said_defects(key, step)
        yield from _target_defects(key, step, ids, number)
        rest = step.get("rest", 0)
        if not isinstance(rest, (int, float)) or not 0 <= rest <= LONGEST_REST:
            yield key, "wrong_rest", str(rest)
        if "breathe" in step:
            yield from _breath_defects(key, step["breathe"])
    for name in sorted({one for one in ids if one and ids.count(one) > 1}):
        yield name, "duplicate", name


def _said_defects(key: str, step: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in ("say", "ask", "again"):
        if name in step:
            yield from _text_defects(f"{key}.{name}", step[name])
    if "?" in str(step.get("say", "")):
        yield key, "stray_question", ""
    if "ask" in step and not str(step["ask"]).rstrip().endswith("?"):
        yield key, "no_question", ""
    if "keep" in step and step["keep"] not in set(Slot):
        yield key, "unknown_value", str(step["keep"])
    if "choices" in step and ("ask" not in step or step.get("keep") != Slot.WHAT):
        yield key, "stray_choices", ""


def _target_defects(key: str, step: Mapping[str, Any], ids: list[str], number: int) -> Iterator[tuple[str, str, str]]:
    """Steps lead forward only, so that every activity ends."""
    for name in ("yes", "no", "silent", "goto"):
        target = step.get(name)
        if target is None or target == END:
            continue
        if target not in ids:
            yield key, "unknown_step", str(target)
        elif ids.index(str(target)) < number:
            yield key, "leads_back", str(target)


def _breath_defects(key: str, breath: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(breath, Mapping) or set(breath) - _BREATH_KEYS or not {"times", "in", "out"} <= set(breath):
        yield key, "wrong_breath", ""
        return
    times, seconds = breath["times"], [breath["in"], breath["out"], breath.get("hold", 0)]
    if not isinstance(times, int) or not 1 <= times <= 10:  # noqa: PLR2004 - more makes dizzy
        yield key, "wrong_breath", str(times)
    if not all(isinstance(one, (int, float)) and 0 <= one <= 8 for one in seconds):  # noqa: PLR2004 - slow, not long
        yield key, "wrong_breath", str(seconds)


def _name_defects(table: Mapping[str, Any], steps: list[Any]) -> Iterator[tuple[str, str, str]]:
    """What may be agreed on is named so that it can be asked about: 볕 쬐기로 하셨지요."""
    told = [step for step in steps if isinstance(step, Mapping)]
    if not any(step.get("keep") == Slot.WHEN for step in told):
        return
    names = [str(table.get("title", "")), *(str(one) for step in told for one in step.get("choices", ()))]
    yield from (("title", "no_deed", name) for name in names if not name.endswith(_DEED))


def _missing_contraindications(table: Mapping[str, Any], steps: list[Any]) -> Iterator[tuple[str, str, str]]:
    named = set(table.get("not_with", []))
    needed = set(_NEEDED.get(Kind(table["kind"]), frozenset()) if table.get("kind") in set(Kind) else frozenset())
    if any(isinstance(step, Mapping) and dict(step.get("breathe") or {}).get("hold") for step in steps):
        needed |= _HOLDING
    for missing in sorted(needed - named):
        yield "not_with", "missing_contraindication", str(missing)


def _script(table: Mapping[str, Any]) -> Script:
    source = table["source"]
    return Script(
        id=table["id"],
        title=table["title"],
        kind=Kind(table["kind"]),
        version=table["version"],
        minutes=table["minutes"],
        offer=tuple(table["offer"]),
        close=table["close"],
        steps=tuple(_step(number, step) for number, step in enumerate(table["step"], 1)),
        source=Source(source["technique"], source["citation"], source["limits"]),
        not_with=frozenset(Condition(one) for one in table.get("not_with", ())),
        feelings=frozenset(table.get("feelings", ())),
        topics=frozenset(table.get("topics", ())),
        parts=frozenset(table.get("parts", ())),
    )


def _step(number: int, step: Mapping[str, Any]) -> Step:
    breath = step.get("breathe")
    return Step(
        id=str(step.get("id", f"step {number}")),
        say=step.get("say", ""),
        ask=step.get("ask", ""),
        breathing=None
        if breath is None
        else Breathing(breath["times"], breath["in"], breath["out"], breath.get("hold", 0.0)),
        rest_seconds=float(step.get("rest", 0.0)),
        keep=Slot(step["keep"]) if "keep" in step else None,
        choices=tuple(step.get("choices", ())),
        again=step.get("again", ""),
        yes=step.get("yes", ""),
        no=step.get("no", ""),
        silent=step.get("silent", ""),
        goto=step.get("goto", ""),
    )
