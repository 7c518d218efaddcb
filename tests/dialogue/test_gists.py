"""A telling is received by what it means to who tells it, else by how it is told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from companion.core.heard import Heard
from companion.core.turn import Act, Feeling, Tone
from companion.dialogue.bank import HEAVY, LIGHT, bank_problems
from companion.dialogue.examples import gist_problems, load_gists
from companion.dialogue.flow import Dialogue, Setting
from companion.dialogue.requests import Answer, Labels, Name, Request
from companion.errors import PromptError
from companion.prompts import prompt_table, prompt_tables
from tests.dialogue.conftest import answered

ENTRY = {
    "id": "receive.gist.cancelled",
    "topic": "other",
    "feeling": "sadness",
    "act": "tell",
    "replies": ["서운하지요."],
}


TONES = "replies/receive_tones.toml"


def naming(gist: str, probability: float, tones: Mapping[Tone, float] | None = None) -> object:
    """Return an answerer that is so sure of a gist, and of a neutral telling of no topic."""

    def answer(request: Request) -> Answer:
        if isinstance(request, Name):
            gists = {gist: probability, "ordinary_now": min(0.08, 1 - probability)}
            return Labels({Act.TELL: 0.9}, {"other": 0.9}, {Feeling.NEUTRAL: 0.9}, gists, tones or {})
        return None

    return answer


def reply_id(dialogue: Dialogue, setting: Setting, text: str, gist: str, probability: float) -> str:
    """Return the id of what is answered where the gist is so sure."""
    return answered(dialogue, Heard.typed(text), setting, answer=naming(gist, probability)).reply.id  # type: ignore[arg-type]


def test_a_sure_gist_is_received_after_the_telling_itself(dialogue: Dialogue, setting: Setting) -> None:
    """The person's own words come first, then what they mean."""
    answer = naming("cancelled", 0.8)
    reply = answered(dialogue, Heard.typed("잡채를 무쳐 놓고 앉았다가 도로 넣었어"), setting, answer=answer).reply  # type: ignore[arg-type]
    assert reply.id.startswith("receive.gist.cancelled#")
    assert reply.text.startswith("잡채를 무쳐 놓고 앉았다가 도로 넣으셨군요.")


def test_an_unsure_gist_is_not_received(dialogue: Dialogue, setting: Setting) -> None:
    """What may mean many things is received by its topic and feeling."""
    assert "gist" not in reply_id(dialogue, setting, "잡채를 무쳐 놓고 앉았다가 도로 넣었어", "cancelled", 0.05)


def test_what_is_told_in_a_sure_tone_is_received_in_it(dialogue: Dialogue, setting: Setting) -> None:
    """Nobody knows what it means that the noodles swelled, but that it is told with a laugh."""
    answer = naming("cancelled", 0.05, {Tone.AMUSED: 0.96, Tone.HURT: 0.04})
    reply = answered(dialogue, Heard.typed("국수가 퉁퉁 불었는데 그래도 다 먹었지"), setting, answer=answer).reply  # type: ignore[arg-type]
    assert reply.id.startswith("receive.tone.amused#")


def test_what_is_told_in_no_sure_tone_is_received_by_its_mood_or_plainly(dialogue: Dialogue, setting: Setting) -> None:
    """Neither pity nor cheer on a guess."""
    for tones, received in (
        ({Tone.AMUSED: 0.35, Tone.HURT: 0.35, Tone.PLAIN: 0.3}, "plain"),
        ({Tone.AMUSED: 0.02, Tone.HURT: 0.5, Tone.LONELY: 0.48}, "heavy"),
        ({Tone.AMUSED: 0.5, Tone.GLAD: 0.45, Tone.LONELY: 0.05}, "light"),
    ):
        answer = naming("cancelled", 0.05, tones)
        told = Heard.typed("국수가 퉁퉁 불었는데 그래도 다 먹었지")
        assert answered(dialogue, told, setting, answer=answer).reply.id.startswith(f"receive.tone.{received}#")  # type: ignore[arg-type]


