"""Understands an utterance and answers it: from the bank, from what was asked before, or behind the guard.

What comes before anything else (danger, commands, questions that must be answered rightly) is not its business: see
``flow``. A short utterance means little by itself, so it is read as the answer to 말벗's own question, or together with
what the person said before.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import replace
from typing import Final

from companion.core.reading import Reading
from companion.core.turn import Act, Feeling, Noticed, Reply, ReplySource, Understanding
from companion.dialogue.answering import GENERAL, as_answer, nodded, nodded_to, only_telling, reaction
from companion.dialogue.bank import Situation
from companion.dialogue.choice import DEFAULT_SCALES, SURE_SCALES, Evidence, Sayable, pick, ranked
from companion.dialogue.claims import LIKED, OTHERS_NAMED
from companion.dialogue.context import (
    DEAD,
    NEAR_CHARACTERS,
    OF_ANIMALS,
    held_gist,
    held_topic,
    in_context,
    met_before,
    mirrored,
    mourned,
    named,
    told_before,
    wanted_by,
    with_back,
)
from companion.dialogue.frames import TROUBLE
from companion.dialogue.generation import generated
from companion.dialogue.guard import PASSED
from companion.dialogue.motifs import is_known
from companion.dialogue.offering import may_offer
from companion.dialogue.own_questions import CONTENT
from companion.dialogue.quiet import asked_enough, wants_quiet
from companion.dialogue.receiving import (
    JOYFUL,
    asks_nothing,
    corrected,
    is_felt,
    is_only_listening,
    is_short,
    is_sure,
    received,
)
from companion.dialogue.requests import Answer, FindNear, Near, Request
from companion.dialogue.slots import SAID_SLOTS, filled, taken_up
from companion.dialogue.state import Setting
from companion.dialogue.steering import greets_nobody, only_told, staying, steered
from companion.dialogue.tables import Parts
from companion.dialogue.taken import Taken
from companion.dialogue.understanding import OTHER, Voices
from companion.dialogue.wants import likely
from companion.dialogue.worthiest import ASKED, Choice, answered, listened_only, weighed_up, with_reaction

_OF_HEALTH: Final = frozenset({"body_pain", "illness_hospital", "medicine", "sleep", "hearing_vision", "memory"})
_CONFUSED: Final = frozenset({"bewildered", "taken_for_another", "date_time", "date", "date_lost", "time"})
FORGETTING: Final = "forgetting"
_BARE_WORDS: Final = 2
"""Content words of an answer that nothing but the question explains: 두 시간."""
_SHORT_WORDS: Final = 6
"""Content words; what is longer stands by itself."""
_JOINED_SURE: Final = 0.35
"""How sure the encoder must be of a situation that fits only together with what was said before."""
_JOINED_CERTAIN: Final = 0.5
"""And where the words can be said back instead."""
_JOINED_GLAD: Final = 0.8
"""How glad words and those before them must be together for the gladness to be received."""
_UNMOVED: Final = JOYFUL | {Feeling.NEUTRAL}
_TOLD: Final = frozenset({Act.TELL, Act.COMPLAIN, Act.ASK, Act.YES, Act.NO, Act.UNCLEAR})
_ANSWERS: Final = frozenset({Act.YES, Act.NO, Act.UNCLEAR})


class Replier:
    """Built once; holds no state of a conversation."""

    def __init__(self, parts: Parts, persona: str) -> None:
        self._parts = parts
        self._persona = persona

    def reply(
        self, heard: Taken, understood: Understanding, evidence: Evidence
    ) -> Generator[Request, Answer, tuple[Reply | None, Understanding]]:
        """Return what is said, and what was understood; no reply where nothing fits what may have been misheard.

        Args:
            heard: What was said, and when.
            understood: What ``understood`` made of it.
            evidence: What it was made out of.
        """
        heard = yield from with_back(self._parts, heard)
        chosen = yield from self._chosen(heard, understood, evidence)
        chosen = answered(self._parts, heard, chosen, evidence)
        if heard.doubtful and not chosen.situations:
            return None, chosen.understood
        picked = self._picked(heard, chosen)
        if picked is None:
            return None, chosen.understood
        situation, reply = picked
        understood = replace(chosen.understood, situation=situation)
        if heard.setting.generation:
            shown = (*chosen.situations, *chosen.fallbacks)
            reply = yield from generated(self._parts, self._persona, heard, understood, shown, instead_of=reply)
        return reply, understood

    def _picked(self, heard: Taken, chosen: Choice) -> tuple[str, Reply] | None:
        """Return the situation and the reply of the bank. What is said back must pass the guard like anything else."""
        values, state = self._values(heard, chosen.understood.act), heard.state
        sayable = Sayable(
            state.used | self._unoffered(heard, chosen),
            heard.setting.said_lately,
            values,
            heard.chance,
            may_ask=chosen.may_ask and not asked_enough(state.turns),
            quiet=wants_quiet(state.turns),
            planned=self._parts.mirror.is_planned(heard.text),
            fits=chosen.fits,
            leads=not state.turns or not self._parts.mirror.leads(state.turns[-1].reply),
        )
        for can in (sayable, replace(sayable, values={**values, **dict.fromkeys(SAID_SLOTS, "")})):
            picked = self._pick(heard, chosen, can)
            if picked is None:
                return None
            situation, reply_id, text = picked
            said = filled(text, values)
            if not taken_up(text) or self._parts.guard.refused_by(said) == PASSED:
                return situation.id, Reply(said, ReplySource.BANK, reply_id)
        return None

    def _pick(self, heard: Taken, chosen: Choice, sayable: Sayable) -> tuple[Situation, str, str] | None:
        """Return a reply that may be said; where all of a situation are said already, none that offers what may not be.

        A situation of which nothing else is left is passed over.
        """
        situations, fallbacks = chosen.situations, chosen.fallbacks
        while (picked := pick(situations, fallbacks, sayable)) is not None:
            if self._may_offer(picked[2], heard):
                return picked
            situations = tuple(one for one in situations if one.id != picked[0].id)
            fallbacks = tuple(one for one in fallbacks if one.id != picked[0].id)
        return None

    def _unoffered(self, heard: Taken, chosen: Choice) -> frozenset[str]:
        """Return the ids of replies that offer what may not be offered now."""
        return frozenset(
            f"{situation.id}#{number}"
            for situation in (*chosen.situations, *chosen.fallbacks)
            for number, text in enumerate(situation.replies)
            if not self._may_offer(text, heard)
        )

    def _may_offer(self, text: str, heard: Taken) -> bool:
        offered = self._parts.offers.of(text)
        return offered is None or may_offer(offered, self._parts, heard.setting, heard.state)

    def taken(self, heard: Taken) -> Generator[Request, Answer, tuple[Taken, Understanding, Evidence]]:
        """Yield what is needed to understand what was heard; return it with how it is met, and what was made of it."""
        understood, evidence = yield from self.understood(heard.text, heard.reading)
        thanks = understood.act is Act.THANK and bool(heard.remarked)
        if heard.only_tells and not thanks and not self._is_whole(heard):
            return heard, only_telling(understood), only_told(self._parts.bank, evidence)
        return heard, understood, staying(evidence) if heard.answers else evidence

    def understood(self, shown: str, reading: Reading) -> Generator[Request, Answer, tuple[Understanding, Evidence]]:
        """Yield what is needed to understand an utterance; return what was made of it."""
        parts = self._parts
        answer = yield FindNear(shown[-NEAR_CHARACTERS:])
        near = tuple(found for found in answer if isinstance(found, Near)) if isinstance(answer, tuple) else ()
        labels = yield from named(parts, shown, shown)
        said = parts.claims.said(shown, reading)
        heard, near = near, parts.claims.allowed(parts.bank, near, said)
        evidence = Evidence(
            words=parts.likeness.by_words(reading),
            cues=parts.likeness.by_cues(shown, reading),
            near=near,
            others=parts.likeness.of_other_people(reading),
            unnamed=parts.likeness.of_unnamed_people(reading),
            of_others=OTHERS_NAMED in said,
            liked=next((LIKED[name] for name in LIKED if name in said), ""),
            labels=labels,
            barred=frozenset(one.id for one in parts.bank.situations.values() if not parts.claims.allow(one, said)),
        )
        topics = parts.understander.lexicon.topics(reading)
        understood = parts.understander.understand(reading, Voices(topics, evidence.words, near, heard, labels))
        noticed = self._noticed(shown, reading, {*topics, understood.topic}, said, likely(labels))
        return replace(understood, noticed=noticed), evidence

    def _noticed(
        self, shown: str, reading: Reading, topics: Collection[str], said: Collection[str], wants: tuple[str, ...]
    ) -> Noticed:
        mentions = self._parts.naming.find(shown, reading)
        question = self._parts.fraud.find(shown, reading) or self._parts.questions.find(shown, reading)
        request = question.id if question is not None else self._parts.telling.wanted(shown, "")
        return Noticed(
            people=mentions.people,
            things=mentions.things,
            request=request,
            health=not _OF_HEALTH.isdisjoint(topics),
            confused=request in _CONFUSED or FORGETTING in said,
            wants=wants,
        )

    def _chosen(
        self, heard: Taken, understood: Understanding, evidence: Evidence
    ) -> Generator[Request, Answer, Choice]:
        """Return the situations that fit, best first, and the general ones."""
        want = wanted_by(self._parts, heard, evidence.labels)
        corrects = heard.state.turns and self._parts.naming.find(*_of(heard)).corrected is not None
        said = corrects or self._parts.frames.find(heard.text) is not None
        if want is not None and want.gist and not said:
            return Choice(self._parts.bank.received(want.gist), (), understood)
        evidence = yield from in_context(self._parts, heard.state, heard.text, evidence)
        scales = SURE_SCALES if mirrored(self._parts, heard, understood.act) else DEFAULT_SCALES
        found = self._in_season(ranked(self._parts.bank, evidence, understood, scales), heard.setting)
        correction = self._correction(heard, evidence)
        short = is_short(evidence) or (heard.answers and len(heard.reading.words) <= _BARE_WORDS)
        short_answer, topic = as_answer(self._parts, heard, understood, is_short=short)
        plain = bool(short_answer) and reaction(self._parts, heard, understood) != CONTENT
        understood = replace(understood, topic=topic) if topic and understood.topic == OTHER else understood
        alone = not short and correction is None
        framed = self._framed(heard, understood, evidence, found) if alone else None
        if framed is not None:
            return (yield from weighed_up(self._parts, heard, framed, evidence))
        steering = steered(self._parts.bank, evidence, told=scales is SURE_SCALES)
        if steering is not None and not corrects:
            return Choice((steering[0],), (), replace(understood, act=steering[1] or understood.act))
        asks_not = understood.act in ASKED and (short or heard.answers or asks_nothing(self._parts.bank, evidence))
        if asks_not or (greets_nobody(understood, evidence) and not self._is_whole(heard)):
            understood = replace(understood, act=Act.TELL)
        how = nodded_to(self._parts, heard, understood, evidence, short=short or plain)
        nodding = how if correction is None and not is_felt(understood) else ""
        nods = yield from met_before(self._parts, heard.state, nodding)
        if correction is not None:
            found, how = (correction,), ""
        elif how and not is_felt(understood):
            general = self._parts.bank.answered("any", GENERAL[how], OTHER)
            found = (*nods, *nodded(self._parts, heard, understood), *general)
        elif (plain or (short and short_answer)) and not is_felt(understood):
            found = (*nodded(self._parts, heard, understood), *short_answer)
        elif len(heard.reading.words) <= _SHORT_WORDS and heard.state.turns and understood.act in _TOLD:
            joined, understood = yield from self._joined(heard, understood, evidence)
            found = tuple(one for one in (*found, *joined) if one.topic == understood.topic)
        if understood.act in _ANSWERS and not plain and not self._is_whole(heard):
            understood = replace(understood, act=Act.TELL)  # 안 왔어 denies nothing that was asked
        general = yield from self._general(heard, understood, evidence, told=not found and understood.act in _TOLD)
        may_ask = is_sure(evidence) or is_known(general)
        chosen = Choice(found, (*general, *short_answer), understood, may_ask=may_ask)
        return (
            (yield from weighed_up(self._parts, heard, chosen, evidence))
            if alone
            else with_reaction(self._parts, heard, chosen, evidence)
        )

    def _general(
        self, heard: Taken, understood: Understanding, evidence: Evidence, *, told: bool
    ) -> Generator[Request, Answer, tuple[Situation, ...]]:
        """Return what receives a telling, best first; ``told``: whether no situation fits it."""
        parts = self._parts
        again = listened_only(parts, heard)
        general = received(parts.bank, understood, evidence, mourned=mourned(parts, heard), again=again)
        if told and is_only_listening(parts.bank, general):
            general = (*(yield from held_gist(parts, heard.state, evidence)), *general)
        return parts.motifs.before(general, heard.text if told else "", evidence)

    def _framed(
        self, heard: Taken, understood: Understanding, evidence: Evidence, found: tuple[Situation, ...]
    ) -> Choice | None:
        """Return what receives a telling that a rule knows plainly; None where none does, or a situation fits."""
        framed = self._parts.frames.find(heard.text)
        if framed is None or (found and TROUBLE not in framed.allows):
            return None
        if DEAD in self._parts.claims.said(heard.text, heard.reading) and framed.feeling in _UNMOVED:
            return None  # 박 씨가 갔어, 그저께만 해도 나랑 화투를 쳤는데: of cards nothing is said
        understood = replace(understood, act=Act.TELL, topic=framed.topic)
        general = received(self._parts.bank, understood, evidence, mourned=mourned(self._parts, heard))
        return Choice((framed,), general, understood)

    def _is_whole(self, heard: Taken) -> bool:
        return self._parts.understander.lexicon.is_whole(heard.text)

    def _read(self, text: str) -> Reading:
        return self._parts.grammar.read(self._parts.analyser.analyse(text))

    def _correction(self, heard: Taken, evidence: Evidence) -> Situation | None:
        if not heard.state.turns:
            return None
        if self._parts.naming.find(*_of(heard)).corrected is not None:
            return self._parts.bank.situations.get("other.correction")
        return None if heard.answers else next(iter(self._parts.bank.received(corrected(evidence))), None)

    def _joined(
        self, heard: Taken, alone: Understanding, evidence: Evidence
    ) -> Generator[Request, Answer, tuple[tuple[Situation, ...], Understanding]]:
        """Read the words together with what was said before: ``바둑 대회에 나갔어``, ``이등 했네``."""
        parts = self._parts
        before = told_before(heard.state)
        if not before:
            return (), alone
        text = ". ".join((*before, heard.text))
        together, joined = yield from self.understood(text, self._read(text))
        understood = replace(alone, topic=held_topic(heard.state, alone, together, evidence))
        # A bare noun shows no feeling; and what was glad before need not be glad in what follows.
        bare = bool(parts.naming.find(*_of(heard)).echo)
        if bare:
            understood = replace(understood, feeling=Feeling.NEUTRAL, strength=0.0)
        told = together.feeling not in JOYFUL or (bare and together.strength >= _JOINED_GLAD)
        if not is_felt(understood) and is_felt(together) and told:
            understood = replace(understood, feeling=together.feeling, strength=together.strength)
        # The person's own words said back fit better than what only half fits together with earlier ones.
        values = self._values(heard, alone.act)
        needed = _JOINED_CERTAIN if values["mirror"] or values["echo"] else _JOINED_SURE
        sure = {near.situation for near in joined.near if near.similarity >= needed}
        fitting = (one for one in ranked(parts.bank, joined, replace(together, act=alone.act)) if one.id in sure)
        return self._in_season(tuple(fitting), heard.setting), understood

    def _in_season(self, situations: tuple[Situation, ...], setting: Setting) -> tuple[Situation, ...]:
        return tuple(one for one in situations if not one.seasons or setting.season in one.seasons)

    def _values(self, heard: Taken, act: Act) -> dict[str, str]:
        """Return what fills the slots of a reply: who and what was named, and the telling said back."""
        parts = self._parts
        mentions = parts.naming.find(*_of(heard))
        last = heard.state.turns[-1].understanding if heard.state.turns else None
        of_others = last is not None and last.topic in OF_ANIMALS
        mirror = mirrored(self._parts, heard, act, of_others=of_others)
        if len(heard.state.turns) % 2:
            mirror = parts.mirror.varied(mirror)
        vary, told = bool(len(heard.state.turns) % 2), act in _TOLD and not mirror
        gleaned = parts.mirror.gleaned(heard.text, parts.analyser.analyse, vary=vary) if told else ""
        return {**heard.slots, **mentions.slots(mirror), "mirror": mirror, "gleaned": gleaned}


def _of(heard: Taken) -> tuple[str, Reading, str]:
    return heard.text, heard.reading, heard.last
