"""Hangul as it sounds to phones of the embedded voice.

Every choice of a symbol is in the table (``prompts/speech/phones.toml``); here is only what stands beside what. Takes
text that ``Pronouncer`` made, but never raises on any other: a coda that it would have simplified is simplified here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from companion.core.hangul import Syllable, decompose, is_syllable
from companion.core.pronunciation.sounds import I_VOWELS, neutral

_PALATALISING: Final = (*I_VOWELS, "ㅟ")
_VOICED_CODAS: Final = ("", "ㄴ", "ㄹ", "ㅁ", "ㅇ")
_GLIDE: Final = "j"


def bare_table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of bare phones: ``table`` with what its ``bare`` part says in place of the measured choices.

    An empty part there empties the part here.
    """
    changed = {part: {**table[part], **over} if over else {} for part, over in table["bare"].items()}
    return {**table, **changed}


def symbols(table: Mapping[str, Any]) -> frozenset[str]:
    """Return every symbol that ``phones`` can put out with this table."""
    parts = ("vowels", "onsets", "voiced", "palatal", "lateral", "codas")
    spelled = "".join("".join(table[part].values()) for part in parts)
    return frozenset(spelled + table["choices"]["kept"])


def phones(pronounced: str, table: Mapping[str, Any]) -> str:
    """Return the phones of ``pronounced``, its spaces and punctuation kept.

    Characters that are neither Hangul syllables nor listed in the table as kept are left out. A space is no pause:
    stops are voiced across it; at any other character the voice pauses.

    Args:
        pronounced: Hangul as it sounds, spaces and punctuation.
        table: ``prompts/speech/phones.toml``, parsed.
    """
    kept = table["choices"]["kept"]
    said: list[str] = []
    before: Syllable | None = None
    for character in pronounced:
        if is_syllable(character):
            syllable = _simplified(character)
            said.append(
                _onset(syllable, before, table) + _vowel(syllable, table) + table["codas"].get(syllable.coda, "")
            )
            before = syllable
        else:
            said.append(character if character in kept else "")
            before = before if character.isspace() else None
    return "".join(said)


def _simplified(character: str) -> Syllable:
    syllable = decompose(character)
    return syllable._replace(coda=neutral(syllable.coda))


def _onset(syllable: Syllable, before: Syllable | None, table: Mapping[str, Any]) -> str:
    onset = syllable.onset
    if before is not None and before.coda == "ㄹ" and onset in table["lateral"]:
        return str(table["lateral"][onset])
    if before is not None and before.coda in _VOICED_CODAS and onset in table["voiced"]:
        return str(table["voiced"][onset])
    if onset in table["palatal"] and syllable.vowel in _PALATALISING:
        return str(table["palatal"][onset])
    return str(table["onsets"][onset])


def _vowel(syllable: Syllable, table: Mapping[str, Any]) -> str:
    vowel = str(table["vowels"][syllable.vowel])
    if syllable.onset in table["choices"]["no_glide_after"]:
        return vowel.removeprefix(_GLIDE)
    return vowel
