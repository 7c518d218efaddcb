"""What ko-pii finds in its strictest mode: the only door to it. Everything that it would block leaves masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from companion.core.masking.found import Found, Kind

_KINDS: Final[Mapping[str, Kind]] = {
    "PERSON": Kind.NAME,
    "ADDRESS": Kind.PLACE,
    "EMAIL": Kind.CONTACT,
    "URL": Kind.CONTACT,
    "IP": Kind.CONTACT,
    "DT_BIRTH": Kind.BIRTH,
}
"""By label; every other label is of a number."""
_NOT_OURS: Final = frozenset({"NATIONALITY", "EDUCATION", "MAJOR", "POSITION", "AGE", "HEIGHT", "WEIGHT"})
"""Labels of what everybody may be: a height, a trade. They name nobody in a sentence by themselves."""


class KoPiiFinder:
    """``core.masking.found.IdentifierFinder``. Safe to share between threads: it keeps nothing."""

    def find(self, text: str) -> Sequence[Found]:
        """Return what the mode PARANOID would block."""
        from ko_pii import Action, ProcessingMode, detect_all
        from ko_pii.core.modes import policy_for

        policy = policy_for(ProcessingMode.PARANOID)
        return [
            Found(one.start, one.end, _KINDS.get(one.label, Kind.NUMBER))
            for one in detect_all(text)
            if one.label not in _NOT_OURS and policy.decide(one.risk_level, one.confidence) is Action.BLOCK
        ]
