"""Readings as Observations of vital signs, with LOINC codes and UCUM units; a pressure is one of two components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from companion.core.body import Reading
from companion.exchange.fhir.outgoing.writing import Json, Writing, category, quantity, utc_key

_PANEL: Final = "85354-9"
_OXYGEN: Final = ("59408-5", "2708-6")
"""Both are written: profiles of different countries ask for either."""
_LABORATORY: Final = frozenset({"glucose"})
_ACTIVITY: Final = frozenset({"steps", "sleep"})
_KR_CORE: Final = {
    "heart_rate": "krcore-heartrate",
    "pressure": "krcore-bloodpressure",
    "spo2": "krcore-pulseoximetry",
    "weight": "krcore-bodyweight",
}
"""Profiles that what is written of these kinds meets."""
_COMPARATORS: Final = {"below_range": "<", "above_range": ">"}


def observations(readings: Iterable[Reading], codes: Mapping[str, Sequence[str]], writing: Writing) -> Iterator[Json]:
    """Yield an Observation for each reading; systolic and diastolic pressure of one moment make one.

    Args:
        readings: In any order; the same one twice is written once.
        codes: LOINC codes by kind, the one that is written first.
        writing: How.
    """
    found = sorted({_key(one): one for one in readings}.items())
    pressures: dict[str, dict[str, Reading]] = {}
    for _, one in found:
        if one.kind in ("systolic", "diastolic"):
            pressures.setdefault(utc_key(one.at), {}).setdefault(one.kind, one)
    whole = {moment for moment, parts in pressures.items() if len(parts) > 1}
    for key, one in found:
        moment = utc_key(one.at)
        if moment in whole and pressures[moment].get(one.kind) is one:
            if one.kind == "systolic":
                yield _pressure(pressures[moment], codes, writing)
        else:
            yield _single(one, key, codes, writing)


def _key(reading: Reading) -> tuple[str, str, str, str]:
    until = "" if reading.until is None else utc_key(reading.until)
    return reading.kind, utc_key(reading.at), until, f"{reading.value:g}"


def _pressure(parts: Mapping[str, Reading], codes: Mapping[str, Sequence[str]], writing: Writing) -> Json:
    systolic = parts["systolic"]
    name = writing.words["readings"]["pressure"]
    components = [
        {"code": writing.coded(codes[kind][0], writing.words["readings"][kind]), **_value(parts[kind])}
        for kind in ("systolic", "diastolic")
    ]
    key = ("pressure", utc_key(systolic.at), f"{systolic.value:g}", f"{parts['diastolic'].value:g}")
    head = _observed(systolic, key, writing.coded(_PANEL, name), writing)
    return head | {"component": components} | _doubts(parts.values(), writing)


def _single(one: Reading, key: Sequence[str], codes: Mapping[str, Sequence[str]], writing: Writing) -> Json:
    code = writing.coded(codes[one.kind][0], writing.words["readings"][one.kind])
    if one.kind == "spo2":
        code["coding"] = [writing.coded(each, "")["coding"][0] for each in _OXYGEN]
    return _observed(one, key, code, writing) | _value(one) | _doubts([one], writing)


def _observed(one: Reading, key: Sequence[str], code: Json, writing: Writing) -> Json:
    kind = "laboratory" if one.kind in _LABORATORY else "activity" if one.kind in _ACTIVITY else "vital-signs"
    when: Json = {"effectiveDateTime": writing.moment(one.at)}
    if one.until is not None:
        when = {"effectivePeriod": {"start": writing.moment(one.at), "end": writing.moment(one.until)}}
    device = {"device": {"display": one.device}} if one.device else {}
    meta = writing.profile(_KR_CORE.get(key[0], ""))
    return {
        "resourceType": "Observation",
        "id": writing.id("reading", *key),
        **({"meta": meta} if meta else {}),
        "status": "final",
        "category": category(kind),
        "code": code,
        "subject": writing.patient,
        **when,
        "performer": [writing.patient],
        **device,
    }


def _value(one: Reading) -> Json:
    return {"valueQuantity": quantity(one.value, one.unit, _COMPARATORS.get(one.quality, ""))}


def _doubts(readings: Iterable[Reading], writing: Writing) -> dict[str, Any]:
    doubts = [one.quality for one in readings if one.quality and one.quality not in _COMPARATORS]
    words = writing.words
    notes = [{"text": words["doubted"].format(why=words["quality"].get(why, why))} for why in dict.fromkeys(doubts)]
    return {"note": notes} if notes else {}
