"""The papers beside the tables: codebook, loss report, manifest. Written last, the manifest over all the others."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from companion.exchange.release.preparing import Prepared, Rules
from companion.exchange.release.protecting import WITHHELD
from companion.exchange.release.revealing import Level
from companion.exchange.release.schema import Column, Schema

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LOSS: Final = "loss_report.json"
SUMMARY: Final = "README.ko.txt"
_CODEBOOK: Final = ("table", "column", "type", "unit", "bottom", "top", "grain", "quasi_identifier", "what")


@dataclass
class Loss:
    """What was lost on the way, in numbers that name no class and nobody."""

    considered: int
    """People who agree to research."""
    people: int = 0
    suppressed: int = 0
    """People who stood out."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """By quasi-identifier; 0 is the finest."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """People of whom it is not known."""
    sensitive_withheld: int = 0
    screenings: dict[str, int] = field(default_factory=lambda: dict.fromkeys((one.name.lower() for one in Level), 0))
    """By how far they are shown."""
    trimmed: dict[str, int] = field(default_factory=dict)
    """Rows that fell to the cut ends, by table."""
    rare_reading_kinds: int = 0

    @classmethod
    def of(cls, prepared: Prepared) -> Loss:
        """Return what was lost before anything was written."""
        return cls(
            considered=prepared.considered,
            people=len(prepared.members),
            suppressed=len(prepared.protected.suppressed),
            levels=prepared.protected.levels,
            unknown=prepared.unknown,
            sensitive_withheld=sum(one.sensitive == WITHHELD for one in prepared.members),
            rare_reading_kinds=prepared.rare_kinds,
        )

    def count(self, revealed: Sequence[Level], trimmed: Mapping[str, int]) -> None:
        """Take in what was lost of one person."""
        for level in revealed:
            self.screenings[level.name.lower()] += 1
        for table, rows in trimmed.items():
            self.trimmed[table] = self.trimmed.get(table, 0) + rows


@dataclass(frozen=True, slots=True)
class Made:
    """A release that lies whole in its folder, not yet handed over."""

    release_id: str
    manifest_digest: str
    rows: Mapping[str, int]
    k: int
    l: int  # noqa: E741 - the name that the literature gives it
    loss: Loss
    person_ids: tuple[str, ...]
    software: str


def write_codebook(folder: Path, tables: Mapping[str, Sequence[Column]], schema: Schema) -> None:
    """Write ``codebook.csv`` and ``codebook.json``: every column of every table, its type, unit, bounds and meaning."""
    listed = [_described(name, column) for name, columns in tables.items() for column in columns]
    lines = io.StringIO()
    writer = csv.DictWriter(lines, _CODEBOOK, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: "" if value is None else value for key, value in one.items()} for one in listed)
    (folder / "codebook.csv").write_text(lines.getvalue(), encoding="utf-8-sig")
    titles = {name: schema.titles[name] for name in tables}
    bounds = {kind: asdict(bound) for kind, bound in schema.bounds.items()}
    whole = {"schema_version": schema.version, "tables": titles, "columns": listed, "readings": bounds}
    (folder / "codebook.json").write_text(_json(whole), encoding="utf-8")


def write_loss(folder: Path, loss: Loss, fields: Mapping[str, object], words: Mapping[str, Any]) -> None:
    """Write ``loss_report.json``, and what it comes to in words to ``README.ko.txt``.

    Args:
        folder: Of the release.
        loss: What was lost.
        fields: Of the policy and the release, for the slots of the text.
        words: Table ``summary`` of ``prompts/release/words.ko.toml``.
    """
    (folder / LOSS).write_text(_json(asdict(loss)), encoding="utf-8")
    shown = loss.screenings
    numbers = {
        "considered": loss.considered,
        "people": loss.people,
        "suppressed": loss.suppressed,
        "levels": ", ".join(f"{words['quasi'][name]} {level}" for name, level in loss.levels.items()),
        "withheld": loss.sensitive_withheld,
        "screenings": sum(shown.values()),
        "items": shown["items"],
        "totals": shown["total"],
        "bands": shown["band"],
        "nothing": shown["nothing"],
        **{f"cut_{table}": loss.trimmed.get(table, 0) for table in ("screenings", "days", "readings")},
        "rare_kinds": loss.rare_reading_kinds,
    }
    text = "\n".join(line.format(**fields, **numbers) for line in words["lines"])
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")


def write_manifest(folder: Path, described: Mapping[str, object]) -> str:
    """Write ``manifest.json`` over every file of the folder, and return its SHA-256."""
    files = [
        {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": digest_of(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    content = _json({"format": FORMAT, **described, "files": files}).encode()
    (folder / MANIFEST).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def manifest_fields(rules: Rules, prepared: Prepared, release_id: str, software: str) -> dict[str, Any]:
    """Return what a manifest says of a release besides its tables and files."""
    policy = rules.policy
    return {
        "release": release_id,
        "made_at": rules.made_at.isoformat(timespec="seconds"),
        "software": software,
        "title": policy.title,
        "recipient": policy.recipient,
        "purpose": policy.purpose,
        "legal_basis": policy.legal_basis,
        "terms": policy.terms,
        "expires": policy.expires.isoformat(),
        "policy_sha256": policy.digest,
        "privacy": {
            "k_asked": policy.k,
            "l_asked": policy.l,
            "quasi_identifiers": shown_columns(rules),
            "sensitive": "sensitive_band",
            "sensitive_instrument": policy.sensitive,
            "levels": dict(prepared.protected.levels),
            "hierarchies_version": rules.hierarchies.version,
            "screening_dates": policy.screening_dates,
            "trim_weeks": policy.trim_weeks,
        },
    }


def shown_columns(rules: Rules) -> list[str]:
    """Return the columns of the people table that show a quasi-identifier."""
    chosen = rules.schema.chosen(rules.policy.columns)["people"]
    return [column.name for column in chosen if column.quasi in rules.policy.quasi]


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _described(table: str, column: Column) -> dict[str, object]:
    values = (table, column.name, str(column.kind), column.unit, column.bottom, column.top, column.grain, column.quasi)
    return dict(zip(_CODEBOOK, (*values, column.what), strict=True))


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
