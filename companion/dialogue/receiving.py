"""How a telling is received that no situation of the bank fits: by its gist, else by its tone, else by its feeling.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeVar

from companion.core.turn import Act, Feeling, Tone, Understanding
from companion.dialogue.bank import HEAVY, LIGHT, Bank, Situation
from companion.dialogue.choice import SAID_BACK_ALONE, Evidence
from companion.dialogue.requests import Labels
from companion.dialogue.state import Exchange
from companion.dialogue.understanding import OTHER

_Name = TypeVar("_Name", bound=str)
MOURNED: Final = "bereavement"
BODILY: Final = frozenset({"meal", "sleep", "body_pain", "illness_hospital", "walking_exercise", "medicine"})
JOYFUL: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE})
_OF_THE_BODY: Final = frozenset({Feeling.FATIGUE, Feeling.PAIN})
_GLAD: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE, Feeling.LONGING, Feeling.NEUTRAL})
_GLAD_SURE: Final = 0.65
_GLAD_CERTAIN: Final = 0.92
"""From which a negation or a hard word bars no gladness: 은행잎이 떨어져서 마당이 환하다."""
_GRUDGED: Final = 0.3
_PAIN_SURE: Final = 0.45
"""How probable pain must be to the head, whatever words there are, to be received."""
_FEELING_SURE: Final = 0.6
"""Strength from which a general reply speaks of the feeling; below it, of the topic."""
_TOPIC_NAMED: Final = 0.6
"""How probable a topic must be for a reply to speak of it; below it only the feeling is received."""
_GIST_SURE: Final = 0.4
"""How probable a gist must be to be received: eight judges of 1,868 tellings took 36% of what was said above it for
wrong, half of what was said below. Below it a telling is only said back: a sentence beside the point hurts more than
none."""
_GIST_LIKELY: Final = 0.25
"""The same where the last reply only listened: two in a row sound as if nobody did."""
_GIST_PLAIN: Final = 0.4
"""From which no word stands against it, and nothing told before is needed to understand it."""
_ASKS_NEAR, _ASKS_GIST = 0.4, 0.75
"""From which something may be asked: where neither was so sure, of 347 replies that asked judges took 6% for right and
73% for wrong, of 1,828 that asked nothing 12 and 60."""
_GIST_HELD: Final = 0.35
"""How probable the gist of what was told before must be for an answer to 말벗's question to be received by it."""
_GIST_GRAVE: Final = 0.75
"""The same for gists that speak of the dead where no death is told, or that presume a wrong."""
_GRAVE: Final = frozenset(
    {"late_spouse_memory", "late_spouse_absence", "child_lost", "recent_loss", "dream_of_dead", "pet_lost"}
    | {"cheated", "being_ignored", "guilt_wrong"}
)
_GIST_LAUGHED: Final = 0.65
_LAUGHED: Final = frozenset({"funny_mishap"})
"""What is laughed about, and how probable it must be: a nephew stung by hornets is told as lively."""
_TONE_SURE: Final = 0.95
"""How probable a tone must be to be received where no gist is: of what was said below it judges took half for wrong."""
_THANKFUL_SURE: Final = 0.6
"""The same for thanks, which is seldom mistaken."""
_HEAVY_SURE: Final = 0.95
"""How probable all heavy tones must be together: at 70% a swallow that had come back was mourned, and of 17
replies said at 85% in two strangers' examinations judges let none pass: pride and a visit were worried about."""
_LIGHT_SURE: Final = 0.9
"""The same for light ones: cheer beside grief hurts more than the other way round."""
_FELT_CERTAIN, _FELT_HEAVY = 0.95, 0.7
"""How sure a hard feeling must be, and how probable all heavy tones, to be received where no tone is sure: who says
손자가 말을 안 들어서 속상해 is not only listened to."""
_MOURNING: Final = "mourning"
"""The tone of what is told where somebody's death is told, and no tone is sure."""
_MOURNING_LIGHT: Final = 0.4
"""How probable all light tones together may be for it: who laughs about the dead is listened to."""
_HEAVY: Final = frozenset({Tone.LONELY, Tone.HURT, Tone.ANNOYED, Tone.WORRIED, Tone.WEARY, Tone.SORRY, Tone.WRY})
_LIGHT: Final = frozenset({Tone.GLAD, Tone.PROUD, Tone.THANKFUL, Tone.AMUSED, Tone.CONTENT, Tone.WONDER})
_ALONE: Final = 0.6
"""How much a telling counts beside it and what was told before."""
_FACE: Final = {HEAVY: 0.6, LIGHT: 0.7}
_FACED: Final = 0.75
"""How probable all heavy or all light tones must be together for a gist to be received as told with that face, and how
probable the gist: of what was said with a face below it judges took two of three for wrong."""
_ADDRESSED: Final = 0.5
"""How probable it must be, of all gists together that are said to 말벗 itself, that one of them is meant: who speaks of
others is not thanked for praise."""
_ASKED: Final = 0.2
"""Below it nothing is asked of 말벗, whatever ending the words have: 내 손으로 그걸 어떻게 하노."""
_WARNED: Final = 0.5
"""How probable a gist must be that is answered by a warning."""
_MAY_BE_WARNED: Final = 0.3
_WARNING: Final = frozenset({"scam_suspect"})
_TOLD: Final = frozenset({Act.TELL, Act.COMPLAIN})
_CORRECTION: Final = "correction"
_SHORT: Final = "short_answer"
_ORDINARY: Final = "ordinary_now"
"""The gist of what has none: what receives it fits any telling."""
_UNRECEIVED: Final = frozenset({_SHORT, _CORRECTION, "unclear"})
"""What lies in the turns before is answered from there."""


