"""Before and after reading: one form for each character, and tidy blanks and punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_TILDES: Final = dict.fromkeys(map(ord, "∼〜～˜"), "~")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒−－"), "-")
_DOTS: Final = dict.fromkeys(map(ord, "‧∙・･•"), "·")
_OTHER: Final = {ord("⁄"): "/", ord("："): ":", ord("⋯"): "…", ord("\t"): " ", ord("\r"): "\n"}
_SIGNS: Final = _TILDES | _DASHES | _DOTS | _OTHER
_ROMAN: Final = {0x2160 + index: str(index + 1) for index in range(12)} | {
    0x2170 + index: str(index + 1) for index in range(12)
}
_HANGUL: Final = re.compile(r"[가-힣]$")
_KEPT_AS_IS: Final = re.compile(r"[가-힣ㄱ-ㆎ…·ㆍ]")
_OLD_SYLLABLE: Final = r"[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]+[\u11a8-\u11ff\ud7cb-\ud7fb]*"
_CLUSTER: Final = re.compile(rf"({_OLD_SYLLABLE})|.[\u0300-\u036f\u11a8-\u11ff\u3099\u309a]*", re.DOTALL)
_BARE_LATIN: Final = re.compile(r"[A-Za-z]")

_MULTIPLE_DOTS: Final = re.compile(r"\.(?:\s*\.)+|\.*…[.…\s]*(?=[…])|…(?:\s*…)+|…\s*\.+")
_SPACED_MARK: Final = re.compile(r"\s+(?=[,.?!…])")
_MARKS_TOGETHER: Final = re.compile(r"[,.?!…](?:\s*[,.?!…])+")
_CLOSE_MARK: Final = re.compile(r"([,.?!…])(?=[가-힣~])")
_BLANKS: Final = re.compile(r"\s+")
_WAVES: Final = re.compile(r"~(?:\s*~)+")
_LEADING: Final = re.compile(r"^[\s,]+")
_STRENGTH: Final = "?!….,"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text with one form for each character, and where each came from."""

    text: str
    origins: tuple[int, ...]
    """For each character of ``text`` its index in the original, rising; then the length of the original."""


def clean(text: str, old_jamo: dict[int, str]) -> Cleaned:
    """Return ``text`` in NFC with one form for each digit, letter and sign, and without control characters.

    Full-width and circled forms become plain ones, digits of other scripts ASCII digits, accents are taken off Latin
    letters, old Hangul syllables become the nearest of today (by ``old_jamo``, code point to jamo).
    """
    plain: list[str] = []
    origins: list[int] = []
    for match in _CLUSTER.finditer(text):
        whole = match[0]
        if not _HANGUL.match(whole):
            whole = unicodedata.normalize("NFC", whole.translate(old_jamo) if match[1] else whole)
            whole = "".join(_plain(character) for character in whole).translate(_SIGNS)
            if "/" in whole and whole != "/" and plain and plain[-1][-1:].isdigit():
                whole = f" {whole}"
        plain.append(whole)
        origins.extend([match.start()] * len(whole))
    return Cleaned("".join(plain), (*origins, len(text)))


def _plain(character: str) -> str:
    if _KEPT_AS_IS.match(character) or character == "\n" or (character.isascii() and character.isprintable()):
        return character
    code = ord(character)
    if code in _ROMAN or code in _SIGNS:
        return _ROMAN.get(code) or _SIGNS[code]
    digit = unicodedata.decimal(character, None)
    return _folded(character) if digit is None else str(digit)


def _folded(character: str) -> str:
    """Take blanks for blanks, leave out what is no character of its own, and take off width, circles and accents."""
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    if category in {"Cc", "Cf", "Cs", "Mn", "Me", "Mc"}:
        return ""
    folded = unicodedata.normalize("NFKC", character)
    base = unicodedata.normalize("NFKD", character)[:1]
    if _BARE_LATIN.match(base) and len(folded) == 1:
        return base
    return folded if _is_plain(folded) else character


def _is_plain(folded: str) -> bool:
    """Whether a compatibility form stands for what the readers know: ㎏ and ① do, half-width jamo do not."""
    return all(letter.isascii() or _KEPT_AS_IS.match(letter) or letter in "°μ⁄" for letter in folded)


def tidy(spoken: str) -> str:
    """Return ``spoken`` with one blank between words and one mark between clauses, none before the first word.

    Law: ``tidy(tidy(s)) == tidy(s)``.
    """
    text = _MULTIPLE_DOTS.sub("…", _BLANKS.sub(" ", spoken))
    text = _MARKS_TOGETHER.sub(_strongest, _SPACED_MARK.sub("", text))
    text = _CLOSE_MARK.sub(r"\1 ", _WAVES.sub("~", text))
    return _LEADING.sub("", _BLANKS.sub(" ", text)).rstrip(" ,") if text.strip(" ,") else ""


def _strongest(match: re.Match[str]) -> str:
    return min((letter for letter in match[0] if letter != " "), key=_STRENGTH.index)
