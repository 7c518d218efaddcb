"""Hangul as it sounds to phones of the embedded voice.

Every choice of a symbol is in the table (``prompts/speech/phones.toml``); here is only what stands beside what. Takes
text that ``Pronouncer`` made, but never raises on any other: a coda that it would have simplified is simplified here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

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
    parts = ("vowels", "onsets", "voiced", "palatal", "lateral", "codas", "before_i")
    spelled = "".join("".join(table[part].values()) for part in parts)
    otherwise = "".join(entry.get("onset", "") + entry.get("vowel", "") for entry in table["otherwise"])
    return frozenset(spelled + otherwise + table["choices"]["kept"])


class Spelled(NamedTuple):
    """The phones of one character: of a syllable, or of a space or a mark, which have an onset only."""

    onset: str
    vowel: str = ""
    coda: str = ""


def phones(pronounced: str, table: Mapping[str, Any]) -> str:
    """Return the phones of ``pronounced``, its spaces and punctuation kept; see ``spelled``."""
    return "".join("".join(said) for said in spelled(pronounced, table))


def spelled(pronounced: str, table: Mapping[str, Any]) -> list[Spelled]:
    """Return the phones of each character of ``pronounced``.

    Characters that are neither Hangul syllables nor listed in the table as kept have none. At a space the voice does
    not pause, yet the stops that the table names are voiceless where a word begins; at any other character it pauses.

    Args:
        pronounced: Hangul as it sounds, spaces and punctuation.
        table: ``prompts/speech/phones.toml``, parsed.
    """
    kept = table["choices"]["kept"]
    said: list[Spelled] = []
    before: Syllable | None = None
    begins = True
    for character in pronounced:
        if is_syllable(character):
            syllable = _simplified(character)
            begun = begins and syllable.onset in table["choices"]["voiceless_after_space"]
            onset = _fronted(_onset(syllable, None if begun else before, table), syllable, table)
            said.append(Spelled(onset, _vowel(syllable, onset, table), table["codas"].get(syllable.coda, "")))
            before, begins = syllable, False
        else:
            said.append(Spelled(character if character in kept else ""))
            before, begins = before if character.isspace() else None, True
    for entry in table["otherwise"]:
        for place in re.finditer(entry["where"], pronounced):
            one = said[place.start()]
            said[place.start()] = one._replace(**{part: entry[part] for part in ("onset", "vowel") if part in entry})
    return said


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


def _fronted(onset: str, syllable: Syllable, table: Mapping[str, Any]) -> str:
    """Return the phone of an onset as the vowel after it colours it."""
    if syllable.vowel in I_VOWELS:
        return str(table["before_i"].get(onset, onset))
    return onset


def _vowel(syllable: Syllable, onset: str, table: Mapping[str, Any]) -> str:
    vowel = str(table["vowels"][syllable.vowel])
    holds_glide = onset != "" and onset[-1] in table["choices"]["glide_within"]
    if holds_glide or syllable.onset in table["choices"]["no_glide_after"]:
        return vowel.removeprefix(_GLIDE)
    return vowel
