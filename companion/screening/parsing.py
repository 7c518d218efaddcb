"""Turns the table of an instrument file into an ``Instrument``, and says everything that is wrong with it at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.reading import Expression
from companion.errors import PromptError
from companion.screening.checks import whole_problems
from companion.screening.instrument import (
    Algorithm,
    Band,
    CutOff,
    Frame,
    Instrument,
    Item,
    Option,
    ReliableChange,
    Scale,
    ScaleKind,
    Scoring,
    Signs,
    Subscale,
)
from companion.screening.problem import Problem, Table

_ITEM_SLOT: Final = "{item}"
_OURS: Final = frozenset(
    {
        "frame",
        "present",
        "present_text",
        "absent",
        "absent_text",
        "short",
        "window",
        "denial_is_ambiguous",
        "asks_often",
    }
)
"""Fields that are no clinical content: frames and recognition. They do not change the digest."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """An instrument, or what is wrong with it."""

    instrument: Instrument | None
    """None exactly if there are problems."""
    problems: tuple[Problem, ...]


def load_instrument(file: str, table: Mapping[str, Any]) -> Instrument:
    """Return the instrument of a file.

    Raises:
        PromptError: The first problem, with the number of all.
    """
    parsed = parse_instrument(file, table)
    if parsed.instrument is None:
        first = parsed.problems[0]
        raise PromptError(first.message, file=file, entry=first.key, detail=first.detail, count=len(parsed.problems))
    return parsed.instrument


def parse_instrument(file: str, table: Mapping[str, Any]) -> Parsed:
    """Return the instrument of a parsed file, or every problem of it."""
    problems: list[Problem] = []
    root = Table(table, "", problems, file)
    scales = _scales(root)
    items = _items(root, scales)
    instrument = Instrument(
        id=root.text("id"),
        version=root.text("version"),
        language=root.text("language"),
        title=root.text("title"),
        source=root.text("source"),
        confidence=root.text("confidence"),
        licence=root.text("licence"),
        attribution=root.text("attribution"),
        stem=root.text("stem"),
        window=root.text("window"),
        window_days=root.whole("window_days"),
        least_days_between=root.whole("least_days_between"),
        panel_code=root.text("panel_code"),
        total_code=root.text("total_code"),
        total_range=root.pair("total_range") or (0, 0),
        frame=_frame(root),
        items=items,
        scoring=_scoring(root),
        bands=tuple(map(_band, root.tables("band"))),
        cutoffs=tuple(map(_cutoff, root.tables("cutoff"))),
        subscales=tuple(map(_subscale, root.tables("subscale"))),
        algorithm=_algorithm(root),
        reliable_change=_reliable_change(root),
        digest=clinical_digest(table),
    )
    root.day("verified_on")
    root.text("least_days_source")
    count = root.whole("item_count")
    root.finish()
    problems += whole_problems(file, instrument, count)
    return Parsed(None if problems else instrument, tuple(problems))


def clinical_digest(table: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an instrument file's clinical content, in hexadecimal, whatever the order of its fields."""
    content = json.dumps(_clinical(table), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def _clinical(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _clinical(inner) for name, inner in value.items() if name not in _OURS}
    if isinstance(value, list):
        return [_clinical(inner) for inner in value]
    return value


def _scales(root: Table) -> dict[str, Scale]:
    found: dict[str, Scale] = {}
    scales = root.table("scale")
    for name in scales.names() if scales is not None else ():
        table = scales.table(name) if scales is not None else None
        if table is None:
            continue
        kind = table.text("kind")
        if kind not in set(ScaleKind):
            table.note("kind", "unknown_scale_kind", kind)
            kind = ScaleKind.FREQUENCY
        found[name] = Scale(
            name=name,
            kind=ScaleKind(kind),
            options=tuple(map(_option, table.tables("option"))),
            confirm_days=frozenset(table.wholes("confirm_days")),
            days_source=table.text("days_source", default=""),
        )
        table.finish()
    return found


def _option(table: Table) -> Option:
    option = Option(
        id=table.text("id"),
        text=table.text("text"),
        short=table.text("short"),
        score=table.whole("score"),
        code=table.text("code"),
        days=table.pair("days"),
    )
    table.finish()
    return option


def _items(root: Table, scales: Mapping[str, Scale]) -> tuple[Item, ...]:
    found = []
    for number, table in enumerate(root.tables("item"), start=1):
        name = table.text("scale")
        scale = scales.get(name)
        if scale is None:
            table.note("scale", "unknown_scale", name)
            scale = Scale(name, ScaleKind.FREQUENCY, ())
        found.append(
            Item(
                id=table.text("id"),
                number=number,
                text=table.text("text"),
                code=table.text("code"),
                scale=scale,
                reversed=table.flag("reversed"),
                scored=table.flag("scored") if table.has("scored") else True,
                critical=table.flag("critical"),
                asked_if_any_score=table.flag("asked_if_any_score"),
                denial_is_ambiguous=table.flag("denial_is_ambiguous"),
                asks_often=table.flag("asks_often"),
                about_others=table.flag("about_others"),
                present=_signs(table, "present"),
                absent=_signs(table, "absent"),
            )
        )
        table.finish()
    return tuple(found)


def _signs(table: Table, name: str) -> Signs:
    return Signs(
        expressions=tuple(_expressions(table, name)),
        patterns=tuple(_patterns(table, f"{name}_text")),
    )


def _expressions(table: Table, name: str) -> Iterable[Expression]:
    for source in table.texts(name):
        try:
            yield Expression.parse(source)
        except ValueError:
            table.note(name, "broken_expression", source)


def _patterns(table: Table, name: str) -> Iterable[str]:
    for source in table.texts(name):
        try:
            re.compile(source)
        except re.error:
            table.note(name, "broken_pattern", source)
        else:
            yield source


def _frame(root: Table) -> Frame:
    table = root.table("frame")
    if table is None:
        return Frame("", "", "", "")
    frame = Frame(table.text("introduction"), table.text("first"), table.text("next"), table.text("last"))
    for name in ("first", "next", "last"):
        if getattr(frame, name).count(_ITEM_SLOT) != 1:
            table.note(name, "no_item_slot")
    table.finish()
    return frame


def _scoring(root: Table) -> Scoring:
    table = root.table("scoring")
    if table is None:
        return Scoring(0, "", "", ())
    if table.text("missing") != "prorate":
        table.note("missing", "unknown_missing_rule")
    scoring = Scoring(
        most_missing=table.whole("most_missing"),
        source=table.text("missing_source"),
        confidence=table.text("missing_confidence"),
        required=table.texts("required"),
    )
    table.text("required_source", default="" if not scoring.required else None)
    table.finish()
    return scoring


def _band(table: Table) -> Band:
    band = Band(
        table.whole("from"), table.whole("to"), table.text("label"), table.text("source"), table.text("confidence")
    )
    table.finish()
    return band


def _cutoff(table: Table) -> CutOff:
    cutoff = CutOff(
        id=table.text("id"),
        at_least=table.whole("at_least"),
        label=table.text("label"),
        population=table.text("population"),
        source=table.text("source"),
        confidence=table.text("confidence"),
    )
    table.finish()
    return cutoff


def _subscale(table: Table) -> Subscale:
    is_gate = table.has("gate_at_least")
    subscale = Subscale(
        id=table.text("id"),
        title=table.text("title"),
        items=table.texts("items"),
        panel_code=table.text("panel_code", default=""),
        total_code=table.text("total_code", default=""),
        gate_at_least=table.whole("gate_at_least") if is_gate else None,
        gate_source=table.text("gate_source", default=None if is_gate else ""),
        gate_confidence=table.text("gate_confidence", default=None if is_gate else ""),
    )
    table.finish()
    return subscale


def _algorithm(root: Table) -> Algorithm | None:
    table = root.table("algorithm", needed=False)
    if table is None:
        return None
    algorithm = Algorithm(
        at_least=table.whole("at_least"),
        at_least_one=frozenset(table.texts("at_least_one")),
        core=frozenset(table.texts("core")),
        most_symptoms=table.whole("most_symptoms"),
        some_symptoms=table.whole("some_symptoms"),
        source=table.text("source"),
        confidence=table.text("confidence"),
    )
    table.finish()
    return algorithm


def _reliable_change(root: Table) -> ReliableChange | None:
    table = root.table("reliable_change", needed=False)
    if table is None:
        return None
    change = ReliableChange(
        sd=table.number("sd"),
        retest=table.number("retest"),
        population=table.text("population"),
        source=table.text("source"),
    )
    table.finish()
    return change
