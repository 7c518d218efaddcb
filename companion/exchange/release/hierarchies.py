"""How quasi-identifiers are coarsened, level by level, from ``prompts/release/hierarchies.toml``. Pure.

Law: two people who are alike on one level are alike on every coarser one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from companion.core.research import Participant
from companion.errors import PromptError

FILE: Final = "release/hierarchies.toml"
QUASI: Final = ("age", "sex", "region")


class Hierarchies:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Check that the table is whole.

        Raises:
            PromptError: It is not.
        """
        try:
            self.version = str(table["version"])
            self.unknown, self.any = str(table["unknown"]), str(table["any"])
            self._widths = [int(width) for width in table["age"]["widths"]]
            self._lowest, self._highest = int(table["age"]["lowest"]), [int(age) for age in table["age"]["highest"]]
            self._sex_levels = int(table["sex"]["levels"])
            names, groups = table["region"]["names"], table["region"]["groups"]
            self._provinces = {str(spelled): str(province) for province, all_of in names.items() for spelled in all_of}
            self._groups = {str(province): str(group) for group, all_of in groups.items() for province in all_of}
        except (KeyError, TypeError, ValueError) as error:
            raise PromptError("prompts.table_broken", file=FILE, where=str(error)) from error
        if set(self._groups) != set(self._provinces.values()) or len(self._widths) != len(self._highest):
            raise PromptError("prompts.table_broken", file=FILE, where="region")

    @property
    def coarsest_of_use(self) -> Mapping[str, int]:
        """Beyond these a release is refused unless its policy says otherwise: an age that says nothing is no age."""
        return {"age": len(self._widths) - 2, "sex": self._sex_levels - 1, "region": self.levels("region") - 1}

    def levels(self, name: str) -> int:
        """Return how many levels a quasi-identifier has, the finest included."""
        return {"age": len(self._widths), "sex": self._sex_levels, "region": 3}[name]

    def value(self, name: str, level: int, person: Participant, year: int) -> str:
        """Return what is shown of a person.

        Args:
            name: One of ``QUASI``.
            level: From 0, the finest.
            person: Whose.
            year: By which ages are counted.
        """
        match name:
            case "age":
                return self._age(person.birth_year, year, level)
            case "sex":
                return (person.sex or self.unknown) if level == 0 else self.any
            case _:
                return self._region(person.region, level)

    def _age(self, born: int | None, year: int, level: int) -> str:
        width, highest = self._widths[level], self._highest[level]
        if width == 0:
            return self.any
        if born is None:
            return self.unknown
        age = year - born
        if age >= highest:
            return f"{highest}+"
        if age < self._lowest:
            return f"-{self._lowest - 1}"
        begin = self._lowest + (age - self._lowest) // width * width
        return f"{begin}-{min(begin + width, highest) - 1}"

    def _region(self, typed: str, level: int) -> str:
        if level == self.levels("region") - 1:
            return self.any
        province = self._provinces.get(typed.split(maxsplit=1)[0]) if typed.strip() else None
        if province is None:
            return self.unknown
        return province if level == 0 else self._groups[province]
