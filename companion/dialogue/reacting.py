"""What a listener says or asks behind a telling that was said back: as it was learnt from authors who chose. Pure.

A reaction (``receive.reaction.NAME`` of the bank) is a short sentence that is right after a hundred tellings: that
something is a pity, that it was well done, that the person tells it wittily. A question (``receive.question.NAME``) is
one that may be asked after as many: who taught it, how old they were then, whether they ate. How probable each is comes
from outside (``requests.Reacted``); what that is worth beside anything else that could be said is reckoned as of any
reply (``weighing``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from companion.core.turn import Feeling, Tone
from companion.dialogue.bank import QUESTION, REACTION, Bank, Situation
from companion.dialogue.requests import Reacted
from companion.dialogue.weighing import Weighing

_WANTED: Final = 0.15
"""How probable it may be that something is wanted of 말벗: then a reaction is beside the point."""
_TOLD_TO: Final = 0.1
"""Below it nothing is wanted, whatever a head says of single words: 두 시간. Of ninety answers of strangers eleven
were above, and three of those only told something."""
_ONLY_ANSWERS, _ONLY_TELLS = 0.05, 0.005
"""Below them nothing said to 말벗 is looked for, behind what it asked and else. Of 400 answers that only tell 36 were
heard as a wish, a greeting, the hour or a word not understood, nearly all below; of 225 that want something three are.
Of 400 tellings all but one in twenty are below, of 1,339 questions about plain facts one in thirteen."""
_OFFERED: Final = 2
"""Reactions that are offered: where all of the first was said already, the next is."""
_LIKELIEST: Final = 5
"""Among which these are the ones worth most."""
_LEAST: Final = 0.05
"""How probable a reaction must be to be offered at all."""
_NEAR: Final = 0.7
"""How probable it must be, of the likeliest, to be said before it because it is worth more."""
_ANSWERED: Final = "answered"
"""Kind of what is said of an answer that only tells."""
_ASKED: Final = 0.18
"""How probable a question must be to be asked: of those between it and a tenth judges took nearly half for wrong."""
_ASKED_DOUBTFULLY: Final = 0.45
"""The same of those that judges took for wrong most often (a taste was praised, an age is told), and of one alone."""
_DOUBTFUL: Final = frozenset(
    {
        "child_age",
        "how_long_it_took",
        "how_many",
        "how_many_years",
        "how_met",
        "hurt_yourself",
        "in_those_days",
        "name",
        "tasted",
        "tell_more",
        "was_it_fun",
        "when_will_you",
        "where_was_it",
    }
)
_MOURNED: Final = 0.5
"""The same where a death is told."""
_CONTRARY: Final = 0.6
"""How probable a reaction must be that is glad where a death is told, or where its face is the other one."""
_FACED: Final = 0.7
"""How probable all heavy or all light tones together are from which a telling has that face."""
_FACE_SURE: Final = 0.6
"""How probable all reactions of a face together are from which the tones are not asked."""
_GLAD: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE})
_OPEN: Final = frozenset({Feeling.NEUTRAL, Feeling.LONGING})
"""Feelings of reactions that fit either face."""
_HEAVY: Final = frozenset({Tone.LONELY, Tone.HURT, Tone.ANNOYED, Tone.WORRIED, Tone.WEARY, Tone.SORRY})
_LIGHT: Final = frozenset({Tone.GLAD, Tone.PROUD, Tone.THANKFUL, Tone.AMUSED, Tone.CONTENT})


@dataclass(frozen=True, slots=True)
class Reaction:
    """What may be said, and what it is worth."""

    situation: Situation
    worth: float
    """See ``Weighing.worth``."""


def reactions(
    bank: Bank,
    weighing: Weighing,
    reacted: Reacted,
    tones: Mapping[Tone, float],
    *,
    mourned: bool,
    only_answers: bool = False,
) -> tuple[Reaction, ...]:
    """Return the likeliest reactions, best first; none where nobody knows, or something is wanted of 말벗.

    Args:
        bank: Where they are.
        weighing: What replies are worth.
        reacted: How probable each is.
        tones: How probable each tone of the telling is; empty where nobody knows.
        mourned: Whether a death is told, or was spoken of just before.
        only_answers: Whether something is told in answer, and surely nothing else done.
    """
    if reacted.wanted >= _WANTED:
        return ()
    felt = _felt(bank, reacted)
    likely = sorted(reacted.of.items(), key=lambda pair: -pair[1])[:_LIKELIEST]
    kind = _ANSWERED if only_answers else REACTION
    found = [
        (share, Reaction(one, weighing.worth(kind, _features(name, share, _face(felt, one.feeling)))))
        for name, share in likely
        if share >= _LEAST
        for one in bank.reaction(name)
        if share >= _CONTRARY or not _is_contrary(one.feeling, felt, tones, mourned=mourned)
    ]
    near = _NEAR * max((share for share, _ in found), default=0.0)
    ordered = sorted(found, key=lambda pair: (pair[0] < near, -pair[1].worth))
    return tuple(one for _, one in ordered[:_OFFERED])


def _features(name: str, share: float, face: float) -> dict[str, float]:
    return {"bias": 1.0, "share": share, "face": face, name: 1.0}


def questions(
    bank: Bank, weighing: Weighing, reacted: Reacted, *, said: Collection[str], mourned: bool, alone: bool = False
) -> tuple[Reaction, ...]:
    """Return the likeliest questions, best first; none where nobody knows, or something is wanted of 말벗.

    Args:
        bank: Where they are.
        weighing: What replies are worth.
        reacted: How probable each is.
        said: Ids of replies of this session: nothing is asked twice, in other words either.
        mourned: Whether a death is told, or was spoken of just before.
        alone: Whether nothing is said back before it.
    """
    if reacted.wanted >= _WANTED:
        return ()
    asked = {name.rpartition("#")[0] for name in said}
    nothing = 1.0 - sum(reacted.questions.values())
    least = _MOURNED if mourned else _ASKED_DOUBTFULLY if alone else _ASKED
    likely = sorted(reacted.questions.items(), key=lambda pair: -pair[1])[:_LIKELIEST]
    found = [
        Reaction(one, weighing.worth(QUESTION, {"bias": 1.0, "share": share, "nothing": nothing}))
        for name, share in likely
        if share >= max(least, _ASKED_DOUBTFULLY if name in _DOUBTFUL else 0.0)
        for one in bank.question(name)
        if one.id not in asked
    ]
    return tuple(sorted(found, key=lambda one: -one.worth)[:_OFFERED])


def agrees(bank: Bank, reacted: Reacted, feeling: Feeling) -> bool:
    """Return whether a feeling is as probable as the other face; also where nobody knows."""
    felt = _felt(bank, reacted)
    light, heavy = _face(felt, Feeling.JOY), _face(felt, Feeling.SADNESS)
    return feeling in _OPEN or (light >= heavy if feeling in _GLAD else heavy >= light)


def is_told(reacted: Reacted) -> bool:
    """Return whether something is plainly told, and nothing wanted of 말벗."""
    return bool(reacted.of) and reacted.wanted < _TOLD_TO


def only_tells(reacted: Reacted, *, answers: bool) -> bool:
    """Return whether something is told and surely nothing wanted of 말벗, whatever single words sound like.

    Args:
        reacted: What is known; nobody knows where it is empty.
        answers: Whether it is said behind what 말벗 asked: there little is wanted.
    """
    return bool(reacted.of) and reacted.wanted < (_ONLY_ANSWERS if answers else _ONLY_TELLS)


def _felt(bank: Bank, reacted: Reacted) -> Mapping[Feeling, float]:
    """Return how probable all reactions of each feeling are together."""
    felt = dict.fromkeys(Feeling, 0.0)
    for name, share in reacted.of.items():
        for one in bank.reaction(name):
            felt[one.feeling] += share
    return felt


def _face(felt: Mapping[Feeling, float], feeling: Feeling) -> float:
    """Return how probable all feelings are together that have the face of one: longing is near to all that is hard."""
    if feeling in _GLAD:
        return sum(felt[one] for one in _GLAD)
    hard = sum(share for one, share in felt.items() if one not in _GLAD and one is not Feeling.NEUTRAL)
    if feeling is Feeling.NEUTRAL:
        return felt[Feeling.NEUTRAL] + felt[Feeling.LONGING]
    return hard + (felt[Feeling.NEUTRAL] if feeling is Feeling.LONGING else 0.0)


def _is_contrary(
    feeling: Feeling, felt: Mapping[Feeling, float], tones: Mapping[Tone, float], *, mourned: bool
) -> bool:
    if feeling in _OPEN:
        return False
    if feeling in _GLAD and mourned:
        return True
    if _face(felt, feeling) >= _FACE_SURE:
        return False
    against = _HEAVY if feeling in _GLAD else _LIGHT
    return sum(tones.get(tone, 0.0) for tone in against) >= _FACED
