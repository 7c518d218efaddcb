"""How well replies fit: by points that are shipped, read anew, never of another encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.adapters.exemplars_by_fit import ExemplarsByFit
from companion.adapters.reply_fit import EncodedFit, FitModel, Side, as_bytes, digest_of
from companion.dialogue.exemplars import Exemplar, Theme
from companion.prompts import data_folder
from companion.wiring import language

WIDTH, INNER, POINT = 8, 6, 4
REPLIES = ("눈이 오네요.", "비가 오네요.", "떡을 하셨네요.")
WORDS = ("눈/NN", "비/NN", "떡/NN")


class SameEncoder:
    """Every sentence is the same vector: only words tell them apart."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.tile(np.eye(1, WIDTH, dtype=np.float32), (len(texts), 1))


def side() -> Side:
    words, steps = as_bytes(np.eye(len(WORDS), POINT, dtype=np.float32))
    centre, bias = np.zeros(WIDTH, dtype=np.float32), np.zeros(POINT, dtype=np.float32)
    inner, inner_bias = np.zeros((WIDTH, INNER), dtype=np.float32), np.zeros(INNER, dtype=np.float32)
    outer, through = np.zeros((INNER, POINT), dtype=np.float32), np.zeros((WIDTH, POINT), dtype=np.float32)
    return Side(centre, inner, inner_bias, outer, through, bias, words, steps)


@pytest.fixture(scope="module")
def model() -> FitModel:
    """A model to which each of three words is a direction, and three replies with one of them each."""
    one, digests = side(), np.array([digest_of(reply) for reply in REPLIES], dtype=np.uint64)
    rarity, order = np.ones(len(WORDS), dtype=np.float32), np.argsort(digests)
    points = one.points(SameEncoder().encode(REPLIES), [[0], [1], [2]], rarity)
    return FitModel("letters", WORDS, rarity, one, one, digests[order], *as_bytes(points[order]))


@pytest.fixture
def fit(model: FitModel, tmp_path: Path) -> EncodedFit:
    """The model as it is read from its file."""
    (tmp_path / "fit.npz").write_bytes(model.packed())
    return EncodedFit(SameEncoder(), MecabAnalyser(), FitModel.read(tmp_path / "fit.npz"), encoder_id="letters")


@pytest.mark.parametrize(("told", "reply"), [("눈이 펑펑 와", 0), ("비가 많이 와", 1), ("떡을 했어", 2)])
def test_the_reply_that_speaks_of_the_same_fits_best(fit: EncodedFit, told: str, reply: int) -> None:
    """Also after the model was written and read."""
    fits = fit.fits(told, REPLIES)

    assert fits[REPLIES[reply]] == pytest.approx(1.0, abs=0.02)
    assert max(fits, key=lambda one: fits[one]) == REPLIES[reply]


def test_a_reply_that_is_not_known_has_no_fit(fit: EncodedFit) -> None:
    """It is left out, not guessed."""
    assert list(fit.fits("눈이 와", ("처음 듣는 말이네요.", REPLIES[0]))) == [REPLIES[0]]
    assert fit.fits("눈이 와", ("처음 듣는 말이네요.",)) == {}


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_fits_blank_text(fit: EncodedFit, text: str) -> None:
    """Nothing said is answered by nothing."""
    assert fit.fits(text, REPLIES) == {}


def test_a_model_over_another_encoder_knows_nothing(model: FitModel) -> None:
    """Its points lie elsewhere: better none."""
    assert EncodedFit(SameEncoder(), MecabAnalyser(), model, encoder_id="another").fits("눈이 와", REPLIES) == {}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_a_damaged_model_is_none(tmp_path: Path, content: bytes) -> None:
    """A cut or foreign file is no defect: the talk goes on without it."""
    (tmp_path / "fit.npz").write_bytes(content)

    assert FitModel.read(tmp_path / "fit.npz") is None
    assert EncodedFit(SameEncoder(), MecabAnalyser(), None).fits("눈이 와", REPLIES) == {}


def test_exemplars_are_found_by_what_their_replies_speak_of(fit: EncodedFit) -> None:
    """However unlike what was told to them; of a theme the nearest that tells it."""
    exemplars = (
        Exemplar("마당이 하얘", (), (), REPLIES[0]),
        Exemplar("젖었어", (), (), theme=1),
        Exemplar("우산을 폈어", (), (), theme=1),
    )
    by_fit = ExemplarsByFit(fit, exemplars, (Theme(1, (REPLIES[1],)), Theme(2, (REPLIES[2],))))

    assert by_fit.found("눈이 와", np.array([0.1, 0.2, 0.3], dtype=np.float32)) == {0, 2}


def test_without_a_model_no_exemplar_is_found_by_its_reply() -> None:
    """Likeness alone finds them then."""
    nobody = EncodedFit(SameEncoder(), MecabAnalyser(), None)
    by_fit = ExemplarsByFit(nobody, (Exemplar("마당이 하얘", (), (), REPLIES[0]),), ())

    assert by_fit.found("눈이 와", np.array([0.1], dtype=np.float32)) == frozenset()


def test_the_shipped_model_knows_the_shipped_replies_and_finds_the_right_ones() -> None:
    """Nearly every reply has a point; of a hundred tellings most find their own reply among a hundred others."""
    talking = language.dialogue(language.analyser())
    model = FitModel.read(data_folder("models") / language.FIT)
    fit = EncodedFit(language.sentence_encoder(), language.analyser(), model, encoder_id=language.encoder_id())
    answered = [one for one in talking.exemplars.all if one.reply]
    asked = answered[:: len(answered) // 100][:100]
    replies = [one.reply for one in asked]

    found = [fit.fits(one.told, replies) for one in asked[:40]]

    assert (fit.rows_of([one.reply for one in answered]) >= 0).mean() > 0.98
    assert sum(max(one, key=lambda r: one[r]) == told.reply for one, told in zip(found, asked, strict=False)) >= 30
