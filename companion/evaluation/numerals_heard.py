"""Reads the numerals that a recogniser wrote in whichever Korean way is nearest to what was said.

A recogniser writes 3시 20분 where it heard 세 시 이십 분: that is style, not hearing. Each run of digits is read
native, Sino-Korean or digit by digit, whichever leaves the fewest errors. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from companion.core.numerals import NATIVE_LIMIT, SINO_LIMIT, read_decimals, read_digits, read_native, read_sino
from companion.evaluation.cer import ErrorCount, count_errors

_RUN: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_NOT_HANGUL: Final = re.compile(r"[^가-힣]")
_PASSES: Final = 2
_LONGEST_RUN: Final = 20
_MOST_RUNS: Final = 12
"""More is a recogniser that loops: each run is then read in its first way."""
_MONTH_READINGS: Final = {6: "유", 10: "시"}
_POINT: Final = "점"


def hangul_only(text: str) -> str:
    """Return the Hangul syllables of ``text``."""
    return _NOT_HANGUL.sub("", text)


def heard_errors(spoken: str, heard: str, speakable: Callable[[str], str]) -> ErrorCount:
    """Count the errors of ``heard`` against ``spoken`` over Hangul letters.

    Args:
        spoken: What a person would say, in Hangul.
        heard: What the recogniser wrote.
        speakable: Reads what is neither Hangul nor a numeral: per cent signs, units, Latin letters.
    """
    wanted = hangul_only(spoken)
    runs = list(_RUN.finditer(heard))
    options = [_readings(run.group()) for run in runs]
    chosen = [option[0] for option in options]

    def count(picked: list[str]) -> ErrorCount:
        pieces, at = [], 0
        for run, reading in zip(runs, picked, strict=True):
            pieces += [heard[at : run.start()], reading]
            at = run.end()
        return count_errors(wanted, hangul_only(speakable("".join([*pieces, heard[at:]]))))

    best = count(chosen)
    passes = _PASSES if 0 < len(runs) <= _MOST_RUNS else 0
    for _ in range(passes):
        for place, readings in enumerate(options):
            for reading in readings:
                tried = [*chosen[:place], reading, *chosen[place + 1 :]]
                counted = count(tried)
                if counted.errors < best.errors:
                    best, chosen = counted, tried
    return best


def _readings(run: str) -> tuple[str, ...]:
    """Return every way in which a run of digits may be read, the Sino-Korean first."""
    whole, _, decimals = run.replace(",", "").partition(".")
    if len(whole) > _LONGEST_RUN:
        return (read_digits(whole),)
    number = int(whole)
    found = [read_sino(number)] if number < SINO_LIMIT else []
    if decimals:
        return tuple(f"{each}{_POINT}{read_decimals(decimals)}" for each in found) or (read_digits(whole + decimals),)
    if 1 <= number <= NATIVE_LIMIT:
        found += [read_native(number), read_native(number, before_counter=False)]
    found += [read_digits(whole), read_decimals(whole)]
    if number in _MONTH_READINGS:
        found.append(_MONTH_READINGS[number])
    return tuple(dict.fromkeys(found))
