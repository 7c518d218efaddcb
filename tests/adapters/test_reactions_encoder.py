"""Reactions to what was told: the shipped network over the shipped encoder, on what no lesson has."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.adapters.reactions_encoder import FILE, NOTHING, WANTED, EncodedReactions, ReactionNetwork
from companion.dialogue.bank import QUESTION, REACTION, RECEIVE
from companion.prompts import data_folder, prompt_table
from companion.wiring import language

SHIPPED = data_folder("models") / FILE


@pytest.fixture(scope="module")
def network() -> ReactionNetwork:
    found = ReactionNetwork.read(SHIPPED)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def shipped(network: ReactionNetwork) -> EncodedReactions:
    encoder, name = language.sentence_encoder(), language.encoder_id()
    return EncodedReactions(encoder, language.analyser(), network, encoder_id=name)


def of_bank(kind: str, file: str) -> set[str]:
    """Return the names of the situations of a file of the bank."""
    prefix = f"{RECEIVE}.{kind}."
    return {one["id"].removeprefix(prefix) for one in prompt_table(f"replies/{file}")["situation"]}


def test_it_names_the_reactions_and_questions_of_the_bank(network: ReactionNetwork) -> None:
    """None is missing, none is another."""
    assert set(network.names) == of_bank(REACTION, "receive_reactions.toml") | {NOTHING, WANTED}
    assert set(network.questions) == of_bank(QUESTION, "receive_questions.toml") | {NOTHING}


@pytest.mark.parametrize(
    ("told", "any_of"),
    [
        ("젊어서 방앗간에서 일했어.", {"how_many_years", "hardest", "in_those_days", "remembered_most"}),
        ("밤새 기침이 나서 한숨도 못 잤어.", {"seen_doctor", "now_body", "since_when_trouble", "eaten"}),
    ],
)
def test_what_anybody_would_ask_is_likeliest(shipped: EncodedReactions, told: str, any_of: set[str]) -> None:
    """Of all questions one that a listener has."""
    questions = shipped.reacted(told, "").questions

    assert max(questions, key=lambda name: questions[name]) in any_of
    assert sum(questions.values()) <= 1.0 + 1e-5


@pytest.mark.parametrize(
    ("told", "any_of"),
    [
        ("영감 먼저 보내고 나니 밤이면 그 양반이 보고 싶어.", {"missed", "lonely", "empty", "condolence"}),
        ("손자가 이번에 취직을 했다네.", {"congratulations", "pride_in_family", "glad"}),
        ("어젯밤에 한숨도 못 잤어.", {"sleepless", "tired"}),
    ],
)
def test_what_is_plain_is_met_rightly(shipped: EncodedReactions, told: str, any_of: set[str]) -> None:
    """The likeliest reaction is one that anybody would have."""
    reacted = shipped.reacted(told, "")

    assert max(reacted.of, key=lambda name: reacted.of[name]) in any_of
    assert sum(reacted.of.values()) <= 1.0 + 1e-5


def test_a_question_to_malbeot_wants_something(shipped: EncodedReactions) -> None:
    """A telling does not."""
    assert shipped.reacted("너는 밥을 먹을 줄 아냐?", "").wanted > 0.3
    assert shipped.reacted("어제 김장을 했어.", "").wanted < 0.1


def test_nobody_knows_over_another_encoder(network: ReactionNetwork) -> None:
    """What was learnt over one is nothing over another."""
    other = EncodedReactions(language.sentence_encoder(), language.analyser(), network, encoder_id="other")

    assert not other.reacted("손자가 취직을 했다네.", "").of


def test_nothing_said_is_met_with_nothing(shipped: EncodedReactions) -> None:
    """Blank text is no telling."""
    assert not shipped.reacted(" ", "").of


def test_what_is_packed_is_read_again(network: ReactionNetwork, tmp_path: Path) -> None:
    """A damaged or missing file is none."""
    file = tmp_path / "network.npz"
    file.write_bytes(network.packed())
    again = ReactionNetwork.read(file)

    assert again is not None
    assert (again.names, again.questions) == (network.names, network.questions)
    assert again.words == network.words
    file.write_bytes(network.packed()[:1000])
    assert ReactionNetwork.read(file) is None
    assert ReactionNetwork.read(tmp_path / "none.npz") is None
