"""Answers what is asked about the calendar: which fixed sentence, and what fills its slots. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from companion.core.almanac import (
    DOG_DAYS,
    FIRST_YEAR,
    LAST_YEAR,
    LunarMonth,
    around,
    day_of,
    days_from,
    leap_month,
    lunar_of,
    term_around,
)
from companion.dialogue import almanac_years as years
from companion.dialogue.almanac_asked import Asked, Said
from companion.dialogue.almanac_days import Days, days_of, free_from, span_of
from companion.dialogue.almanac_marks import Lunar, Mark, Period
from companion.dialogue.almanac_words import AlmanacWords

_LATELY: Final = 30
"""Days for which the last 동지 is the one that is meant."""
_LONG_AGO: Final = 60
"""Days after which nobody counts them any more."""
_LEAP_YEARS: Final = 4
"""Years in which there is a leap month."""
_PAIR: Final = 2
_YOUNG: Final = 10
"""Days of the lunar month in which 동지 is a young one (애동지)."""


class Answers:
    """Built once; holds no state."""

    def __init__(self, words: AlmanacWords) -> None:
        self._words = words

    def of(self, asked: Asked) -> Said | None:
        """Return the answer; None where nobody knows: a day that no calendar has, a year outside the tables."""
        if not FIRST_YEAR < asked.today.year < LAST_YEAR:
            return None
        try:
            return ANSWERS[asked.ask](self, asked)
        except ValueError:
            return None

    def of_today(self, today: date) -> dict[str, str]:
        """Return the lunar day and the day, as they are said."""
        if not FIRST_YEAR < today.year < LAST_YEAR:
            return {}
        return {"lunar": self._lunar(today), "when": self._words.when(today, today)}

    def when(self, asked: Asked) -> Said | None:
        """On which day it is."""
        days = _days(asked)
        day = days.chosen(asked.today, past=asked.past)
        if day is None or asked.about is None:
            return None
        last, following = days.last, days.next
        if last is not None and following is not None and day == following and days.is_fresh(asked.today):
            return Said("recent", {**self._slots(asked, last), "next_when": self._words.when(following, asked.today)})
        slots = self._slots(asked, day)
        if day.year == asked.today.year and day < asked.today and following is not None and not asked.past:
            return Said("recent", {**slots, "next_when": self._words.when(following, asked.today)})
        return Said("was" if day < asked.today else _how_near(day, asked.today, "coming"), slots)

    def left(self, asked: Asked) -> Said | None:
        """How many days are left."""
        day = _days(asked).chosen(asked.today)
        if asked.about is not None and isinstance(asked.about.value, date):
            day = asked.about.value
        if day is None:
            return None
        return Said(_how_near(day, asked.today, "left") if day >= asked.today else "was", self._slots(asked, day))

    def over(self, asked: Asked) -> Said | None:
        """Whether it is over."""
        day = _days(asked).near(asked.today)
        if day is None:
            return None
        ago = (asked.today - day).days
        kind = "long_over" if ago > _LONG_AGO else "over" if ago > 0 else "not_over" if ago else "today"
        return Said(kind, self._slots(asked, day))

    def is_it(self, asked: Asked) -> Said | None:
        """Whether a day is that day."""
        on = asked.today if asked.on is None or not isinstance(asked.on.value, date) else asked.on.value
        said = "" if asked.on is None else asked.on.said
        days = _days(asked, on)
        moon = asked.about is not None and asked.about.letter == "L"
        if on in {days.next, days.of_year}:
            return Said("is_it", {**self._slots(asked, on), "day_said": said})
        day = days.next if moon else days.near(on)
        if day is None:
            return None
        slots = {**self._slots(asked, day), "day_said": said, "lunar": self._lunar(on)}
        kind = "is_not_moon" if moon else "is_not" if day > asked.today else "is_not_any_more"
        return Said(kind, slots)

    def day(self, asked: Asked) -> Said | None:
        """On which day of the week or month another day is."""
        if asked.about is None or not isinstance(asked.about.value, date):
            return None
        day, said = asked.about.value, asked.about.said
        if self._words.is_date(said):
            return Said("date", {"when": self._words.when(day, asked.today)})
        return Said(
            "day" if day >= asked.today else "day_was",
            {"named": said, "when": self._words.short(day, said, asked.today)},
        )

    def lunar(self, asked: Asked) -> Said | None:
        """Which lunar day it is."""
        mark = asked.on
        if mark is None or mark.letter == "T":
            return Said("today_lunar", self.of_today(asked.today))
        day = days_of(mark, asked.today, asked.year).chosen(asked.today) if mark.letter == "D" else mark.value
        if not isinstance(day, date):
            return None
        named = self._named(mark)
        return Said("lunar", {"named": named, "lunar": self._lunar(day), "when": self._words.when(day, asked.today)})

    def tide(self, asked: Asked) -> Said | None:
        """Which tide it is: 말벗 knows the lunar day and no more."""
        return Said("tide", self.of_today(asked.today))

    def year(self, asked: Asked) -> Said | None:
        """Which animal a year has; the year turns at the lunar new year."""
        return years.year(self._words, asked)

    def year_left(self, asked: Asked) -> Said | None:
        """How many days of this year are left, today not counted."""
        return years.year_left(self._words, asked)

    def born(self, asked: Asked) -> Said | None:
        """Which animal somebody has who was born in a year, or whether it is the one that was named."""
        return years.born(self._words, asked)

    def ganji(self, asked: Asked) -> Said | None:
        """Which animal and which years a name of the cycle of sixty has: 계사년."""
        return years.ganji(self._words, asked)

    def animal_years(self, asked: Asked) -> Said | None:
        """In which years those of an animal were born."""
        return years.animal_years(self._words, asked)

    def animal_ages(self, asked: Asked) -> Said | None:
        """How old those of an animal are."""
        return years.animal_ages(self._words, asked)

    def leap(self, asked: Asked) -> Said | None:
        """Whether a year has a leap month, and when the next one is."""
        today = asked.today
        named = asked.year.value if asked.year is not None else None
        year = named if isinstance(named, int) else today.year
        found = leap_month(year)
        if found is not None and (isinstance(named, int) or found.last >= today):
            now = found.first <= today <= found.last
            return Said(
                "leap_now" if now else "leap", {**self._leap(found, today), "year": self._words.year(year, today)}
            )
        coming = range(max(year, today.year) + 1, min(max(year, today.year) + 1 + _LEAP_YEARS, LAST_YEAR + 1))
        following = next(((one, month) for one in coming if (month := leap_month(one))), None)
        if following is None:
            return None
        next_year = self._words.year(following[0], today)
        slots = {"year": self._words.year(year, today), "next_year": next_year, **self._leap(following[1], today)}
        return Said("leap_none", slots)

    def free(self, asked: Asked) -> Said | None:
        """Which days are without harm."""
        period = next((mark.value for mark in asked.marked.all("P")), None)
        if isinstance(period, Period):
            return self._free_in(period, asked.today)
        if asked.on is not None and isinstance(asked.on.value, date):
            return self._free_on(asked.on, asked.on.value, asked.today)
        days = self._joined(free_from(asked.today + timedelta(days=1), asked.today), asked.today)
        return Said("free_today_and_next" if lunar_of(asked.today).is_free else "free_next", {"days": days})

    def dongji_kind(self, asked: Asked) -> Said | None:
        """Whether 동지 is a young or an old one."""
        last, following = around("dongji", asked.today)
        year = asked.year.value if asked.year is not None else None
        day = day_of("dongji", year) if isinstance(year, int) else following
        if not isinstance(year, int) and last is not None and (asked.today - last).days <= _LATELY:
            day = last
        if day is None:
            return None
        lunar = lunar_of(day)
        young = "dongji_young" if lunar.day <= _YOUNG else "dongji_kind"
        return Said(
            young if day >= asked.today else "dongji_kind_was",
            {
                "named": self._words.named("dongji"),
                "when": self._words.when(day, asked.today),
                "lunar": self._lunar(day),
                "kind": self._words.dongji_kind(lunar.day),
            },
        )

    def term_now(self, asked: Asked) -> Said | None:
        """Which solar term has come, and which is next."""
        last, began, following, begins = term_around(asked.today)
        return Said(
            "term_today" if began == asked.today else "term_now",
            {
                "named": self._words.named(last),
                "when": self._words.when(began, asked.today),
                "next_named": self._words.named(following),
                "next_when": self._words.when(begins, asked.today),
            },
        )

    def dog_days(self, asked: Asked) -> Said | None:
        """Which of the three dog days has come."""
        today = asked.today
        days = [(day_of(name, today.year), name) for name in DOG_DAYS]
        same = next((name for day, name in days if day == today), None)
        if same is not None:
            return Said("today", {"named": self._words.named(same), "when": self._words.when(today, today)})
        gone = [one for one in days if one[0] < today]
        ahead = [one for one in days if one[0] > today]
        if gone and ahead:
            return Said("dog_days", {**self._pair("", gone[-1], today), **self._pair("next_", ahead[0], today)})
        if gone:
            days = [(day_of(name, today.year + 1), name) for name in DOG_DAYS]
        return Said("dog_days_coming", {name: self._words.when(day, today) for day, name in days})

    def _pair(self, prefix: str, one: tuple[date, str], today: date) -> dict[str, str]:
        return {f"{prefix}named": self._words.named(one[1]), f"{prefix}when": self._words.when(one[0], today)}

    def _free_in(self, period: Period, today: date) -> Said:
        first, last = span_of(period, today)
        days = [
            day for day in days_from(max(first, today), (last - max(first, today)).days + 1) if lunar_of(day).is_free
        ]
        said = self._words.period(period.unit, period.ahead, first)
        if not days:
            following = self._words.when(free_from(last + timedelta(days=1), today)[0], today)
            return Said("free_none", {"period": said, "next_when": following})
        listed = [self._words.of_month(day, weekday=len(days) <= _PAIR) for day in days]
        return Said("free_in", {"period": said, "days": self._words.joined(listed)})

    def _free_on(self, mark: Mark, day: date, today: date) -> Said:
        lunar = lunar_of(day)
        following = self._words.when(free_from(day + timedelta(days=1), today)[0], today)
        return Said(
            "free" if lunar.is_free else "free_not",
            {"day_said": mark.said, "lunar": self._lunar(day), "next_when": following},
        )

    def _joined(self, days: tuple[date, ...], today: date) -> str:
        return self._words.joined([self._words.when(day, today) for day in days])

    def _leap(self, month: LunarMonth, today: date) -> dict[str, str]:
        words = self._words
        return {
            "leap": words.month(month.month, leap=True),
            "when": words.when(month.first, today),
            "until": words.when(month.last, today),
        }

    def _lunar(self, day: date) -> str:
        return self._words.lunar_day(day, lunar_of(day))

    def _named(self, mark: Mark) -> str:
        value = mark.value
        if isinstance(value, Lunar) and mark.letter == "L":
            return self._words.lunar(value.month, value.day, leap=value.leap)
        return self._words.named(value) if mark.letter == "D" and isinstance(value, str) else mark.said

    def _slots(self, asked: Asked, day: date) -> dict[str, str]:
        """Return the day's name, when it is, and how far away."""
        named = "" if asked.about is None else self._named(asked.about)
        distance = abs((day - asked.today).days)
        left = self._words.days(distance) if distance else ""
        return {"named": named, "when": self._words.when(day, asked.today), "left": left}


