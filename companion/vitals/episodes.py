"""Episodes of dangerous readings: one is asked about once, and not any more when it is over or long ago. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from companion.core.body import Reading
from companion.vitals.kinds import Quality
from companion.vitals.rules import Aloud, Finding, Meaning, Rules


def pressing(
    rules: Rules,
    readings: Sequence[Reading],
    own: Mapping[str, float],
    *,
    asked: Iterable[datetime],
    now: datetime,
    within: timedelta,
) -> Finding | None:
    """Return the dangerous reading that must be asked about now; None where there is none.

    The newest reading counts alone: a value that came back within the limits since then ends the danger.

    Args:
        rules: What is dangerous, and when it is spoken of.
        readings: Of one kind, at least since the oldest moment in ``asked``, in order of time.
        own: The doctor's limits for this person.
        asked: Moments of the dangerous readings that were asked about before.
        now: Aware.
        within: Age up to which it is asked about.
    """
    plausible = [one for one in readings if one.quality != Quality.IMPLAUSIBLE and one.at <= now + rules.aloud.ahead]
    if not plausible or now - plausible[-1].at > within:
        return None
    newest = _dangerous(rules, plausible[-1], own)
    if newest is None:
        return None
    last = max((at for at in asked if at <= newest.at), default=None)
    if last is None:
        return newest
    met = [(one.at, _dangerous(rules, one, own) is not None) for one in plausible if one.at >= last]
    return newest if _is_over(met, last, rules.aloud) else None


def _dangerous(rules: Rules, reading: Reading, own: Mapping[str, float]) -> Finding | None:
    found = rules.in_reading(reading, own)
    return found if found is not None and found.meaning is Meaning.URGENT else None


def _is_over(met: Iterable[tuple[datetime, bool]], began: datetime, aloud: Aloud) -> bool:
    """Return whether the episode that was asked about ended before the last of the readings.

    Args:
        met: Moments from then on, in order, and whether each is dangerous.
        began: When the reading was made that was asked about.
        aloud: What ends an episode.
    """
    last_dangerous = began
    for at, dangerous in met:
        gap = at - last_dangerous
        if gap >= (aloud.apart if dangerous else aloud.clear):
            return True
        last_dangerous = at if dangerous else last_dangerous
    return False
