"""Filled-in forms: QuestionnaireResponses, their answers scored anew.

A total that the form states is compared with the sum of its answers and otherwise not used: an unanswered item leaves
no total, and a form that adds up ordinals of reversed items (a known flaw of one GDS-15) is found out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from companion.core.hospital import Kind
from companion.exchange.fhir.incoming.elements import Coding, Concept, Json, Value, dated, objects, text, value_of
from companion.exchange.fhir.incoming.gathering import Gathered
from companion.exchange.fhir.incoming.kept import kept_elements
from companion.exchange.fhir.incoming.parts import Draft, Refused
from companion.exchange.fhir.incoming.surveys import Survey, Surveys

_TYPE: Final = "QuestionnaireResponse"
_WHOLE: Final = ("completed", "amended")


@dataclass(slots=True)
class _Sums:
    """What the answers of a form come to."""

    scores: dict[str, int] = field(default_factory=dict)
    stated: float | None = None
    unreadable: int = 0
    """Answers to items whose score cannot be told."""


class Forms:
    """Reads one after the other.

    Args:
        surveys: Instruments as others exchange them.
    """

    def __init__(self, surveys: Surveys) -> None:
        self._surveys = surveys

    def parts(self, resource: Json, gathered: Gathered) -> Iterator[Draft | Refused]:
        """Yield the form as a record, and what of it is not taken."""
        answers = list(_answers(resource.get("item")))
        address = text(resource.get("questionnaire")).partition("|")[0]
        panel = gathered.panels.get(address) or gathered.panels.get(address.rpartition("/")[2], "")
        survey = self._surveys.of_form(panel, [link for link, _ in answers], gathered.links)
        status = text(resource.get("status"))
        sums = _Sums() if survey is None else _summed(survey, answers, gathered)
        whole = survey is not None and status in _WHOLE
        total = survey.total_of(sums.scores) if survey is not None and whole else None
        yield Draft(
            Kind.FORM,
            _named(survey, address, gathered),
            status,
            dated(resource, "authored"),
            value=Value("" if total is None else str(total), None if total is None else float(total), "{score}"),
            instrument="" if survey is None else survey.id,
            may_be_nameless=True,
            needs_moment=True,
            resource=kept_elements(resource),
        )
        if sums.unreadable:
            yield Refused("answer_unscored", _TYPE)
        if sums.stated is not None and sums.stated != total:
            yield Refused("total_differs" if total is not None else "total_without_answers", _TYPE)


def _summed(survey: Survey, answers: list[tuple[str, Value]], gathered: Gathered) -> _Sums:
    sums = _Sums()
    for link, answer in answers:
        code = survey.item(link, gathered.links)
        if code == survey.total:
            sums.stated = answer.number
        elif code in survey.items:
            score = survey.score(code, answer)
            if score is None:
                sums.unreadable += 1
            else:
                sums.scores[code] = score
    return sums


def _named(survey: Survey | None, address: str, gathered: Gathered) -> Concept:
    panel = survey.panel if survey is not None else gathered.panels.get(address, "")
    name = survey.id if survey is not None else address.rpartition("/")[2]
    return Concept(name, (Coding("http://loinc.org", panel),) if panel else ())


def _answers(items: object) -> Iterator[tuple[str, Value]]:
    """Yield link and answer of every item, however deep it lies."""
    for item in objects(items):
        for answer in objects(item.get("answer")):
            if (value := value_of(answer)).text:
                yield text(item.get("linkId")), value
            yield from _answers(answer.get("item"))
        yield from _answers(item.get("item"))
