"""Which conditions in a hospital's record speak against activities, and whether a dementia bars unasked screenings.

Pure. That is all that is ever done with them in a conversation: nothing of a hospital's record is said aloud.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from companion.core.hospital import HospitalRecord, Kind
from companion.dialogue.activities.script import Condition

_ICD10: Final = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_SNOMED: Final = re.compile(r"\d{6,18}")
_STAGES: Final = ("severe", "moderate", "mild")


class Contraindications:
    """Built from ``prompts/exchange/contraindications.toml``.

    Raises:
        KeyError: A part is missing.
        ValueError: There is no such condition.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        named = {name: part for name, part in table.items() if isinstance(part, dict)}
        self._stages = named.pop("stages")
        status = named.pop("status")
        self._gone = frozenset((*status["past"], *status["untrue"]))
        self._icd10 = {Condition(name): [_block(one) for one in part["icd10"]] for name, part in named.items()}
        self._snomed = {Condition(name): frozenset(part["snomed"]) for name, part in named.items()}

    def of(self, records: Iterable[HospitalRecord]) -> frozenset[Condition]:
        """Return what holds: conditions that are not past and were not refuted, also those without a status."""
        return frozenset(condition for one in self._standing(records) for condition in self._named(one))

    def uncoded(self, records: Iterable[HospitalRecord]) -> list[str]:
        """Return the names of the standing conditions that carry no code."""
        return [one.text for one in self._standing(records) if not one.code]

    def dementia_stage(self, records: Iterable[HospitalRecord]) -> str:
        """Return the gravest stage of a dementia that is told: mild, moderate, severe; empty where none is."""
        found = {
            stage
            for one in self._standing(records)
            if Condition.DEMENTIA in self._named(one)
            for stage in _STAGES
            if self._is_of_stage(one, stage)
        }
        return next((stage for stage in _STAGES if stage in found), "")

    def _standing(self, records: Iterable[HospitalRecord]) -> Iterator[HospitalRecord]:
        return (one for one in records if one.kind is Kind.CONDITION and one.status not in self._gone)

    def _named(self, record: HospitalRecord) -> set[Condition]:
        codes = list(_codes(record))
        by_block = {
            condition
            for condition, blocks in self._icd10.items()
            for code in codes
            if _ICD10.fullmatch(code) and any(first <= code[: len(first)] <= last for first, last in blocks)
        }
        return by_block | {
            condition
            for condition, known in self._snomed.items()
            for code in codes
            if _SNOMED.fullmatch(code) and code in known
        }

    def _is_of_stage(self, record: HospitalRecord, stage: str) -> bool:
        if any(code.startswith(tuple(self._stages[f"{stage}_icd10"])) for code in _codes(record)):
            return True
        graded = [record.resource.get("severity"), *_summaries(record.resource.get("stage"))]
        return any(code in self._stages[stage] for one in graded for code in _codes_in(one))


def _block(span: str) -> tuple[str, str]:
    first, _, last = span.partition("-")
    return first, last or first


def _codes(record: HospitalRecord) -> Iterator[str]:
    yield from _codes_in(record.resource.get("code"))
    yield record.code


def _codes_in(concept: object) -> Iterator[str]:
    codings = concept.get("coding") if isinstance(concept, Mapping) else None
    for one in codings if isinstance(codings, Sequence) else ():
        if isinstance(one, Mapping):
            yield str(one.get("code", ""))


def _summaries(stages: object) -> Iterator[object]:
    for one in stages if isinstance(stages, Sequence) else ():
        if isinstance(one, Mapping):
            yield one.get("summary")