def received(
    bank: Bank, understood: Understanding, evidence: Evidence, *, mourned: bool, again: bool = False
) -> tuple[Situation, ...]:
    """Return the situations that receive a telling, best first.

    Args:
        bank: Where they are.
        understood: What the telling is.
        evidence: What it was made out of.
        mourned: Whether a death is told, or was spoken of just before.
        again: Whether the last reply only listened.
    """
    gist = _gist(bank, evidence, mourned=mourned, again=again)
    by_gist = bank.received(gist, _face(evidence) if evidence.labels.gists.get(gist, 0.0) >= _FACED else "")
    if not by_gist and understood.act in _TOLD:
        tone = _tone(evidence, understood)
        plain = tone == Tone.PLAIN and mourned and _together(evidence.labels.tones, LIGHT) < _MOURNING_LIGHT
        toned = (_MOURNING if plain else tone, Tone.PLAIN) if tone else ()
        by_gist = (*_families(bank, evidence), *(one for name in toned for one in bank.toned(name)))
    found = (*by_gist, *_by_feeling(bank, understood, evidence, mourned=mourned))
    glad = understood.feeling in JOYFUL and understood.strength >= _GLAD_CERTAIN
    glad = glad and any(one.feeling in _GLAD for one in by_gist[:1])  # 웃고 집에 와서 좀 울었어
    unbarred = {one.id for one in (by_gist if is_plain(evidence) and not evidence.liked else ())}
    if evidence.liked:
        found = (*(one for one in by_gist if one.feeling in _GLAD), *_turned(bank, evidence, mourned=mourned))
    return tuple(
        one for one in found if one.id not in evidence.barred - unbarred or (glad and one.receives and not one.needs)
    )


def _turned(bank: Bank, evidence: Evidence, *, mourned: bool) -> tuple[Situation, ...]:
    """Return what receives a telling whose letters show the opposite of a heavy tone: plainly where it may be both."""
    both = mourned or (evidence.liked == Tone.AMUSED and _together(evidence.labels.tones, HEAVY) >= _FELT_HEAVY)
    return tuple(one for name in (("",) if both else (evidence.liked,)) + (Tone.PLAIN,) for one in bank.toned(name))


def is_plain(evidence: Evidence) -> bool:
    """Whether what is told means one thing by itself; also where nobody names what it means."""
    return max(evidence.labels.gists.values(), default=1.0) >= _GIST_PLAIN


def is_sure(evidence: Evidence) -> bool:
    """Whether what is told is known so well that a question about it is not beside the point."""
    near = max((one.similarity for one in evidence.near), default=1.0)
    return near >= _ASKS_NEAR or max(evidence.labels.gists.values(), default=1.0) >= _ASKS_GIST