def test_a_thing_is_named_where_nothing_can_be_said_back(dialogue: Dialogue, setting: Setting) -> None:
    """What cannot be turned round is taken up by its noun; what is said back names it already."""
    answer = naming("harvest_grown", 0.8)
    told = Heard.typed("글쎄 우리 상추가 하룻밤 새에 말도 못 하게")
    reply = answered(dialogue, told, setting, answer=answer).reply  # type: ignore[arg-type]
    assert reply.id.startswith("receive.gist.harvest_grown#")
    assert "상추" in reply.text


def test_nobody_is_spoken_of_as_dead_on_a_guess(dialogue: Dialogue, setting: Setting) -> None:
    """An empty place at the table may be that of somebody in hospital."""
    text = "수저를 한 벌만 놓게 되네"
    assert "gist" not in reply_id(dialogue, setting, text, "late_spouse_absence", 0.5)
    assert "late_spouse_absence" in reply_id(dialogue, setting, text, "late_spouse_absence", 0.8)


def test_every_gist_that_is_taught_is_received(dialogue: Dialogue) -> None:
    """Each has its utterances and its sentences, a dozen or nearly, none of them said for two gists."""
    gists = load_gists(prompt_tables("gists"), dialogue.bank.gists)
    assert {one.gist for one in gists} == set(dialogue.bank.gists)
    assert {one.tone for one in gists} == set(Tone)
    assert len(gists) >= 20_000
    entries = [*prompt_table("replies/receive_gists.toml")["situation"], *prompt_table(TONES)["situation"]]
    replies = [reply for entry in entries for reply in entry["replies"]]
    assert len(replies) == len(set(replies))
    assert min(len(entry["replies"]) for entry in entries) >= 10


def test_every_tone_but_asking_is_received() -> None:
    """What is asked of 말벗 is answered by what is asked."""
    names = {entry["id"].removeprefix("receive.tone.") for entry in prompt_table(TONES)["situation"]}
    assert names == {*Tone, HEAVY, LIGHT, "liked", "mourning"} - {Tone.ASKING}


@pytest.mark.parametrize(
    ("gist", "tones", "received"),
    [
        ("pain_usual", {Tone.AMUSED: 0.5, Tone.CONTENT: 0.3}, "receive.light.pain_usual"),
        ("pain_usual", {Tone.WEARY: 0.8}, "receive.gist.pain_usual"),
        ("pain_usual", {Tone.AMUSED: 0.4, Tone.WEARY: 0.4}, "receive.gist.pain_usual"),
        ("called", {Tone.HURT: 0.4, Tone.WRY: 0.3}, "receive.heavy.called"),
        ("called", {Tone.GLAD: 0.9}, "receive.gist.called"),
    ],
)
def test_a_gist_is_received_with_the_face_it_is_told_with(
    dialogue: Dialogue, setting: Setting, gist: str, tones: Mapping[Tone, float], received: str
) -> None:
    """A bad knee told with a smile is no funeral; a call that hurt is no joy."""
    answer = naming(gist, 0.8, tones)
    told = Heard.typed("글쎄 그게 말이야 어제는 하루 종일")
    assert answered(dialogue, told, setting, answer=answer).reply.id.startswith(f"{received}#")  # type: ignore[arg-type]


def test_every_face_is_of_a_gist_that_is_received(dialogue: Dialogue) -> None:
    """What receives it told otherwise is said for no other, and stands beside what usually receives it."""
    faces = prompt_table("replies/receive_faces.toml")["situation"]
    usual = [reply for one in prompt_table("replies/receive_gists.toml")["situation"] for reply in one["replies"]]
    replies = [reply for entry in faces for reply in entry["replies"]]
    assert {entry["id"].split(".")[2] for entry in faces} <= set(dialogue.bank.gists)
    assert {entry["id"].split(".")[1] for entry in faces} == {HEAVY, LIGHT}
    assert len(replies) == len(set(replies))
    assert not set(replies) & set(usual)


