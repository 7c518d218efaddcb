"""Which activity fits now, if any: by what the person feels, speaks of and did before, and never against their record.

Pure. Nothing is offered into danger, grief or a question that is open; nothing twice a day; nothing that was refused
lately. What helped before is offered rather than what did not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from companion.core.life import Activity, Memory, Outcome
from companion.core.turn import Feeling
from companion.dialogue.activities.script import Condition, Kind, Script

REFUSED_REST: Final = timedelta(days=10)
"""After a refusal the same is not offered again."""
KIND_REFUSED_REST: Final = timedelta(days=3)
SAME_AGAIN: Final = timedelta(days=5)
ONE_A_DAY: Final = timedelta(hours=12)
RECENT_LOSS: Final = timedelta(days=183)
RECENT_FALL: Final = timedelta(days=60)
_LONGING: Final = frozenset({Feeling.SADNESS, Feeling.LONGING, Feeling.PAIN})
"""Feelings to which somebody is listened, and nothing is proposed unless a script names them."""
_PLAIN: Final = frozenset({Feeling.WORRY, Feeling.ANGER, Feeling.LONELINESS})
"""Feelings for which an activity is reason enough; others need a topic beside them."""
_LASTING: Final = frozenset({Condition.LUNG_DISEASE, Condition.HEART_DISEASE, Condition.DEMENTIA})
_FEELING, _ANY_FEELING, _TOPIC, _PART = 3.0, 1.0, 2.0, 0.5
_HELPED: Final = 0.5
"""For each point that the mood rose before."""
_NEEDED: Final = 2.5
"""What a script must reach to be offered unasked."""


@dataclass(frozen=True, slots=True)
class Now:
    """What is so when something might be offered."""

    at: datetime
    feeling: str
    topic: str
    part: str
    """Part of the day: morning, day, evening, night."""
    conditions: frozenset[Condition]
    """What in the record speaks against activities."""


class Conditions:
    """Reads contraindications from what is remembered. Built from the part ``[conditions]`` of the words of activities.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._patterns = {
            Condition(name): re.compile("|".join(sources), re.IGNORECASE) for name, sources in table.items()
        }

    def of(self, memories: Iterable[Memory], now: datetime, *, dementia: bool = False) -> frozenset[Condition]:
        """Return what holds: illnesses as long as they are known, falls and losses while they are recent.

        Args:
            memories: All that stand.
            now: Aware.
            dementia: Whether it is in the record of the person.
        """
        found = {Condition.DEMENTIA} if dementia else set()
        for one in memories:
            if one.kind == "loss" and now - one.at < RECENT_LOSS:
                found.add(Condition.RECENT_LOSS)
            if one.kind != "health":
                continue
            for condition, pattern in self._patterns.items():
                recent = condition is not Condition.FALLS or now - one.at < RECENT_FALL
                if recent and pattern.search(f"{one.value} {one.fact} {one.sentence}"):
                    found.add(condition)
        return frozenset(found)

    def in_words(self, names: Sequence[str]) -> frozenset[Condition]:
        """Return the illnesses that are named in words, as a hospital wrote them; nothing that passes."""
        return frozenset(
            condition
            for condition, pattern in self._patterns.items()
            if condition in _LASTING and any(pattern.search(name) for name in names)
        )


def allowed(scripts: Iterable[Script], conditions: frozenset[Condition]) -> list[Script]:
    """Return the scripts that nothing in the record speaks against."""
    return [script for script in scripts if not script.not_with & conditions]


def fitting(scripts: Sequence[Script], now: Now, before: Sequence[Activity]) -> Script | None:
    """Return what may be offered unasked; None where nothing fits well enough.

    Law: what is returned names no contraindication that holds, was not refused within ``REFUSED_REST`` and not done
    within ``SAME_AGAIN``.
    """
    if any(now.at - one.at < ONE_A_DAY for one in before):
        return None
    scores = {
        script.id: (_score(script, now, before), script)
        for script in allowed(scripts, now.conditions)
        if _is_rested(script, now.at, before, scripts) and _suits(script, now)
    }
    best = max(scores.values(), key=lambda pair: (pair[0], -_times(pair[1], before), pair[1].id), default=None)
    return best[1] if best is not None and best[0] >= _NEEDED else None


def of_kind(scripts: Sequence[Script], kind: Kind | None, now: Now, before: Sequence[Activity]) -> Script | None:
    """Return what fits best where the person asked for an activity, of one kind or of any; the record still counts."""
    wanted = [script for script in allowed(scripts, now.conditions) if kind is None or script.kind is kind]
    return max(
        wanted,
        key=lambda script: (
            not script.parts or now.part in script.parts,
            -_times(script, before),
            _score(script, now, before),
        ),
        default=None,
    )


def _suits(script: Script, now: Now) -> bool:
    if script.parts and now.part not in script.parts:
        return False
    if now.feeling in _LONGING:
        return now.feeling in script.feelings
    return not script.feelings or now.feeling in script.feelings


def _is_rested(script: Script, at: datetime, before: Sequence[Activity], scripts: Sequence[Script]) -> bool:
    kinds = {one.id: one.kind for one in scripts}
    for one in before:
        ago = at - one.at
        refused = one.outcome in {Outcome.REFUSED, Outcome.STOPPED}
        if one.script == script.id and ago < (REFUSED_REST if refused else SAME_AGAIN):
            return False
        if refused and kinds.get(one.script) is script.kind and ago < KIND_REFUSED_REST:
            return False
    return True


def _score(script: Script, now: Now, before: Sequence[Activity]) -> float:
    heavy = now.feeling != Feeling.NEUTRAL and now.feeling in script.feelings
    effects = [
        one.mood_after - one.mood_before
        for one in before
        if one.script == script.id and one.mood_after is not None and one.mood_before is not None
    ]
    helped = _HELPED * sum(effects) / len(effects) if effects else 0.0
    named = now.topic in script.topics
    felt = heavy * (_FEELING if now.feeling in _PLAIN else _ANY_FEELING)
    return felt + _TOPIC * named + _PART * bool(script.parts) + helped


def _times(script: Script, before: Sequence[Activity]) -> int:
    return sum(one.script == script.id for one in before)
