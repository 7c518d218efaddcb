"""Tellings said back by what was learnt of listeners: the shipped network, on what no lesson has."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.adapters.restating import FILE, MOST_LETTERS, Network, Restater, whole
from companion.prompts import data_folder

SHIPPED = data_folder("models") / FILE


@pytest.fixture(scope="module")
def network() -> Network:
    found = Network.read(SHIPPED)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def restater(network: Network) -> Restater:
    return Restater(MecabAnalyser(), network)


@pytest.mark.parametrize(
    ("told", "back"),
    [
        ("어제 딸이 반찬을 해 왔어", "어제 따님이 반찬을 해 오셨군요"),
        ("며느리가 김치를 담가 왔어", "며느님이 김치를 담가 오셨군요"),
        ("무릎이 아파서 장에 못 갔어", "무릎이 아파서 장에 못 가셨군요"),
    ],
)
def test_a_telling_is_said_back_politely(restater: Restater, told: str, back: str) -> None:
    """Who told it is honoured, and nothing else is changed."""
    said, *others = restater.restated(told, "")

    assert {one.told for one in others} == {told}
    assert said.sure >= max(one.sure for one in others)
    assert said.text == back
    assert said.told == told
    assert 0 < said.sure <= 1
    assert said.likely > 0.5


def test_the_whole_and_each_sentence_are_said_back(restater: Restater) -> None:
    """Which of them is the heart is chosen afterwards."""
    said = restater.restated("비가 왔어 그래서 장에 못 갔어.", "")

    told = ["비가 왔어. 그래서 장에 못 갔어.", "비가 왔어", "그래서 장에 못 갔어."]
    assert list(dict.fromkeys(one.told for one in said)) == told


def test_a_sentence_without_an_end_is_left_out(restater: Restater) -> None:
    """Nobody says three minutes back in one breath."""
    assert not restater.restated("가" * (MOST_LETTERS + 1), "")


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("담 주 화요일군요", "담 주 화요일이군요"),
        ("내일이 제사군요", "내일이 제사군요"),
        ("돌뎅이군요", "돌뎅이군요"),
        ("참 좋군요", "참 좋군요"),
        ("사람이 많았군요", "사람이 많았군요"),
        ("땡큐만군요", ""),
    ],
)
def test_a_noun_that_ends_it_has_its_copula(said: str, right: str) -> None:
    """What ends in a consonant is 이군요, and what no ending closes is not said."""
    assert whole(said, MecabAnalyser().analyse(said)) == right


@pytest.mark.parametrize("text", ["", " ", "…", "ㅋㅋ", "abc 123"])
def test_odd_text_is_no_error(restater: Restater, text: str) -> None:
    """A recogniser writes anything."""
    restater.restated(text, "뭐라고 하셨어요?")


def test_nothing_is_said_back_where_nothing_was_learnt(network: Network, tmp_path: Path) -> None:
    """A file that is missing or damaged leaves the rules of the mirror alone."""
    damaged = tmp_path / "network.npz"
    damaged.write_bytes(SHIPPED.read_bytes()[:1000])

    assert Network.read(damaged) is None
    assert Network.read(tmp_path / "none.npz") is None
    other = {name: array for name, array in network.arrays.items() if not name.startswith("mid.")}
    damaged.write_bytes(dataclasses.replace(network, arrays=other).packed())
    assert Network.read(damaged) is None
    assert not Restater(MecabAnalyser(), None).restated("비가 왔어", "")


def test_what_is_packed_is_read_again(network: Network, tmp_path: Path) -> None:
    """A network written and read is the same network."""
    file = tmp_path / "network.npz"
    file.write_bytes(network.packed())
    again = Network.read(file)

    assert again is not None
    assert dataclasses.astuple(again)[1:] == dataclasses.astuple(network)[1:]
    assert all(np.array_equal(again.arrays[name], array) for name, array in network.arrays.items())