def test_what_receives_a_gist_asks_half_the_time_at_most(dialogue: Dialogue) -> None:
    """A listener does not only ask: but for what is asked of 말벗, where it can only ask back."""
    assert dialogue.bank.gists
    for entry in prompt_table("replies/receive_gists.toml")["situation"]:
        if not entry["id"].startswith("other."):
            assert sum("?" in reply for reply in entry["replies"]) <= len(entry["replies"]) / 2, entry["id"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"nowhere": {"plain": ["밥 먹었어"]}}, "unknown_gist"),
        ({"cancelled": {"sad": ["안 왔어"]}}, "unknown_tone"),
        ({"cancelled": {"hurt": ["  "]}}, "not_texts"),
        ({"cancelled": {"hurt": "왔어"}}, "not_texts"),
        ({"cancelled": ["안 왔어"]}, "unknown_tone"),
    ],
)
def test_a_broken_file_of_gists_is_named(table: dict[str, object], message: str) -> None:
    """File, gist and what is wrong, and nothing is loaded."""
    (problem,) = gist_problems({"said.toml": table}, {"cancelled"})
    assert (problem.file, problem.message) == ("gists/said.toml", f"understanding.{message}")
    with pytest.raises(PromptError):
        load_gists({"said.toml": table}, {"cancelled"})


def test_a_situation_of_a_gist_that_nothing_receives_is_named() -> None:
    """A misspelt gist in the bank is found when it is loaded."""
    table = {"situation": [ENTRY, {**ENTRY, "id": "meal.one", "topic": "meal", "gist": "canceled"}]}
    assert [one.message for one in bank_problems({"meal.toml": table}, {"meal", "other"})] == ["replies.unknown_gist"]


def test_who_only_listened_takes_up_more_the_next_time(dialogue: Dialogue, setting: Setting) -> None:
    """What is half sure is listened to once, and received where the last reply did nothing else."""
    told, answer = Heard.typed("잡채를 무쳐 놓고 앉았다가 도로 넣었어"), naming("cancelled", 0.3, {Tone.PLAIN: 1.0})
    first = answered(dialogue, told, setting, answer=answer)  # type: ignore[arg-type]
    then = answered(dialogue, told, setting, first.state, answer=answer)  # type: ignore[arg-type]

    assert first.reply.id.startswith("receive.tone.plain#")
    assert then.reply.id.startswith("receive.gist.cancelled#")


def together(gists: Mapping[str, float], tones: Mapping[Tone, float] | None = None) -> object:
    """Return an answerer to whom several gists are as probable as that."""

    def answer(request: Request) -> Answer:
        if isinstance(request, Name):
            return Labels({Act.TELL: 0.9}, {"other": 0.9}, {Feeling.NEUTRAL: 0.9}, gists, tones or {Tone.PLAIN: 0.9})
        return None

    return answer


@pytest.mark.parametrize(
    ("gists", "tones", "begins"),
    [
        ({"pain_usual": 0.36, "body_slow": 0.29, "body_worry": 0.14}, {}, "receive.family.body"),
        ({"pain_usual": 0.26, "tasty": 0.19, "faith": 0.14}, {}, "receive.tone."),
        ({"late_spouse_memory": 0.55, "spouse_kind": 0.1}, {}, "receive.family.spouse"),
        ({"tasty": 0.3, "outing_nice": 0.3}, {Tone.LONELY: 0.9}, "receive.tone."),
        ({"mood_low": 0.3, "resigned": 0.3}, {Tone.AMUSED: 0.9}, "receive.tone."),
    ],
)
def test_gists_that_are_probable_only_together_are_received_as_what_they_share(
    dialogue: Dialogue, setting: Setting, gists: Mapping[str, float], tones: Mapping[Tone, float], begins: str
) -> None:
    """Of the body is sure where pain is not; but cheer is not read into what sounds sad, nor sorrow into a laugh."""
    answer = together(gists, {Tone.PLAIN: 0.1, **tones})
    reply = answered(dialogue, Heard.typed("그러니까 그게 그렇게 됐지"), setting, answer=answer).reply  # type: ignore[arg-type]
    assert reply.id.startswith(begins)


def test_every_motif_names_gists_that_are_told_after_which_it_is_right(dialogue: Dialogue) -> None:
    motifs = dialogue.bank.motifs
    assert motifs
    assert all(one.gathers for one in motifs)
    assert all(dialogue.bank.is_told(gist) for one in motifs for gist in one.gathers)


def test_every_family_gathers_gists_that_are_told(dialogue: Dialogue) -> None:
    """What is said to 말벗 itself is answered, not received."""
    families = dialogue.bank.families
    assert families
    assert all(dialogue.bank.is_told(gist) for one in families for gist in one.gathers)
