"""The heads that name act, topic and feeling: taught by examples, kept under a digest, never stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.adapters.labels_encoder import EncodedLabels, labels_name
from companion.core.turn import Act, Feeling
from companion.dialogue.examples import Labelled, load_examples
from companion.errors import PromptError
from companion.prompts import data_folder, prompt_table, prompt_tables
from companion.wiring import language
from tests.adapters.test_situations_encoder import LetterEncoder

WORDS = MecabAnalyser()
EXAMPLES = (
    Labelled("밥을 맛있게 먹었어", Act.TELL, "meal", Feeling.JOY),
    Labelled("점심을 잘 먹었지", Act.TELL, "meal", Feeling.JOY),
    Labelled("잠을 한숨도 못 잤어", Act.COMPLAIN, "sleep", Feeling.FATIGUE),
    Labelled("밤새 잠을 설쳤네", Act.COMPLAIN, "sleep", Feeling.FATIGUE),
)


def test_what_was_taught_is_named() -> None:
    """An example is named as it was taught, with probabilities that sum to one."""
    labels = EncodedLabels(LetterEncoder(), WORDS, EXAMPLES).labels("잠을 통 못 잤어")
    assert max(labels.topics, key=lambda name: labels.topics[name]) == "sleep"
    assert max(labels.feelings, key=lambda name: labels.feelings[name]) is Feeling.FATIGUE
    assert max(labels.acts, key=lambda name: labels.acts[name]) is Act.COMPLAIN
    for shares in (labels.acts, labels.topics, labels.feelings):
        assert sum(shares.values()) == pytest.approx(1.0, abs=1e-4)


def test_heads_are_kept_and_used_again(tmp_path: Path) -> None:
    """The second start teaches nothing and says nearly the same."""
    first = EncodedLabels(LetterEncoder(), WORDS, EXAMPLES, (tmp_path,))
    encoder = LetterEncoder()
    second = EncodedLabels(encoder, WORDS, EXAMPLES, (tmp_path,))
    assert encoder.asked == 0
    one, other = first.labels("밥 먹었어"), second.labels("밥 먹었어")
    assert one.topics["meal"] == pytest.approx(other.topics["meal"], abs=0.01)


@pytest.mark.parametrize("damage", [b"", b"not an archive"])
def test_damaged_heads_are_taught_again(tmp_path: Path, damage: bytes) -> None:
    """A file that cannot be read is replaced, not trusted."""
    path = tmp_path / labels_name(EXAMPLES)
    path.write_bytes(damage)
    encoder = LetterEncoder()
    EncodedLabels(encoder, WORDS, EXAMPLES, (tmp_path,))
    assert encoder.asked == len(EXAMPLES)
    assert path.read_bytes() != damage


def test_other_examples_are_other_heads() -> None:
    """One changed label is another file."""
    changed = (*EXAMPLES[:-1], Labelled(EXAMPLES[-1].text, Act.TELL, "sleep", Feeling.FATIGUE))
    assert labels_name(EXAMPLES) != labels_name(changed)


def test_the_shipped_heads_are_those_of_the_shipped_data() -> None:
    """Nobody waits for a training at the first start."""
    shipped = language.labelled(language.dialogue(WORDS))
    assert (data_folder("models") / "understanding" / labels_name(shipped, language.encoder_id())).is_file()


def test_the_shipped_examples_are_whole_and_said_once() -> None:
    """Each is one of the topics, acts and feelings there are, and no utterance is taught two labels."""
    found = load_examples(prompt_tables("understanding"), prompt_table("lexicon/topics.toml")["topics"])
    assert len(found) >= 1000
    by_text: dict[str, set[tuple[object, str]]] = {}
    for one in found:
        by_text.setdefault(one.text, set()).add((one.act, one.topic))
    assert [text for text, labels in by_text.items() if len(labels) > 1] == []


@pytest.mark.parametrize(
    "table",
    [
        {"nowhere": {"tell": {"joy": ["좋아"]}}},
        {"meal": {"shout": {"joy": ["좋아"]}}},
        {"meal": {"tell": {"bliss": ["좋아"]}}},
        {"meal": {"tell": {"joy": [""]}}},
        {"meal": {"tell": {"joy": "좋아"}}},
        {"meal": "좋아"},
    ],
)
def test_broken_examples_are_refused(table: dict[str, object]) -> None:
    """An unknown topic, act or feeling and anything but texts is named, and nothing is taught."""
    with pytest.raises(PromptError):
        load_examples({"said.toml": table}, {"meal": "식사"})
