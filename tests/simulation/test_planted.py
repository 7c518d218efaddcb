"""Each defect that is planted in the data or behind a port is found by the checker, and only where it was planted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from companion.evaluation.lives.checker import check
from companion.evaluation.lives.findings import Check, Fault
from companion.evaluation.lives.transcript import Life
from companion.wiring.conversation import Loaded
from companion.wiring.lives.living import live, loaded
from tests.fakes.language_model import FakeLanguageModel
from tests.simulation.defects import DEFECTS
from tests.simulation.people import standard
from tests.simulation.planting import Defect, dialogue_of, shipped

SEED = 3


@pytest.fixture(scope="module")
def sound() -> Loaded:
    return loaded(with_encoder=False)


def found(life: Life, wanted: Check) -> int:
    """Return how often a check found something in a life."""
    return sum(one.check is wanted for one in check(life, standard()))


def defective(defect: Defect, sound: Loaded) -> Loaded:
    """Return what the defective life is lived with."""
    writer = FakeLanguageModel(default=defect.writes) if defect.writes else None
    if defect.edit is None:
        return replace(sound, language=writer)
    tables = shipped()
    defect.edit(tables)
    return replace(sound, dialogue=dialogue_of(tables), language=writer)


def test_there_are_enough_defects() -> None:
    """At least twenty, of all four ways in which a life can go wrong."""
    assert len(DEFECTS) >= 20
    assert {one.check.fault for one in DEFECTS} == set(Fault)
    assert len({one.name for one in DEFECTS}) == len(DEFECTS)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name)
def test_a_planted_defect_is_found(defect: Defect, sound: Loaded) -> None:
    """The check that looks for it finds more than in the same life without it."""
    without = found(live(defect.persona, defect.sessions, seed=SEED, loaded=sound), defect.check)
    broken = defective(defect, sound)
    planted = found(live(defect.persona, defect.sessions, seed=SEED, loaded=broken, world=defect.world), defect.check)

    assert planted > without
