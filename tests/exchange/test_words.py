"""Whatever code the record may hold has a name on paper, and every sentence of a report can be filled."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from companion.core import consent, hospital
from companion.core.access import Role
from companion.exchange import report
from companion.exchange.dossier import Dossier, Part
from companion.prompts import data_folder, prompt_table
from companion.safety import risk, steps
from companion.safety.alerts import AlertStatus, DeliveryOutcome
from companion.screening.record import Asker, Status
from companion.screening.scoring import Validity
from companion.vitals.kinds import Kind as Reading
from companion.wiring.export_files import report_words

REPORT = prompt_table("reports/report.ko.toml")
SOURCES = sorted(Path(report.__file__).parent.glob("*.py"))
CODES: dict[str, Iterable[str]] = {
    "level": risk.Level,
    "kind": risk.Kind,
    "step": steps.Action,
    "question": set(steps.Question) - {steps.Question.NONE},
    "reply": steps.Answer,
    "status": Status,
    "alert_status": AlertStatus,
    "outcome": DeliveryOutcome,
    "validity": Validity,
    "asker": Asker,
    "role": Role,
    "item": consent.Item,
    "answer": consent.Answer,
    "giver": consent.Giver,
    "manner": consent.Manner,
    "reading": Reading,
    "hospital": hospital.Kind,
    "sign": [sign["id"] for sign in prompt_table("screening/signs.ko.toml")["sign"]],
}


@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_a_name(kind: str) -> None:
    """No English word of a machine stands on paper."""
    assert set(CODES[kind]) <= set(REPORT["word"][kind])


def test_every_part_has_a_name() -> None:
    """What is left out can be named."""
    assert set(Part) == set(REPORT["part"])


def test_no_layout_says_anything_by_itself() -> None:
    """All words come in: only comments of a layout hold sentences."""
    for path in Path(data_folder("prompts"), "reports").glob("*.typ"):
        lines = [line.split("//")[0] for line in path.read_text(encoding="utf-8").splitlines()]
        assert not re.search("[가-힣]", "".join(lines))


def test_no_slot_is_without_a_name(dossier: Dossier) -> None:
    """A sentence with a slot that nobody fills is an error, not an empty place."""
    words = report_words(dossier)
    for section, table in REPORT.items():
        for name, text in table.items() if isinstance(table, dict) else ():
            if isinstance(text, str) and (slots := [slot for _, slot, _, _ in string.Formatter().parse(text) if slot]):
                with pytest.raises(KeyError):
                    words.text(f"{section}.{name}")
                assert words.text(f"{section}.{name}", **dict.fromkeys(slots, 1))


def test_every_sentence_that_is_named_is_written_and_filled() -> None:
    """No report stops in the middle because a key or a slot is missing."""
    named = [call for path in SOURCES for call in named_in(path)]
    assert len(named) > 100
    for key, given in named:
        section, _, name = key.partition(".")
        slots = {slot for _, slot, _, _ in string.Formatter().parse(REPORT[section][name]) if slot}
        assert given is None or slots <= given, key


def named_in(path: Path) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Yield the key of each sentence that a file names, and the slots it fills; None where they are not literal."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "text":
            key = node.args[0]
            if isinstance(key, ast.Constant):
                literal = all(keyword.arg for keyword in node.keywords)
                yield str(key.value), frozenset(str(one.arg) for one in node.keywords) if literal else None
