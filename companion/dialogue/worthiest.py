"""Which of all that may be said of a telling is worth most: the bank, an exemplar, a reaction, or no more. Pure."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from companion.core.turn import Act, Tone, Understanding
from companion.dialogue.bank import MOTIF, RECEIVE, TONE, Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.context import OF_DEATH, alike, fits, mirrored, mourned, read
from companion.dialogue.exemplars import Fitting, as_situations
from companion.dialogue.quiet import asked_enough, wants_quiet
from companion.dialogue.reacting import Reaction, agrees, questions, reactions
from companion.dialogue.receiving import asks_nothing, is_felt, is_only_listening, is_warned, only_listened
from companion.dialogue.requests import Answer, Request
from companion.dialogue.restating import only_back, worth_needed
from companion.dialogue.tables import Parts
from companion.dialogue.taken import Taken
from companion.dialogue.weighing import weighed

_MOURNS: Final = "mourned"
"""What a reply says of somebody dead."""
_WEIGHED: Final = 4
"""Situations of which it is asked how well their replies fit."""
_SHORT_WORTH: Final = 0.1
"""What a reaction to short words must be worth, of which else is only known how they answer."""
_MARGIN: Final = 0.15
"""How much more a reaction must be worth than what takes up what is particular. Where nothing is said back it stands
for loose words alone: of 28 such replies judges took two thirds for general, of those behind a telling none."""
_BEHIND: Final = -0.2
"""What a reaction must be worth instead of no more than an echo, or of loose words. Of 400 tellings judges found 36
bare echoes never right and 25 loose words one in ten, the likeliest reaction there a third."""
_MOTIF: Final = 0.1
"""The same instead of a motif: of 25 judges found a quarter right and half wrong, of reactions there half and a
fifth."""
_ANSWERED: Final = -0.2
"""What a reaction to what only answers must be worth. Of 400 such answers judges found the likeliest reaction right for
half and wrong for a quarter; of what else was said a fifth and a third, of no more than an echo none and a fifth."""
_PUT_RIGHT: Final = "other.correction"
TELLING: Final = frozenset({Act.TELL, Act.COMPLAIN})
_TOLD: Final = TELLING | {Act.YES, Act.NO, Act.UNCLEAR, Act.ACKNOWLEDGE}
ASKED: Final = frozenset({Act.ASK, Act.REQUEST})
_KEPT: Final = frozenset({"malbeot", "medicine", "phone_scam"})
"""Topics of which what is said is not left to a reaction: 말벗 itself, and where to turn."""

_TONED: Final = f"{RECEIVE}.{TONE}."
_MOTIFS: Final = f"{RECEIVE}.{MOTIF}."
_KEPT_LIKELY: Final = 0.25
"""How probable one of them must be for that."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be said."""

    situations: tuple[Situation, ...]
    """Best first."""
    fallbacks: tuple[Situation, ...]
    understood: Understanding
    may_ask: bool = True
    fits: Mapping[str, float] = field(default_factory=dict)
    """How well replies fit, as far as it is known."""


def weighed_up(parts: Parts, heard: Taken, chosen: Choice, evidence: Evidence) -> Generator[Request, Answer, Choice]:
    """Return what is said of a telling that means something by itself: what is worth more first."""
    understood = chosen.understood
    asks_not = understood.act in ASKED and asks_nothing(parts.bank, evidence)
    if (understood.act not in TELLING and not asks_not) or is_warned(evidence):
        return chosen
    chosen = _agreeing(parts, heard, chosen)
    near = yield from alike(parts, heard.text)
    offered = (*chosen.situations, *chosen.fallbacks)[:_WEIGHED]
    of_bank = (reply for situation in offered for reply in situation.replies)
    known = yield from fits(heard.text, (*parts.exemplars.replies(near), *of_bank))
    told = parts.exemplars.fitting(heard.text, near, evidence.labels, known)
    plain = parts.weighing.worth(*weighed(offered[0], evidence, known)) if offered else 0.0
    back, again = mirrored(parts, heard, understood.act), listened_only(parts, heard)
    needed = worth_needed(again=again)
    least = max(plain, needed) if back else plain
    told = tuple(one for one in told if one.worth > least and _suits(parts, heard, one))
    loose = _is_loose(parts, offered)
    bare = only_back(parts.bank, parts.weighing, offered, evidence, known, again=again) if back else ()
    behind = _BEHIND if bare or loose else _MOTIF if _is_motif(offered) else least + _MARGIN
    found = _reactions(parts, heard, evidence, offered, behind)
    if not back and (told or not (loose or _is_motif(offered))):
        found = ()
    better = _with_reactions(told, found, understood.topic)
    better = better or bare
    understood = replace(understood, act=Act.TELL) if better else understood
    return replace(chosen, situations=(*better, *chosen.situations), understood=understood, fits=known)


