"""The releases that exist, as a DCAT catalogue in JSON-LD (W3C DCAT 3): what a data portal or a reviewer reads. Pure.

Only what its policy said aloud stands in it: no person, no pseudonym.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from companion.core.research import KeptRelease

_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_RESTRICTED: Final = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
_MEDIA: Final = {
    "parquet": "https://www.iana.org/assignments/media-types/application/vnd.apache.parquet",
    "csv": "https://www.iana.org/assignments/media-types/text/csv",
}


def catalogue(releases: Sequence[KeptRelease], words: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return the catalogue.

    Args:
        releases: Of the ledger.
        words: Table ``catalogue`` of ``prompts/release/words.ko.toml``.
        today: By which a release has expired.
    """
    return {
        "@context": _CONTEXT,
        "@id": "urn:malbeot:releases",
        "@type": "dcat:Catalog",
        "dct:title": _ko(words["title"]),
        "dct:modified": _day(today),
        "dcat:dataset": [_dataset(one, words, today) for one in releases],
    }


def _dataset(kept: KeptRelease, words: Mapping[str, str], today: date) -> dict[str, Any]:
    release = kept.release
    about = {"purpose": release.purpose, "recipient": release.recipient, "people": kept.people, "k": release.k}
    return {
        "@id": f"urn:uuid:{release.id}",
        "@type": "dcat:Dataset",
        "dct:identifier": release.id,
        "dct:title": _ko(release.title),
        "dct:description": _ko(words["description"].format(**about)),
        "dct:issued": _day(kept.made_at.date()),
        "dct:valid": {"@type": "dct:PeriodOfTime", "dcat:endDate": _day(release.expires)},
        "dct:audience": {"@type": "foaf:Agent", "foaf:name": release.recipient},
        "dct:accessRights": {"@id": _RESTRICTED},
        "dct:rights": _ko(release.terms),
        "odrl:hasPolicy": {
            "@type": "odrl:Agreement",
            "odrl:assignee": release.recipient,
            "dct:description": _ko(words["access"]),
        },
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "dct:description": _ko(release.legal_basis),
            "spdx:checksum": _checksum(release.policy_digest),
        },
        "dct:type": "expired" if kept.has_expired(today) else "current",
        "dcat:distribution": [_distribution(kept, form) for form in release.formats],
    }


def _distribution(kept: KeptRelease, form: str) -> dict[str, Any]:
    release = kept.release
    rows = ", ".join(f"{name} {count}" for name, count in release.rows.items())
    return {
        "@id": f"urn:uuid:{release.id}#{form}",
        "@type": "dcat:Distribution",
        "dct:title": form,
        "dct:description": rows,
        "dcat:mediaType": {"@id": _MEDIA[form]},
        "spdx:checksum": _checksum(release.manifest_digest),
    }


def _checksum(digest: str) -> dict[str, Any]:
    return {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
        "spdx:checksumValue": digest,
    }


def _ko(text: str) -> dict[str, str]:
    return {"@language": "ko", "@value": text}


def _day(day: date) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": day.isoformat()}
