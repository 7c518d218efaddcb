"""Whether a resource meets a profile of KR Core v2 (draft), by the elements of its snapshot.

``krcore.json.gz`` holds, of the compiled profiles of jhleebmi/kr-core-v2-draft 4a9b022 (CC0), each element's id, how
often it has to and may be there, and what it is fixed to. Bindings and invariants are for the validators of R4.
Stricter than the profiles in one thing: the LOINC code that they fix has to be there, where they let any other pass.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

Json = Mapping[str, Any]
_PROFILES: Final = Path(__file__).with_name("krcore.json.gz")


def profile_problems(resource: Json, profile: str) -> list[str]:
    """Return what of a resource does not meet a profile."""
    elements = _profiles()[profile]
    return list(_node(resource, str(resource["resourceType"]), elements))


def _node(node: Json, path: str, elements: Mapping[str, Json]) -> Iterator[str]:
    for element_id, element in _children(path, elements):
        name, _, piece = element_id.removeprefix(f"{path}.").partition(":")
        values = _values(node, name)
        if piece:
            values = [value for value in values if not list(_value(value, element_id, elements))]
        else:
            yield from (told for value in values for told in _value(value, element_id, elements))
        most, least = element["max"], 1 if piece == "Loinc" else element["min"]
        if len(values) < least or (most != "*" and len(values) > int(most)):
            yield f"{element_id}: {len(values)} of {least}..{most}"


def _value(value: Any, element_id: str, elements: Mapping[str, Json]) -> Iterator[str]:  # noqa: ANN401 (JSON)
    element = elements[element_id]
    if "pattern" in element and not _holds(value, element["pattern"]):
        yield f"{element_id}: {value!r}"
    if isinstance(value, Mapping):
        yield from _node(value, element_id, elements)


def _children(path: str, elements: Mapping[str, Json]) -> list[tuple[str, Json]]:
    return [
        (name, one)
        for name, one in elements.items()
        if name.startswith(f"{path}.") and "." not in name[len(path) + 1 :]
    ]


def _values(node: Json, name: str) -> Sequence[Any]:
    stem = name.removesuffix("[x]")
    found = [value for key, value in node.items() if key == name or (stem != name and key.startswith(stem))]
    return [one for value in found for one in (value if isinstance(value, list) else [value])]


def _holds(value: Any, pattern: Any) -> bool:  # noqa: ANN401 (JSON)
    """Return whether a value has all that a pattern has."""
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(_holds(value.get(name), one) for name, one in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(_holds(one, wanted) for one in value) for wanted in pattern)
    return bool(value == pattern)


@cache
def _profiles() -> Mapping[str, Mapping[str, Json]]:
    whole = json.loads(gzip.decompress(_PROFILES.read_bytes()))
    return {url: {one["id"]: one for one in elements} for url, elements in whole.items()}
