"""Observations: readings that devices make too, scores and answers of screeners, and other results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from companion.core.body import Reading
from companion.core.hospital import ENTERED_IN_ERROR, Kind
from companion.exchange.fhir.incoming.elements import (
    LOINC,
    Concept,
    Json,
    Value,
    concept,
    dated,
    objects,
    text,
    value_of,
)
from companion.exchange.fhir.incoming.parts import Draft, Refused, Skipped
from companion.exchange.fhir.incoming.surveys import Survey, Surveys

_MOMENTS = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")


class Unwanted(Protocol):
    """Codes that are not kept."""

    @property
    def observations(self) -> frozenset[str]:
        """LOINC codes."""
        ...

    @property
    def categories(self) -> frozenset[str]:
        """Codes of categories."""
        ...


class Observations:
    """Reads one after the other.

    Args:
        surveys: Instruments as others exchange them.
        unwanted: Codes that are not kept.
        readings_of: Finds what devices measure too.
    """

    def __init__(
        self, surveys: Surveys, unwanted: Unwanted, readings_of: Callable[[Json], Sequence[Reading | str]]
    ) -> None:
        self._surveys = surveys
        self._unwanted = unwanted
        self._readings_of = readings_of

    def parts(self, resource: Json) -> Iterator[Draft | Reading | Refused | Skipped]:
        """Yield what is kept of an Observation, and what is not taken."""
        named = concept(resource.get("code"))
        codes = list(named.codes(LOINC))
        status = text(resource.get("status"))
        if status == ENTERED_IN_ERROR:
            yield Draft(Kind.RESULT, named, status, dated(resource, *_MOMENTS))
        elif status == "cancelled":
            yield Skipped("Observation (cancelled)")
        elif self._unwanted.observations & set(codes) or self._unwanted.categories & _categories(resource):
            yield Skipped("Observation (circumstances)")
        elif (survey := self._surveys.with_total(codes)) is not None:
            yield self._score(resource, survey, named)
        elif (item := self._surveys.with_item(codes)) is not None:
            yield self._answer(resource, item[0], item[1], named)
        elif readings := self._readings_of(resource):
            yield from (Refused(one, "Observation") if isinstance(one, str) else one for one in readings)
        else:
            yield self._result(resource, named, status)

    def _score(self, resource: Json, survey: Survey, named: Concept) -> Draft | Refused | Skipped:
        value = _told(resource, survey)
        if value is None:
            return Skipped("Observation (panel without a value)")
        score = value.number
        if score is None:
            return Refused("score_not_a_number", "Observation")
        if not score.is_integer():
            return Refused("score_not_whole", "Observation")
        if not 0 <= score <= survey.most:
            return Refused("score_out_of_range", "Observation")
        kept = Value(f"{score:g}", score, "{score}")
        occurred = dated(resource, *_MOMENTS)
        status = text(resource.get("status"))
        return Draft(Kind.SCORE, named, status, occurred, value=kept, instrument=survey.id, needs_moment=True)

    def _answer(self, resource: Json, survey: Survey, code: str, named: Concept) -> Draft | Refused | Skipped:
        value = value_of(resource)
        if not value.text:
            return Skipped("Observation (no value)")
        score = survey.score(code, value)
        kept = Value(value.text, None if score is None else float(score))
        occurred = dated(resource, *_MOMENTS)
        status = text(resource.get("status"))
        return Draft(Kind.ANSWER, named, status, occurred, value=kept, instrument=survey.id, needs_moment=True)

    def _result(self, resource: Json, named: Concept, status: str) -> Draft | Refused | Skipped:
        value = value_of(resource)
        if not value.text:
            value = Value(_of_components(resource))
        if not value.text:
            return Skipped("Observation (no value)")
        if not named.text:
            return Refused("no_name", "Observation")
        return Draft(Kind.RESULT, named, status, dated(resource, *_MOMENTS), value=value, needs_moment=True)


def _told(resource: Json, survey: Survey) -> Value | None:
    """Return the score that an Observation of a total or a panel tells, also among its components; None for none."""
    value = value_of(resource)
    if value.text:
        return value
    for part in objects(resource.get("component")):
        if survey.total in concept(part.get("code")).codes(LOINC) and (inner := value_of(part)).text:
            return inner
    return None


def _categories(resource: Json) -> set[str]:
    return {one.code for category in objects(resource.get("category")) for one in concept(category).codings}


def _of_components(resource: Json) -> str:
    told = ((concept(part.get("code")).text, value_of(part).text) for part in objects(resource.get("component")))
    return ", ".join(f"{name} {value}" for name, value in told if name and value)