def with_context(evidence: Evidence, joined: Labels) -> Evidence:
    """Return the evidence with gists and tones more by the telling itself, less by it and what was told before."""
    alone = evidence.labels
    labels = replace(alone, gists=_mixed(alone.gists, joined.gists), tones=_mixed(alone.tones, joined.tones))
    return replace(evidence, labels=labels)


def _mixed(alone: Mapping[_Name, float], joined: Mapping[_Name, float]) -> Mapping[_Name, float]:
    if not joined:
        return alone
    return {name: _ALONE * alone.get(name, 0.0) + (1 - _ALONE) * share for name, share in joined.items()}


def held(bank: Bank, before: Labels, evidence: Evidence) -> tuple[Situation, ...]:
    """Return what receives what was told before once more, where 말벗 asked about it and the answer says little itself.

    Nothing that is glad where the answer is told with a heavy heart, nothing that mourns where it is told with a smile.

    Args:
        bank: Where it is.
        before: What was told before is, by itself.
        evidence: What the answer was made out of.
    """
    told = {name: share for name, share in before.gists.items() if bank.is_told(name) and name not in _UNRECEIVED}
    best = max(told, key=lambda name: told[name], default="")
    if told.get(best, 0.0) < _GIST_HELD or best in _GRAVE:
        return ()
    tones = evidence.labels.tones
    heavy, light = _together(tones, HEAVY), _together(tones, LIGHT)
    return tuple(
        one
        for one in bank.received(best)
        if not (one.feeling in JOYFUL and heavy >= light) and not (one.feeling not in _GLAD and light > heavy)
    )


def is_warned(evidence: Evidence) -> bool:
    """Whether what is told may be answered by a warning, before which nothing else is said."""
    return any(evidence.labels.gists.get(name, 0.0) >= _MAY_BE_WARNED for name in _WARNING)


def corrected(evidence: Evidence) -> str:
    """Return the gist of a correction where it plainly is one, else nothing."""
    return _CORRECTION if evidence.labels.gists.get(_CORRECTION, 0.0) >= _ADDRESSED else ""


def is_short(evidence: Evidence) -> bool:
    """Whether words mean nothing without those before them."""
    return evidence.labels.gists.get(_SHORT, 0.0) >= _ADDRESSED


def asks_nothing(bank: Bank, evidence: Evidence) -> bool:
    """Whether what sounds like a question or a request is none that 말벗 could answer."""
    gists = evidence.labels.gists
    said_to = (share for name, share in gists.items() if name not in _UNRECEIVED and not bank.is_told(name))
    return bool(gists) and sum(said_to) < _ASKED


def is_felt(understood: Understanding) -> bool:
    """Whether a feeling is sure enough to be spoken of."""
    return understood.feeling is not Feeling.NEUTRAL and understood.strength >= _FEELING_SURE


def only_listened(bank: Bank, last: Exchange) -> bool:
    """Return whether a reply took nothing up: it asked to hear more, or said back what was told and no more."""
    plain = bank.toned(Tone.PLAIN)
    said_back = any(last.reply_id == f"{one.id}#{SAID_BACK_ALONE}" for one in plain)
    return said_back or any(last.reply.endswith(text) for one in plain for text in one.replies)


def is_only_listening(bank: Bank, found: tuple[Situation, ...]) -> bool:
    """Return whether the best of what would be said takes nothing up."""
    return not found or found[0] in (*bank.toned(Tone.PLAIN), *bank.received(_ORDINARY))


def _gist(bank: Bank, evidence: Evidence, *, mourned: bool, again: bool) -> str:
    gists = {name: share for name, share in evidence.labels.gists.items() if name not in _UNRECEIVED}
    said_to = {name: share for name, share in gists.items() if not bank.is_told(name)}
    if sum(said_to.values()) >= _ADDRESSED:
        return max(said_to, key=lambda name: said_to[name])
    told = {name: share for name, share in gists.items() if name not in said_to}
    best = max(told, key=lambda name: told[name], default="")
    usual = _GIST_LIKELY if again else _GIST_SURE
    usual = max(usual, _GIST_LAUGHED) if best in _LAUGHED else usual
    needed = _GIST_GRAVE if best in _GRAVE and not mourned else max(_WARNED, usual) if best in _WARNING else usual
    return best if told.get(best, 0.0) >= needed else ""