def with_reaction(parts: Parts, heard: Taken, chosen: Choice, evidence: Evidence) -> Choice:
    """Return what is said of short words, a reaction first that is worth enough."""
    if chosen.understood.act in ASKED or is_felt(chosen.understood):
        return chosen
    offered = (*chosen.situations, *chosen.fallbacks)[:1]
    found = _reactions(parts, heard, evidence, offered, _SHORT_WORTH) if _is_loose(parts, offered) else ()
    understood = replace(chosen.understood, act=Act.TELL) if found else chosen.understood
    return replace(chosen, situations=(*(one.situation for one in found), *chosen.situations), understood=understood)


def answered(parts: Parts, heard: Taken, chosen: Choice, evidence: Evidence) -> Choice:
    """Return what is said of what only answers, a reaction first; what puts something right or may warn stays."""
    first = next(iter(chosen.situations), None)
    if (
        not heard.only_answers
        or chosen.understood.act not in _TOLD
        or is_warned(evidence)
        or (first is not None and first.id == _PUT_RIGHT)
    ):
        return chosen
    found = _reactions(parts, heard, evidence, (), _ANSWERED)
    understood = replace(chosen.understood, act=Act.TELL) if found else chosen.understood
    return replace(chosen, situations=(*(one.situation for one in found), *chosen.situations), understood=understood)


def listened_only(parts: Parts, heard: Taken) -> bool:
    """Return whether the last reply took nothing up."""
    return bool(heard.state.turns) and only_listened(parts.bank, heard.state.turns[-1])


def _reactions(
    parts: Parts, heard: Taken, evidence: Evidence, offered: tuple[Situation, ...], least: float
) -> tuple[Reaction, ...]:
    """Return reactions and questions worth more than ``least``; none that what is said back says already."""
    topics = evidence.labels.topics
    if (offered and offered[0].topic in _KEPT) or any(topics.get(name, 0.0) >= _KEPT_LIKELY for name in _KEPT):
        return ()
    grieves, turns, back = mourned(parts, heard), heard.state.turns, mirrored(parts, heard, Act.TELL)
    told, tones = heard.only_answers, evidence.labels.tones
    found = reactions(parts.bank, parts.weighing, heard.reacted, tones, mourned=grieves, only_answers=told)
    if not told and not asked_enough(turns) and not wants_quiet(turns):
        used, best = heard.state.used, max((one.worth for one in found), default=-1.0)
        asks = questions(parts.bank, parts.weighing, heard.reacted, said=used, mourned=grieves, alone=not back)
        found = (*(one for one in asks if one.worth > best), *found)
    return tuple(one for one in found if one.worth > least and not _is_said(one.situation, back, heard.last))


def _is_said(situation: Situation, back: str, last: str) -> bool:
    """Whether what is said back says it already, or the last reply said it in any of its words."""
    return any(cue in back for cue in situation.cues) or any(text in last for text in situation.replies)


def _is_loose(parts: Parts, offered: tuple[Situation, ...]) -> bool:
    """Return whether what would be said first fits any telling, or any in its tone."""
    return not offered or offered[0].id.startswith(_TONED) or is_only_listening(parts.bank, offered)


def _is_motif(offered: tuple[Situation, ...]) -> bool:
    return bool(offered) and offered[0].id.startswith(_MOTIFS)


def _agreeing(parts: Parts, heard: Taken, chosen: Choice) -> Choice:
    """Return what may be said without a tone that reactions speak against: nobody is cheered whose wife is hurt."""
    first = next(iter((*chosen.situations, *chosen.fallbacks)), None)
    if first is None or not first.id.startswith(_TONED) or agrees(parts.bank, heard.reacted, first.feeling):
        return chosen
    situations = tuple(one for one in chosen.situations if one != first)
    fallbacks = (*parts.bank.toned(Tone.PLAIN), *(one for one in chosen.fallbacks if one != first))
    return replace(chosen, situations=situations, fallbacks=fallbacks)


def _with_reactions(told: tuple[Fitting, ...], found: tuple[Reaction, ...], topic: str) -> tuple[Situation, ...]:
    """Return exemplars and reactions together, what is worth more first."""
    of_told = zip((one.worth for one in told), as_situations(told, topic), strict=True)
    every = [*of_told, *((one.worth - _MARGIN, one.situation) for one in found)]
    return tuple(situation for _, situation in sorted(every, key=lambda pair: -pair[0]))


def _suits(parts: Parts, heard: Taken, told: Fitting) -> bool:
    """Whether a death is told on both sides, or on neither: nobody is mourned who is only away."""
    grieves = not OF_DEATH.isdisjoint(parts.claims.said(told.told.told, read(parts, told.told.told)))
    grieves = grieves or any(_MOURNS in parts.claims.said(reply, read(parts, reply)) for reply in told.replies)
    dead = not OF_DEATH.isdisjoint(parts.claims.said(heard.text, heard.reading))
    return grieves or not dead if mourned(parts, heard) else not grieves