ANSWERS: Final[Mapping[str, Callable[[Answers, Asked], Said | None]]] = {
    "when": Answers.when,
    "left": Answers.left,
    "over": Answers.over,
    "is_it": Answers.is_it,
    "day": Answers.day,
    "lunar": Answers.lunar,
    "tide": Answers.tide,
    "year": Answers.year,
    "year_number": Answers.year,
    "year_left": Answers.year_left,
    "born": Answers.born,
    "ganji": Answers.ganji,
    "animal_years": Answers.animal_years,
    "animal_ages": Answers.animal_ages,
    "leap": Answers.leap,
    "free": Answers.free,
    "dongji_kind": Answers.dongji_kind,
    "term_now": Answers.term_now,
    "dog_days": Answers.dog_days,
}
"""What may be asked."""
KEYS: Final = (
    "coming",
    "left",
    "tomorrow",
    "today",
    "was",
    "recent",
    "over",
    "long_over",
    "not_over",
    "day",
    "day_was",
    "date",
    "lunar",
    "today_lunar",
    "tide",
    "is_it",
    "is_not",
    "is_not_any_more",
    "is_not_moon",
    "year",
    "year_number",
    "year_turns",
    "year_left",
    "born",
    "born_yes",
    "born_no",
    "ganji",
    "ganji_yes",
    "ganji_no",
    "animal_years",
    "animal_ages",
    "term_now",
    "term_today",
    "leap",
    "leap_none",
    "leap_now",
    "free",
    "free_not",
    "free_in",
    "free_none",
    "free_next",
    "free_today_and_next",
    "dongji_kind",
    "dongji_kind_was",
    "dongji_young",
    "dog_days",
    "dog_days_coming",
)
"""Names of the fixed sentences."""


def _how_near(day: date, today: date, usual: str) -> str:
    return {0: "today", 1: "tomorrow"}.get((day - today).days, usual)


def _days(asked: Asked, on: date | None = None) -> Days:
    """Return when the day comes that is asked about."""
    if asked.about is None:
        return Days(None, None)
    return days_of(asked.about, on or asked.today, asked.year)
