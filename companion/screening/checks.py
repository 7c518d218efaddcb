"""What must be true of an instrument as a whole: order, completeness, codes, ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from companion.screening.instrument import Instrument, Item, Scale, ScaleKind
from companion.screening.problem import Problem

_YES_AND_NO = ["yes", "no"]


def whole_problems(file: str, instrument: Instrument, item_count: int) -> Iterator[Problem]:
    """Yield what is wrong with the instrument as a whole; fields are judged when they are read."""
    for key, message, detail in (
        *_items(instrument, item_count),
        *_scales(instrument),
        *_references(instrument),
        *_ranges(instrument),
    ):
        yield Problem(file, key, f"instruments.{message}", detail)


_Found = Iterator[tuple[str, str, str]]


def _items(instrument: Instrument, item_count: int) -> _Found:
    if len(instrument.scored) != item_count:
        yield "item", "wrong_count", f"{len(instrument.scored)}/{item_count}"
    for name in _repeated(item.id for item in instrument.items):
        yield "item", "duplicate_id", name
    for code in _repeated(item.code for item in instrument.items if item.code):
        yield "item", "duplicate_code", code
    for number, item in enumerate(instrument.scored, start=1):
        if item.id != f"{instrument.id}.{number}":
            yield f"item.{item.number}.id", "wrong_order", item.id
    ended = False
    for item in instrument.items:
        if item.scored and ended:
            yield f"item.{item.number}", "scored_after_unscored", item.id
        ended = ended or not item.scored
        if item.reversed and item.scale.kind is not ScaleKind.POLAR:
            yield f"item.{item.number}.reversed", "reversed_scale", item.id


def _scales(instrument: Instrument) -> _Found:
    scales = {item.scale.name: item.scale for item in instrument.items}
    for scale in scales.values():
        where = f"scale.{scale.name}"
        for name in _repeated(option.id for option in scale.options):
            yield where, "duplicate_id", name
        for code in _repeated(option.code for option in scale.options):
            yield where, "duplicate_code", code
        yield from _options(where, scale, instrument.window_days)


def _options(where: str, scale: Scale, window_days: int) -> _Found:
    if scale.kind is ScaleKind.POLAR:
        if [option.id for option in scale.options] != _YES_AND_NO:
            yield where, "missing_option", "yes, no"
        return
    scores = [option.score for option in scale.options]
    if scores != sorted(set(scores)):
        yield where, "wrong_order", ", ".join(map(str, scores))
    highest = max(scores, default=0)
    for missing in sorted(set(range(max(highest, 1) + 1)) - set(scores)):
        yield where, "missing_option", str(missing)
    if scale.kind is ScaleKind.FREQUENCY:
        covered = [day for option in scale.options if option.days for day in range(option.days[0], option.days[1] + 1)]
        if covered != list(range(window_days + 1)):
            yield where, "days_not_covered", f"0-{window_days}"


def _references(instrument: Instrument) -> _Found:
    known = set(instrument.by_id)
    named = [("scoring.required", name) for name in instrument.scoring.required]
    named += [(f"subscale.{one.id}", name) for one in instrument.subscales for name in one.items]
    if instrument.algorithm is not None:
        named += [("algorithm", name) for name in (*instrument.algorithm.core, *instrument.algorithm.at_least_one)]
    for where, name in named:
        if name not in known:
            yield where, "unknown_item", name
    for critical in instrument.items:
        if critical.critical and critical.id not in instrument.scoring.required:
            yield "scoring.required", "critical_not_required", critical.id
    for one in instrument.subscales:
        if [instrument.items[index].id for index in range(min(len(one.items), len(instrument.items)))] != list(
            one.items
        ):
            yield f"subscale.{one.id}", "gate_not_first", ", ".join(one.items)


def _ranges(instrument: Instrument) -> _Found:
    low, high = instrument.total_range
    best = sum(_scores(item)[1] for item in instrument.scored)
    if (low, high) != (0, best):
        yield "total_range", "wrong_total_range", f"0-{best}"
    if instrument.bands:
        covered = [total for band in instrument.bands for total in range(band.lowest, band.highest + 1)]
        if covered != list(range(low, high + 1)):
            yield "band", "bands_not_covering", f"{low}-{high}"
    for name in _repeated(cutoff.id for cutoff in instrument.cutoffs):
        yield "cutoff", "duplicate_id", name
    for number, cutoff in enumerate(instrument.cutoffs, start=1):
        if not low < cutoff.at_least <= high:
            yield f"cutoff.{number}", "cutoff_out_of_range", str(cutoff.at_least)
    if not 0 <= instrument.scoring.most_missing < max(len(instrument.scored), 1):
        yield "scoring.most_missing", "wrong_range", str(instrument.scoring.most_missing)


def _scores(item: Item) -> tuple[int, int]:
    scores = [option.score for option in item.scale.options] or [0]
    return min(scores), max(scores)


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for name in names:
        if name in seen:
            twice[name] = None
        seen.add(name)
    return list(twice)
