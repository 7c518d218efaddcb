"""What was said is taken up: names, things, the telling itself, and answers to 말벗's own questions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.heard import Heard
from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.core.turn import Act, Reply, ReplySource
from companion.dialogue.flow import Dialogue, Setting, State
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.mirror import Mirror
from companion.dialogue.own_questions import OwnQuestions
from companion.dialogue.slots import can_fill, filled, pairs_of, slots_of, taken_up, without_slots
from companion.prompts import prompt_table
from companion.wiring import language
from tests.dialogue.conftest import answered

ANALYSER = language.analyser()
NAMING = Naming(prompt_table("lexicon/naming.toml"))
MIRROR = Mirror(prompt_table("lexicon/mirror.toml"), NAMING)
OWN = OwnQuestions(prompt_table("lexicon/asked.toml"))


def _said_back(told: str, analyser: Analyser) -> str:
    pieces = MIRROR.pieces(told, analyser.analyse(told))
    return next((said for piece in pieces if (said := MIRROR.of(piece, analyser.analyse(piece)))), "")


@pytest.mark.parametrize(
    ("told", "said_back"),
    [
        ("유골도 못 찾았지", "유골도 못 찾으셨군요"),
        ("고추는 두 근만 사려고 값이 너무 비싸", ""),
        ("손주 주려고 식혜를 만들었어", "손주 주려고 식혜를 만드셨군요"),
        ("나는 독일서 간호사를 했어요", "독일서 간호사를 하셨군요"),
        ("아들이 냉장고를 바꿔 줬어", "아드님이 냉장고를 바꿔 주셨군요"),
        ("감나무에 감이 주렁주렁 열렸어", "감나무에 감이 주렁주렁 열렸군요"),
        ("기침할 때마다 가슴이 울려", "기침할 때마다 가슴이 울리시는군요"),
        ("우리 아들이 효자야", "아드님이 효자군요"),
        ("논에서 벼를 베고 살았지", "논에서 벼를 베고 사셨군요"),
        ("고양이가 집을 나가서 안 와", "고양이가 집을 나가서 안 오는군요"),
        ("화분에 물을 주고 있어", "화분에 물을 주고 계시는군요"),
        ("사람이 그리워", "사람이 그리우시군요"),
        ("어제는 한숨도 못 잤어", "어제는 한숨도 못 주무셨군요"),
        ("수육도 삶아 먹었어", "수육도 삶아 드셨군요"),
        ("추석에 아무도 안 온대", "추석에 아무도 안 온다는군요"),
        ("바다가 바로 앞이었어", "바다가 바로 앞이었군요"),
        ("우리 영감은 이발사였어", "영감님은 이발사셨군요"),
        ("어제는 가수가 나와서 밤늦도록 안 잤어", "어제는 가수가 나와서 밤늦도록 안 주무셨군요"),
        ("막내가 제일 살가워", "막내가 제일 살갑군요"),
        ("몸이 개운혀", "몸이 개운하시군요"),
        ("베란다에 나팔꽃이 폈어 보라색으로", "베란다에 나팔꽃이 폈군요"),
        ("어제도 안 왔어 우리 아들이", "아드님이 어제도 안 오셨군요"),
        ("관리비가 또 올랐네 연금은 그대론데", "관리비가 또 올랐군요"),
        ("그 시간엔 개도 안 짖어", "그 시간엔 개도 안 짖는군요"),
        ("남편은 안 오지 연탄불은 꺼졌지", "연탄불은 꺼졌군요"),
        ("저 사람은 한쪽 어깨가 다 젖었더라고", "저 사람은 한쪽 어깨가 다 젖었군요"),
        ("할미 목을 끌어안던 놈이 학교 가더니 제 방으로 쏙 들어가", "제 방으로 쏙 들어가는군요"),
        ("사람 말은 여전히 웅웅거려", "사람 말은 여전히 웅웅거리는군요"),
        ("우리 손주가 이번에 반장이 됐대", "손주가 이번에 반장이 됐다는군요"),
        ("토요일에 온다고 하더라", "토요일에 온다는군요"),
        ("옆구리가 결려서 숨을 못 쉬겠네", "옆구리가 결려서 숨을 못 쉬시겠군요"),
        ("고향 뒷산에 올라가 보고 싶네", "고향 뒷산에 올라가 보고 싶으시군요"),
        ("비가 오면 무릎이 쑤셔", "비가 오면 무릎이 쑤시는군요"),
        ("오늘 팔씨름을 했는데 내가 이겼어", "오늘 팔씨름을 했는데 이기셨군요"),
        ("오늘 볕이 참 좋아", "오늘 볕이 참 좋군요"),
        ("트로트 보느라 시간 가는 줄 몰라", "트로트 보느라 시간 가는 줄 모르시는군요"),
    ],
)
def test_a_telling_is_said_back(analyser: Analyser, told: str, said_back: str) -> None:
    """The person and their body are honoured, things are not, and sons and daughters are named politely."""
    assert _said_back(told, analyser) == said_back


@pytest.mark.parametrize(
    "told",
    [
        "바보 같은 기계야",
        "나도 젊었을 때는 고왔어",
        "며느리가 괘씸해",
        "오늘이 무슨 요일이더라",
        "빨래 좀 개 봐",
        "친구가 죽었어",
        "언니가 세상을 떴네",
        "아들이 먼저 갔어",
        "밥을 묵었당께",
        "손자가 온다고 했어",
        "내 돈을 나한테 안 줬어",
        "그렇지 뭐",
        "",
        "???",
    ],
)
def test_what_would_hurt_or_be_wrong_is_not_said_back(analyser: Analyser, told: str) -> None:
    """Insults, the dead, blame, questions, requests, dialect and conditions are never repeated."""
    assert MIRROR.of(told, analyser.analyse(told)) == ""


def test_what_follows_an_animal_does_not_honour_it(analyser: Analyser) -> None:
    """A telling without a subject speaks of whom the turn before spoke of."""
    told = "아침마다 노래를 불러"
    assert MIRROR.of(told, analyser.analyse(told), of_others=True) == "아침마다 노래를 부르는군요"


@given(st.text(max_size=60))
def test_the_mirror_never_fails(text: str) -> None:
    """Whatever is heard, it is said back or it is not."""
    said = MIRROR.of(text, ANALYSER.analyse(text))
    assert said == "" or said.endswith("군요")


@pytest.mark.parametrize(
    ("text", "people", "things", "echo"),
    [
        ("우리 아들이 왔어", ("아드님",), (), ""),
        ("국수를 먹었어", (), ("국수",), ""),
        ("작년에", (), (), "작년"),
        ("칼국수", (), ("칼국수",), "칼국수"),
        ("이번 주 일요일이야", (), (), ""),
        ("나", (), (), ""),
    ],
)
def test_who_and_what_is_named(
    analyser: Analyser, grammar: Grammar, text: str, people: tuple[str, ...], things: tuple[str, ...], echo: str
) -> None:
    """People by their polite names, plain things, and a short noun phrase as a whole."""
    found = NAMING.find(text, grammar.read(analyser.analyse(text)))
    assert (found.people, found.things, found.echo) == (people, things, echo)


def test_a_correction_is_heard(analyser: Analyser, grammar: Grammar) -> None:
    """What is put right is taken as right."""
    text = "아니, 간호사가 아니라 간호조무사"
    assert NAMING.find(text, grammar.read(analyser.analyse(text))).corrected == "간호조무사"
    plain = "간호사를 했어"
    assert NAMING.find(plain, grammar.read(analyser.analyse(plain))).corrected is None


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("그러셨군요. 언제부터 그러셨어요?", "time"),
        ("누가 제일 보고 싶으세요?", "person"),
        ("고향이 어디세요?", "place"),
        ("뭘 드셨어요?", "what"),
        ("오늘 마음은 어떠세요?", "state"),
        ("병원에는 가 보셨어요?", "whether"),
        ("피곤하신 거예요, 아니면 심심하신 거예요?", "choice"),
        ("천천히 말씀하세요.", ""),
    ],
)
def test_what_was_asked_is_known_from_its_words(reply: str, kind: str) -> None:
    """Every question of the bank has a kind, whoever wrote it."""
    assert OWN.kind(reply) == kind


@pytest.mark.parametrize(
    ("text", "act", "reaction"),
    [
        ("응", Act.YES, "yes"),
        ("그냥 그래", Act.ACKNOWLEDGE, "so_so"),
        ("몰라", Act.TELL, "unknown"),
        ("없어", Act.TELL, "none"),
        ("작년에", Act.TELL, "content"),
        ("너는 밥 먹었냐", Act.ASK, ""),
    ],
)
def test_a_short_answer_is_taken_as_one(
    analyser: Analyser, grammar: Grammar, text: str, act: Act, reaction: str
) -> None:
    """A yes, a shrug, a time: each answers; a question of the person does not."""
    assert OWN.reaction(text, grammar.read(analyser.analyse(text)), act) == reaction


def test_a_particle_fits_what_fills_the_slot() -> None:
    """A slot carries the two forms of its particle, and a reply with an empty slot is not said."""
    text = "{thing:을/를} 드셨군요, {person}"
    assert filled(text, {"thing": "감", "person": "따님"}) == "감을 드셨군요, 따님"
    assert filled(text, {"thing": "상추", "person": "따님"}).startswith("상추를")
    assert slots_of(text) == {"thing", "person"}
    assert pairs_of(text) == {"을/를"}
    assert not can_fill(text, {"thing": "감", "person": " "})
    assert [taken_up(one) for one in ("네", "{thing}", "{mirror} 네")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("reply", "left"),
    [
        ("{mirror} 그럼요. 좋으셨어요?", "그럼요. 좋으셨어요?"),
        ("{thing:은/는} 어떠세요? 저도 궁금해요.", "저도 궁금해요."),
        ("{echo:이군요/군요}.", ""),
        ("비가 오네요.", "비가 오네요."),
    ],
)
def test_a_reply_without_its_slots_keeps_what_says_something_by_itself(reply: str, left: str) -> None:
    """How well it fits is known of what does not change."""
    assert without_slots(reply) == left


def test_a_short_answer_is_understood_from_the_question(dialogue: Dialogue, setting: Setting) -> None:
    """The same word answers differently after a question than out of nothing."""
    asked = dialogue.noted(_reply("점심은 드셨어요?"), State.start()).state
    after = answered(dialogue, Heard.typed("응"), setting, asked)
    alone = answered(dialogue, Heard.typed("응"), setting)
    assert after.reply.id.startswith("answer.meal.whether.yes")
    assert not alone.reply.id.startswith("answer.")


def test_what_was_said_in_the_last_sessions_is_not_said_again(dialogue: Dialogue, setting: Setting) -> None:
    """The same utterance is answered with other words while there are any."""
    said: set[str] = set()
    for _ in range(6):
        now = replace(setting, said_lately=frozenset(said))
        reply = answered(dialogue, Heard.typed("심심해 죽겠네"), now).reply
        assert reply.id not in said
        said.add(reply.id)


def _reply(text: str) -> Reply:
    return Reply(text, ReplySource.FIXED, "test")


@pytest.mark.parametrize(
    ("told", "planned"),
    [
        ("오늘 점심은 라면이나 끓여 먹을까", True),
        ("김치라도 담가서 보내려고", True),
        ("내일은 병원에 가야지", True),
        ("이제 좀 누워야겠다", True),
        ("점심에 라면을 먹었어", False),
        ("아들이 온단다", False),
    ],
)
def test_what_is_only_meant_is_known(told: str, planned: bool) -> None:  # noqa: FBT001
    """What somebody means to do is not answered as done."""
    assert MIRROR.is_planned(told) is planned
