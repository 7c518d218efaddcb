"""A reply taken apart for the checks: its sentences, its questions, the particles in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from companion.core.hangul import decompose, is_syllable
from companion.evaluation.lives.standard import Particles, Polite

_SENTENCE: Final = re.compile(r"[^.?!…]+[.?!…]*")
_LETTERS: Final = re.compile(r"[^0-9A-Za-z가-힣]+")
_WORD: Final = re.compile(r"[가-힣]+")
_BROKEN: Final = re.compile(r"[{}<>|_]|None|  |\.\.|,,|\?\.|\s[.,?!]|[A-Za-z]{2,}")
_JONGSEONG: Final = ("은", "이", "을", "과", "아")
_OPEN: Final = ("는", "가", "를", "와", "야")
_SMOOTH: Final = "ㄹ"


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences with what ends them."""
    return tuple(one.strip() for one in _SENTENCE.findall(text) if _LETTERS.sub("", one))


def questions(text: str) -> tuple[str, ...]:
    """Return the sentences that ask something."""
    return tuple(one for one in sentences(text) if "?" in one)


def plain(text: str) -> str:
    """Return the letters and digits alone, by which two replies are the same."""
    return _LETTERS.sub("", text)


def broken(text: str) -> str:
    """Return what no voice can say: an unfilled slot, a doubled mark, foreign letters; empty for nothing."""
    found = _BROKEN.search(text)
    return found[0].strip() or "blank" if found else ""


def impolite(text: str, polite: Polite, names: tuple[str, ...]) -> str:
    """Return the first sentence that does not end politely, whoever is called behind it; empty for none."""
    for sentence in sentences(polite.quoted.sub("", text)):
        clause = sentence.strip(" .?!…,~")
        for name in names:
            clause = clause.removesuffix(name).rstrip(" ,")
        whole = all(polite.whole.match(part.strip()) for part in clause.split(","))
        if clause and not polite.ending.search(clause) and not whole:
            return sentence
    return ""


def wrong_particles(text: str, particles: Particles, names: tuple[str, ...]) -> Iterator[str]:
    """Yield words whose particle does not fit the syllable before it."""
    for name in names:
        if name and (found := re.search(rf"{re.escape(name)}([{''.join(_misfits(name))}])(?![가-힣])", text)):
            yield found[0]
    for word in _WORD.findall(text):
        if any(word.endswith(one) for one in particles.unless):
            continue
        if any(_follows(word, one, coda=True) for one in particles.after_consonant) or any(
            _follows(word, one, coda=False) for one in particles.after_vowel
        ):
            yield word


def _misfits(name: str) -> tuple[str, ...]:
    last = name[-1]
    return _OPEN if is_syllable(last) and decompose(last).coda else _JONGSEONG


def _follows(word: str, particle: str, *, coda: bool) -> bool:
    """Whether a word ends with a particle behind a syllable with, or without, a final consonant."""
    if not word.endswith(particle) or len(word) == len(particle):
        return False
    before = word[-len(particle) - 1]
    if not is_syllable(before):
        return False
    found = decompose(before).coda
    return bool(found) is coda or (particle == "으로" and found == _SMOOTH)
