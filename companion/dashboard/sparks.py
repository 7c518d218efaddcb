"""Small lines of blocks: eight weeks of mood, the last totals. Pure; a gap is a blank, never a low value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from companion.core.board import ScorePoint
from companion.core.overview import WeekOfMood

_BLOCKS: Final = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float | None], *, lowest: float, highest: float) -> str:
    """Return one character for each value.

    Args:
        values: None is a gap.
        lowest: Of what can be; shown as the smallest block.
        highest: Of what can be, above ``lowest``.
    """
    return "".join(" " if one is None else _block((one - lowest) / (highest - lowest)) for one in values)


def of_moods(weeks: Sequence[WeekOfMood]) -> str:
    """Return the weeks of a person: high is bright."""
    return spark([week.balance for week in weeks], lowest=-1, highest=1)


def of_totals(points: Sequence[ScorePoint]) -> str:
    """Return the last totals in figures, the newest last: 12→15."""
    return "→".join(str(one.total) for one in points[-2:])


def _block(share: float) -> str:
    return _BLOCKS[min(max(int(share * len(_BLOCKS)), 0), len(_BLOCKS) - 1)]