def _families(bank: Bank, evidence: Evidence) -> tuple[Situation, ...]:
    """Return what receives gists that are probable only together; nothing that is glad of the sad, or mourns cheer."""
    gists, face = evidence.labels.gists, _face(evidence)
    together = {one: sum(gists.get(name, 0.0) for name in one.gathers) for one in bank.families}
    best = max(together, key=lambda one: together[one], default=None)
    if best is None or together[best] < best.least:
        return ()
    misread = best.feeling in JOYFUL if face == HEAVY else best.feeling not in _GLAD if face == LIGHT else False
    return () if misread else (best,)


def _tone(evidence: Evidence, understood: Understanding) -> str:
    """Return the tone that is sure, else whether it is heavy or light, else the plain one; nothing where none is named.

    A hard feeling that is certain and not told cheerfully is heavy. What receives a topic and a feeling is said only
    where nobody knows a tone: of twelve such replies judges let one pass.
    """
    tones: Mapping[Tone, float] = evidence.labels.tones
    if not tones:
        return ""
    best = max(tones, key=lambda tone: tones[tone])
    if best is not Tone.ASKING and tones[best] >= (_THANKFUL_SURE if best is Tone.THANKFUL else _TONE_SURE):
        return best
    for mood, needed in ((HEAVY, _HEAVY_SURE), (LIGHT, _LIGHT_SURE)):
        if _together(tones, mood) >= needed:
            return mood
    certain = understood.feeling not in {*_GLAD, Feeling.PAIN} and understood.strength >= _FELT_CERTAIN
    return HEAVY if certain and _together(tones, HEAVY) >= _FELT_HEAVY else Tone.PLAIN


def _face(evidence: Evidence) -> str:
    """Return whether a telling is plainly heavy or light, whatever it means; nothing where it is neither."""
    return next((mood for mood, needed in _FACE.items() if _together(evidence.labels.tones, mood) >= needed), "")


def _together(tones: Mapping[Tone, float], mood: str) -> float:
    return sum(tones.get(tone, 0.0) for tone in (_HEAVY if mood == HEAVY else _LIGHT))


def _by_feeling(bank: Bank, understood: Understanding, evidence: Evidence, *, mourned: bool) -> tuple[Situation, ...]:
    # Who tells that a friend sounds weak is not asked whether they are tired themselves.
    named = max(evidence.labels.topics, key=lambda name: evidence.labels.topics[name], default="")
    others_body = evidence.of_others and understood.feeling in _OF_THE_BODY and understood.topic in BODILY
    # To be glad with somebody who is not hurts; to be plain with who is glad does not.
    hasty = understood.feeling in JOYFUL and understood.strength < _GLAD_SURE
    # 물을 부어 놨네 is not 다리가 부어: a word of pain alone sends nobody to a doctor.
    pain = evidence.labels.feelings.get(Feeling.PAIN, 1.0)
    mistaken = understood.feeling is Feeling.PAIN and pain < _PAIN_SURE
    plain = others_body or hasty or mistaken or not is_felt(understood)
    feeling = _grudged(understood, evidence) if plain else understood.feeling
    unsure = understood.topic == named and evidence.labels.topics.get(named, 1.0) < _TOPIC_NAMED
    topic = OTHER if unsure else understood.topic
    if topic == MOURNED and not mourned:
        topic = OTHER  # nobody who lives is spoken of as dead
    return bank.fallbacks(feeling, understood.act, topic)


def _grudged(understood: Understanding, evidence: Evidence) -> Feeling:
    """Return what a complaint is felt as where no feeling is sure: a complaint is never plain."""
    hard = {name: p for name, p in evidence.labels.feelings.items() if name not in _GLAD}
    best = max(hard, key=lambda name: hard[name], default=Feeling.NEUTRAL)
    complains = understood.act is Act.COMPLAIN and not evidence.of_others
    return best if complains and hard.get(best, 0.0) >= _GRUDGED else Feeling.NEUTRAL
