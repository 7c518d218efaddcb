"""Small FHIR resources of one invented patient, and files of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]
KIM = "kim"
LOINC = "http://loinc.org"
KCD = "http://www.hl7korea.or.kr/CodeSystem/kostat-kcd-8"
HOSPITAL = "http://hospital.example/patients"
SSN = "999-84-9503"
RRN = "430512-2345678"


def patient(key: str = KIM, *, name: str = "김순자", born: str = "1943-05-12", system: str = HOSPITAL) -> Json:
    medical = {"type": {"coding": [{"code": "MR"}]}, "system": system, "value": f"p-{key}"}
    citizen = {"type": {"coding": [{"code": "SS"}]}, "system": "http://hl7.org/fhir/sid/us-ssn", "value": SSN}
    return {
        "resourceType": "Patient",
        "id": key,
        "identifier": [citizen, medical],
        "name": [{"text": name}],
        "gender": "female",
        "birthDate": born,
    }


def _of(kind: str, key: str, about: str, rest: Json) -> Json:
    return {"resourceType": kind, "id": key, "subject": {"reference": f"Patient/{about}"}, **rest}


def condition(key: str, code: str, text: str, *, about: str = KIM, status: str = "active", **rest: Any) -> Json:  # noqa: ANN401
    coded = {"coding": [{"system": KCD, "code": code}], "text": text} if code else {"text": text}
    clinical = {"coding": [{"code": status}]}
    return _of("Condition", key, about, {"code": coded, "clinicalStatus": clinical, "onsetDateTime": "2019-03", **rest})


def observation(key: str, code: str, *, about: str = KIM, at: str = "2026-10-01T09:00:00+09:00", **rest: Any) -> Json:  # noqa: ANN401
    coded = {"coding": [{"system": LOINC, "code": code}], "text": f"LOINC {code}"}
    return _of("Observation", key, about, {"status": "final", "code": coded, "effectiveDateTime": at, **rest})


def quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"}


def form(key: str, answers: dict[str, Json], *, status: str = "completed", questionnaire: str = "") -> Json:
    items = [{"linkId": link, "answer": [answer]} for link, answer in answers.items()]
    told = {"status": status, "authored": "2026-10-01T09:00:00+09:00", "item": items}
    return _of("QuestionnaireResponse", key, KIM, told | ({"questionnaire": questionnaire} if questionnaire else {}))


def bundle(*resources: Json, kind: str = "collection") -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in resources]}


def written(path: Path, value: Json) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def lines(path: Path, *values: Json) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in values), encoding="utf-8")
    return path
