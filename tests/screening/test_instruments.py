"""Instruments as data, and the checker that says everything that is wrong at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from companion.errors import PromptError
from companion.prompts import prompt_table
from companion.screening.instrument import Instrument
from companion.screening.parsing import clinical_digest, load_instrument, parse_instrument

FILE = "phq9.ko.toml"


@pytest.fixture
def table() -> dict[str, Any]:
    return copy.deepcopy(prompt_table(f"instruments/{FILE}"))


def messages(table: Mapping[str, Any]) -> set[str]:
    return {problem.message for problem in parse_instrument(FILE, table).problems}


def test_shipped_instruments_carry_the_international_order_and_codes(instruments: Mapping[str, Instrument]) -> None:
    """Items, codes and options stand as published; the functional codes are not in the order of their numbers."""
    phq9, gds15, gad7 = instruments["phq9"], instruments["gds15"], instruments["gad7"]

    assert [item.code for item in phq9.scored] == [
        "44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8",
    ]  # fmt: skip
    assert [option.code for option in phq9.items[-1].scale.options] == [
        "LA6572-7",
        "LA6573-5",
        "LA6575-0",
        "LA6574-3",
    ]
    assert [item.number for item in gds15.items if item.reversed] == [1, 5, 7, 11, 13]
    assert gad7.scored[0].scale.option("2").text != phq9.scored[0].scale.option("2").text
    assert [item.id for item in phq9.items if item.critical] == ["phq9.9"]


def test_every_cut_off_names_its_population_and_source(instruments: Mapping[str, Instrument]) -> None:
    """No threshold stands without where it comes from."""
    for instrument in instruments.values():
        assert all(one.population and one.source and one.confidence for one in instrument.cutoffs)


def test_every_problem_of_a_file_is_told_at_once(table: dict[str, Any]) -> None:
    """A missing option, a wrong order, a code twice, an unknown key: all are named in one go."""
    del table["scale"]["frequency"]["option"][1]
    table["item"][0], table["item"][1] = table["item"][1], table["item"][0]
    table["item"][3]["code"] = table["item"][2]["code"]
    table["item"][4]["colour"] = "blue"
    table["nonsense"] = 1

    assert {
        "instruments.missing_option",
        "instruments.wrong_order",
        "instruments.duplicate_code",
        "instruments.unknown_key",
    } <= messages(table)
    assert len([one for one in parse_instrument(FILE, table).problems if one.message == "instruments.unknown_key"]) == 2


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("title",), None, "instruments.missing"),
        (("title",), " PHQ-9", "instruments.stray_blank"),
        (("window_days",), "14", "instruments.wrong_kind"),
        (("item_count",), 10, "instruments.wrong_count"),
        (("total_range",), [0, 30], "instruments.wrong_total_range"),
        (("total_range",), [5, 0], "instruments.wrong_range"),
        (("frame", "next"), "no slot", "instruments.no_item_slot"),
        (("scale", "frequency", "kind"), "colour", "instruments.unknown_scale_kind"),
        (("item", 0, "scale"), "nowhere", "instruments.unknown_scale"),
        (("item", 0, "present"), ["/"], "instruments.broken_expression"),
        (("item", 0, "present_text"), ["("], "instruments.broken_pattern"),
        (("item", 0, "reversed"), True, "instruments.reversed_scale"),
        (("item", 0, "scored"), False, "instruments.scored_after_unscored"),
        (("scale", "frequency", "option", 2, "days"), [8, 11], "instruments.days_not_covered"),
        (("scoring", "missing"), "ignore", "instruments.unknown_missing_rule"),
        (("scoring", "required"), [], "instruments.critical_not_required"),
        (("scoring", "required"), ["phq9.9", "phq9.12"], "instruments.unknown_item"),
        (("band", 1, "from"), 6, "instruments.bands_not_covering"),
        (("cutoff", 0, "at_least"), 40, "instruments.cutoff_out_of_range"),
        (("cutoff", 0, "id"), "positive", "instruments.duplicate_id"),
        (("subscale", 0, "items"), ["phq9.2", "phq9.3"], "instruments.gate_not_first"),
    ],
)
def test_a_defect_is_named(table: dict[str, Any], path: tuple[str | int, ...], value: object, message: str) -> None:
    """Each kind of defect has a sentence of its own."""
    inner: Any = table
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value

    assert message in messages(table)
    with pytest.raises(PromptError):
        load_instrument(FILE, table)


def test_the_digest_follows_the_clinical_content_alone(table: dict[str, Any]) -> None:
    """A changed item changes it; our frames, the words of recognition and the order of fields do not."""
    before = clinical_digest(table)
    table["frame"]["next"] = "{item}?"
    table["item"][0]["present"] = []
    reordered = dict(reversed(list(table.items())))

    assert clinical_digest(reordered) == before

    table["item"][0]["text"] += "."

    assert clinical_digest(table) != before
