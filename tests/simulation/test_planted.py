"""Each defect that is planted in the data or behind a port is found by the checker, and only where it was planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from companion.evaluation.lives.checker import check
from companion.evaluation.lives.findings import Check, Fault
from companion.evaluation.lives.persona import Persona
from companion.evaluation.lives.transcript import Life
from companion.wiring.conversation import Loaded
from companion.wiring.lives.living import live
from companion.wiring.rehearsal.home import loaded
from tests.fakes.language_model import FakeLanguageModel
from tests.simulation.defects import DEFECTS
from tests.simulation.personas import standard
from tests.simulation.planting import Defect, dialogue_of, shipped

SEED = 3
FEW_TURNS = (4, 6)
"""A defect must show in short sessions too."""


@pytest.fixture(scope="module")
def sound() -> Loaded:
    return loaded(with_encoder=False)


@pytest.fixture(scope="module")
def undisturbed(sound: Loaded) -> Callable[[Defect], Life]:
    """Return what lives the life of a defect without it; a life that several share is lived once."""
    lives: dict[tuple[int, int], Life] = {}

    def lived(defect: Defect) -> Life:
        key = (id(defect.persona), defect.sessions)
        if key not in lives:
            lives[key] = live(briefly(defect), defect.sessions, seed=SEED, loaded=sound)
        return lives[key]

    return lived


def briefly(defect: Defect) -> Persona:
    """Return the person with short sessions, but where what is looked for builds up over several."""
    turns = defect.persona.course.turns if defect.sessions > 2 else FEW_TURNS
    return replace(defect.persona, course=replace(defect.persona.course, turns=turns))


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
    return replace(sound, dialogue=dialogue_of(tables, second_voice=defect.second_voice), language=writer)


def test_there_are_enough_defects() -> None:
    """At least twenty, of all four ways in which a life can go wrong."""
    assert len(DEFECTS) >= 20
    assert {one.check.fault for one in DEFECTS} == set(Fault)
    assert len({one.name for one in DEFECTS}) == len(DEFECTS)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name)
def test_a_planted_defect_is_found(defect: Defect, sound: Loaded, undisturbed: Callable[[Defect], Life]) -> None:
    """The check that looks for it finds more than in the same life without it."""
    broken = defective(defect, sound)
    life = live(briefly(defect), defect.sessions, seed=SEED, loaded=broken, world=defect.world)

    assert found(life, defect.check) > found(undisturbed(defect), defect.check)
