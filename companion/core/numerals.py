"""Korean numerals: read aloud three ways, and read back.

Sino (일, 이, 삼) for amounts and dates, native (한, 두, 세) for things counted by hand, digit by digit (일공구) for
telephone numbers. Knows numbers only: which way a number is read in a sentence is for ``core.speakable``.

Laws: ``parse_spoken_number(read_sino(n)) == n`` for 0 <= n < 10**16; the same for ``read_native`` (1 to 99, either
form) and for ``read_digits(str(n))``.
"""

from __future__ import annotations

from typing import Final

SINO_LIMIT: Final = 10**16
"""Numbers from here on are read digit by digit."""
NATIVE_LIMIT: Final = 99

_SINO: Final = "영일이삼사오육칠팔구"
_SPOKEN_DIGITS: Final = "공일이삼사오육칠팔구"
_SMALL: Final = ("", "십", "백", "천")
_LARGE: Final = ("", "만", "억", "조")
_ONES: Final = ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")
_ONES_COUNTING: Final = ("", "한", "두", "세", "네", *_ONES[5:])
_TENS: Final = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_TWENTY_COUNTING: Final = "스무"
_TWENTY: Final = 20

_DIGIT_VALUE: Final = {word: value for value, word in enumerate(_SPOKEN_DIGITS)} | {"영": 0, "륙": 6}
_SMALL_VALUE: Final = {"십": 10, "백": 100, "천": 1000}
_LARGE_VALUE: Final = {"만": 10**4, "억": 10**8, "조": 10**12}
_MYRIAD: Final = 10_000
_HUNDRED: Final = 100


def _read_myriad(number: int) -> str:
    """Read 1 to 9999; the one before 십, 백, 천 is silent."""
    spoken = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            spoken += (_SINO[digit] if digit > 1 or place == 0 else "") + _SMALL[place]
    return spoken


def read_sino(number: int) -> str:
    """Return the Sino-Korean reading, one word: 12000 is 만이천, 0 is 영.

    Raises:
        ValueError: Negative, or not below ``SINO_LIMIT``.
    """
    if not 0 <= number < SINO_LIMIT:
        raise ValueError("outside the Sino-Korean range")
    if number == 0:
        return _SINO[0]
    spoken = ""
    for place, scale in reversed(tuple(enumerate(_LARGE))):
        group = number // _MYRIAD**place % _MYRIAD
        if group:
            leads = group == 1 and scale == _LARGE[1] and not spoken
            spoken += ("" if leads else _read_myriad(group)) + scale
    return spoken


def read_native(number: int, *, before_counter: bool = True) -> str:
    """Return the native reading of 1 to 99: 스무 (살), 세 (개); without a counter 스물, 셋.

    Raises:
        ValueError: Outside 1 to 99: there is no native word.
    """
    if not 1 <= number <= NATIVE_LIMIT:
        raise ValueError("outside the native range")
    if before_counter and number == _TWENTY:
        return _TWENTY_COUNTING
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (_ONES_COUNTING if before_counter else _ONES)[ones]


def read_digits(digits: str) -> str:
    """Return digits one by one, zero as 공: "109" is 일공구.

    Raises:
        ValueError: Something in it is no ASCII digit.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("not digits")
    return "".join(_SPOKEN_DIGITS[int(digit)] for digit in digits)


def read_decimals(digits: str) -> str:
    """Return digits after a decimal point one by one, zero as 영: "05" is 영오."""
    return "".join(_SINO[int(digit)] for digit in digits)


def _parse_digits(text: str) -> int | None:
    if not all(letter in _DIGIT_VALUE for letter in text):
        return None
    return int("".join(str(_DIGIT_VALUE[letter]) for letter in text))


def _parse_native(text: str) -> int | None:
    if text == _TWENTY_COUNTING:
        return _TWENTY
    for tens, word in reversed(tuple(enumerate(_TENS))):
        if not text.startswith(word):
            continue
        rest = text[len(word) :]
        for ones in (_ONES, _ONES_COUNTING):
            if rest in ones and (tens or rest):
                return tens * 10 + ones.index(rest)
        return None
    return None


def _parse_myriad(text: str) -> int | None:
    """Parse 1 to 9999; places must fall, and what follows the hundreds may be native (백스물다섯)."""
    total, digit, ceiling = 0, 0, _MYRIAD
    for index, letter in enumerate(text):
        if letter in _SMALL_VALUE:
            scale = _SMALL_VALUE[letter]
            if scale >= ceiling:
                return None
            total, digit, ceiling = total + (digit or 1) * scale, 0, scale
        elif letter in _DIGIT_VALUE and _DIGIT_VALUE[letter] and not digit:
            digit = _DIGIT_VALUE[letter]
        else:
            native = _parse_native(text[index:])
            return total + native if native and not digit and ceiling >= _HUNDRED else None
    return total + digit if text else None


def _parse_sino(text: str) -> int | None:
    total, ceiling, start = 0, SINO_LIMIT, 0
    for index, letter in enumerate(text):
        if letter not in _LARGE_VALUE:
            continue
        scale = _LARGE_VALUE[letter]
        group = _parse_myriad(text[start:index]) if index > start else 1
        if group is None or scale >= ceiling:
            return None
        total, ceiling, start = total + group * scale, scale, index + 1
    rest = _parse_myriad(text[start:]) if start < len(text) else 0
    return None if rest is None else total + rest


def parse_spoken_number(text: str) -> int | None:
    """Return the number that ``text`` reads out, in any of the three ways; None where it is none.

    Blanks do not count. A row of digits is read as written: 일공구 is 109, 공일 is 1.
    """
    word = "".join(text.split())
    if not word:
        return None
    for parse in (_parse_digits, _parse_native, _parse_sino):
        number = parse(word)
        if number is not None:
            return number
    return None
