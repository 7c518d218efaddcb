"""Looks for danger in what was said, before anything else is done with it.

Rules are data (``prompts/lexicon/danger*.toml``, see ``lexicon``). Grammar lowers what is plainly denied, past, told of
others or seen in a drama; it never lowers a rule that says it may not be lowered. An excuse takes away what it touches
and nothing else, so that an idiom beside a danger excuses only itself. Without a
model, and no language model can lower it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.core.respelling import Respelling
from companion.errors import PromptError
from companion.safety.lexicon import CALM, Context, Rule, load_danger, touch
from companion.safety.patterns import AnyOf
from companion.safety.risk import NO_RISK, Kind, Level, Risk, Theme
from companion.safety.sentences import Reader, Sentence, Span, marked_spans, sentences
from companion.safety.voices import THIRD, Sounding, Voices
from companion.safety.windows import Window, turn, windows

_RECENT_TURNS: Final = 3
_RECENT_CHARACTERS: Final = 400
"""Of each turn before; what matters of it stands at its end."""
_BLANKS: Final = re.compile(r"\s+")
_READ_WHOLE: Final = 2000
"""Characters up to which every sentence is looked at; behind them only those that hold one of the table's ``stems``."""
_LOWERED: Final = 0.6
"""Confidence in what a context lowered."""
_COMBINED: Final = 0.8
"""Confidence in what only several signs together give away."""
_LEANT_SURE: Final = 0.7
"""How sure the voices must be of a danger that only the turn before makes one."""
_LITTLE: Final = 5
"""Characters beside a doubt that add nothing to it."""
_OF_DEATH: Final = "death"
"""The group of every finding about self-harm in this utterance."""
_WORRIED: Final = "worried"
"""The group that is there when a turn before was about self-harm."""
_GRAVE: Final = "grave"
"""The group that is there when a turn before was urgent and about self-harm."""


@dataclass(frozen=True, slots=True)
class Before:
    """A turn before this one."""

    text: str
    """What the person said."""
    risk: Risk = NO_RISK


@dataclass(frozen=True, slots=True)
class Assessed:
    """What came of one utterance."""

    risk: Risk
    doubt: float = 0.0
    """Share of danger, in [0, 1], that the trained voices hear at most."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a rule found, and where in the whole text."""

    risk: Risk
    place: Span


class Assessor:
    """Built once from the tables; assesses any text."""

    def __init__(
        self,
        tables: Mapping[str, Mapping[str, Any]],
        grammar: Grammar,
        analyser: Analyser,
        voices: Voices | None = None,
    ) -> None:
        """Compile the rules.

        Args:
            tables: Of ``prompts/lexicon``, by file name; those that begin with ``danger`` are read.
            grammar: Reads the morphemes.
            analyser: Finds them.
            voices: The trained voices; None for the rules alone.

        Raises:
            PromptError: A file or pattern cannot be used; it is named.
        """
        self._lexicon = load_danger(tables)
        try:
            self._respelling = Respelling(self._lexicon.respelling)
        except (KeyError, ValueError) as error:
            detail = str(error.args[0])
            raise PromptError("lexicon.pattern", file="danger.toml", pattern="respelling", detail=detail) from error
        firm = [(one.id, one.firm) for one in self._lexicon.rules]
        firm += [(one.id, one.firm) for one in self._lexicon.together]
        self._certain = frozenset(name for name, stands in firm if CALM in stands)
        self._reader = Reader(grammar, self._lexicon.final_behind_tense, self._lexicon.closing, self._lexicon.cited)
        self._analyser = analyser
        self._voices = voices

    @property
    def version(self) -> str:
        """Of the lexicon: recorded with every risk."""
        return self._lexicon.version

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return the half-open spans of ``text`` in which danger is looked for.

        All sentences of what a person can say; of a longer text those behind it that hold a stem of the table, each
        wording once. Linear in the length of the text.
        """
        kept: list[Span] = []
        known: set[str] = set()
        for start, end in marked_spans(text):
            if start >= _READ_WHOLE:
                sentence = text[start:end]
                if sentence in known or not self._lexicon.stems.search(_BLANKS.sub("", sentence)):
                    continue
                known.add(sentence)
            kept.append((start, end))
        return tuple(kept)

    def assess(self, text: str, recent: Sequence[Before] = ()) -> Risk:
        """Return the gravest danger found in one utterance: see ``listen``."""
        return self.listen(text, recent).risk

    def listen(self, text: str, recent: Sequence[Before] = ()) -> Assessed:
        """Return the gravest danger found in one utterance, and how much doubt is left where none was.

        Args:
            text: What was heard.
            recent: The turns before, oldest first; the last three are looked at. After a worry a doubtful word weighs
                more, and what was said then may complete what is said now; after laughter it weighs less.
        """
        recent = recent[-_RECENT_TURNS:]
        read = tuple(self._sentences(text))
        around = _Around(read, recent, self._said_before(recent))
        found = self._witnessed(text, read, [*self._by_rules(read, around)])
        found += self._together(read, around, found)
        leaning = self._leaning(read, around)
        sounding = [*self._sounding(text, read, around, found, leaning)]
        if leaning is not None:
            found = [one if one.risk.evidence in self._certain else _at_most(one, sounding) for one in found]
        found += sounding
        doubt = max((one.risk.confidence for one in sounding), default=0.0)
        return Assessed(self._gravest(text, found, around), doubt)

    def _gravest(self, text: str, found: Sequence[_Found], around: _Around) -> Risk:
        if not found:
            return NO_RISK
        gravest = max(found, key=lambda one: (one.risk.level.rank, one.risk.confidence))
        sure = any(not one.risk.unsure and one.risk.level.rank >= Level.CONCERN.rank for one in found)
        risk = replace(gravest.risk, words=text[slice(*gravest.place)], unsure=gravest.risk.unsure and not sure)
        if risk.level is Level.WATCH and risk.theme is Theme.SELF_HARM and around.was(Level.CONCERN):
            return replace(risk, level=Level.CONCERN)
        return risk if risk.level is not Level.NONE else NO_RISK

    def _said_before(self, recent: Sequence[Before]) -> tuple[Sentence, ...]:
        return tuple(sentence for turn in recent for sentence in self._sentences(turn.text[-_RECENT_CHARACTERS:]))

    def _sentences(self, text: str) -> Iterator[Sentence]:
        for start, end in self.spans(text):
            part = self._respelling.mend(text[start:end])
            yield from sentences(part, start, self._analyser.analyse(part), self._reader)

    def _by_rules(self, read: Sequence[Sentence], around: _Around) -> Iterator[_Found]:
        for sentence in read:
            for rule in self._lexicon.rules:
                found = self._weighed(rule, sentence, around)
                if found is not None:
                    yield found

    def _weighed(self, rule: Rule, sentence: Sentence, around: _Around) -> _Found | None:
        """Return the gravest of what the rule finds in a sentence, each finding lowered by what it is told in."""
        spans = rule.signs.standing(sentence)
        if not spans:
            return None
        contexts = [
            (context.level, told)
            for context in self._lexicon.contexts
            if context.may_lower(rule)
            for told in around.told(context, sentence)
        ]
        weighed = [
            (min([rule.level, *(level for level, told in contexts if touch(told, span))], key=_rank), span)
            for span in spans
        ]
        level, span = max(weighed, key=lambda one: one[0].rank)
        confidence = 1.0 if level is rule.level else _LOWERED
        return _Found(Risk(level, rule.kind, rule.id, confidence), sentence.place(span))

    def _witnessed(self, text: str, read: Sequence[Sentence], found: list[_Found]) -> list[_Found]:
        """Return the findings; a wish to die that only rules hear, and both voices not at all, is asked about first.

        A word that may be read otherwise calls nobody by itself; nor is it passed over.
        """
        doubted = (one for one in found if one.risk.evidence not in self._certain)
        alone = [one for one in doubted if one.risk.theme is Theme.SELF_HARM and one.risk.level.rank > Level.WATCH.rank]
        if self._voices is None or not alone or not self._voices.are_calm(text, [*windows(read, self._lexicon.ideas)]):
            return found
        watched = (
            replace(one, risk=replace(one.risk, level=Level.WATCH, confidence=_LOWERED, unsure=True)) for one in alone
        )
        return [*(one for one in found if one not in alone), *watched]

    def _together(self, read: Sequence[Sentence], around: _Around, found: Sequence[_Found]) -> Iterator[_Found]:
        """Yield what several groups of signs give away together; at least one of them stands in this utterance."""
        here = dict(self._groups(read, around))
        for one in found:
            if one.risk.theme is Theme.SELF_HARM and one.risk.level is not Level.NONE:
                here.setdefault(_OF_DEATH, one.place)
        if not here:
            return
        known = {*here, *(name for name, _ in self._groups(around.before, around))}
        if around.was(Level.CONCERN) or around.was(Level.WATCH, by_rule=True):
            known.add(_WORRIED)
        if around.was(Level.URGENT):
            known.add(_GRAVE)
        for rule in self._lexicon.together:
            need = next((need for need in rule.needs if need <= known and _apart(need, here)), None)
            if need is not None:
                place = next(here[name] for name in sorted(need) if name in here)
                yield _Found(Risk(rule.level, rule.kind, rule.id, _COMBINED), place)

    def _leaning(self, read: Sequence[Sentence], around: _Around) -> _Turn | None:
        """Return the turn before, where only it says what is meant now: this one names nothing, and that one was calm.

        Kimchi is ready, a journey is, and so is somebody who means to die. What names death, a means or a life stands
        for itself; so does everything where the turn before was a danger.
        """
        if self._voices is None or not around.recent or around.recent[-1].risk.level is not Level.NONE:
            return None
        ideas = self._lexicon.ideas
        here = turn(read, ideas)
        said = around.recent[-1].text[-_RECENT_CHARACTERS:]
        before = turn(tuple(self._sentences(said)), ideas)
        if here is None or before is None or here.ideas & ideas.plain:
            return None
        return _Turn(said, before)

    def _sounding(
        self,
        text: str,
        read: Sequence[Sentence],
        around: _Around,
        found: Sequence[_Found],
        leaning: _Turn | None,
    ) -> Iterator[_Found]:
        """Yield what pieces of the utterance sound like to the trained voices."""
        if self._voices is None:
            return
        if leaning is not None:
            found = [one for one in found if one.risk.level is not Level.WATCH]
        alone = list(self._pieces(read, around, found))
        pieces = alone if leaning is None else [piece.behind(leaning.window, leaning.said) for piece in alone]
        urgent = leaning is None and any(one.risk.level is Level.URGENT for one in found)
        heard = list(self._voices.heard(text, pieces, urgent=urgent))
        if leaning is not None and any(one.risk.level is not Level.NONE for one in heard):
            levels = (one.risk.level for one in self._voices.heard(text, alone, urgent=False))
            by_itself = max(levels, key=_rank, default=Level.NONE)
            heard = [_leant(one, by_itself) for one in heard]
        for one in heard:
            yield _Found(one.risk, one.place)

    def _pieces(self, read: Sequence[Sentence], around: _Around, found: Sequence[_Found]) -> Iterator[Window]:
        """Yield what the voices may judge.

        Not what is told of others, nor what rules know to be told as past; nor words that are all of a doubt: a saying
        that asks for one gentle question says no more to a voice than to the rule.
        """
        settled = [one.place for one in found if one.risk.confidence == _LOWERED]
        settled += [place for sentence in read for place in self._told_of_others(sentence, around)]
        doubts = [one.place for one in found if one.risk.level is Level.WATCH]
        for piece in windows(read, self._lexicon.ideas):
            start, end = piece.place
            if any(touch(piece.place, place) for place in settled):
                continue
            if not any(touch(piece.place, one) and end - start - (one[1] - one[0]) <= _LITTLE for one in doubts):
                yield piece

    def _told_of_others(self, sentence: Sentence, around: _Around) -> Iterator[Span]:
        """Yield the places that are told of others, of the past or of a drama."""
        for context in self._lexicon.contexts:
            if Theme.SELF_HARM in context.themes and not context.only:
                yield from (sentence.place(span) for span in around.told(context, sentence) if span[0] < span[1])

    def _groups(self, read: Sequence[Sentence], around: _Around) -> Iterator[tuple[str, Span]]:
        """Yield the groups of which a sign stands in what was read, told of oneself and now."""
        for sentence in read:
            for group in self._lexicon.groups:
                spans = group.signs.standing(sentence)
                if not spans:
                    continue
                told = [
                    reach
                    for context in self._lexicon.contexts
                    if Theme.SELF_HARM in context.themes and not context.only and context.name not in group.firm
                    for reach in around.told(context, sentence)
                ]
                own = [span for span in spans if not any(touch(reach, span) for reach in told)]
                if own:
                    yield group.name, sentence.place(own[0])


@dataclass(frozen=True, slots=True)
class _Turn:
    """The turn before, as the voices hear it."""

    said: str
    window: Window


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a finding: the rest of the utterance, and the turns before."""

    read: Sequence[Sentence]
    recent: Sequence[Before]
    before: Sequence[Sentence]
    """The sentences of the turns before."""
    _known: dict[tuple[int, int], Sequence[Span]] = field(default_factory=dict)
    """What was found out: many rules ask for the same context in the same sentence."""
    _present: dict[int, bool] = field(default_factory=dict)
    """Whether a context is told anywhere at all."""

    def was(self, level: Level, *, by_rule: bool = False) -> bool:
        """Whether a turn before was about self-harm, at ``level`` or above; heard by more than the third voice."""
        told = (turn.risk for turn in self.recent if turn.risk.theme is Theme.SELF_HARM)
        return any(risk.level.rank >= level.rank and not (by_rule and risk.evidence == THIRD) for risk in told)

    def told(self, context: Context, sentence: Sentence) -> Sequence[Span]:
        """Return how far a context reaches in a sentence."""
        key = (id(context), id(sentence))
        if key not in self._known:
            self._known[key] = self._told(context, sentence)
        return self._known[key]

    def _told(self, context: Context, sentence: Sentence) -> Sequence[Span]:
        if id(context) not in self._present:
            self._present[id(context)] = self._is_present(context)
        if not self._present[id(context)]:
            return ()
        return ((0, len(sentence.compact)),) if context.wide else context.told(sentence)

    def _is_present(self, context: Context) -> bool:
        """Whether it may reach anywhere in the utterance; one that is wide then reaches everywhere."""
        if context.anywhere and not self._said(context.anywhere):
            return False
        if context.nowhere and self._said(context.nowhere):
            return False
        return not context.wide or any(context.told(other) for other in (*self.read, *self.before))

    def _said(self, patterns: AnyOf) -> bool:
        """Whether one of them stands anywhere in the utterance."""
        return any(patterns.search(sentence.compact) for sentence in self.read)


def _leant(one: Sounding, by_itself: Level) -> Sounding:
    """Return what a piece sounds like behind the turn before, at most one level above what it sounds like by itself.

    Who says good night after telling of a letter that was never sent is asked at most, and nobody is called. What only
    the turn before makes a danger must be surer, too.
    """
    risk = one.risk
    if by_itself is Level.NONE and risk.confidence < _LEANT_SURE:
        return replace(one, risk=replace(NO_RISK, confidence=risk.confidence))
    if risk.kind is Kind.MEDICAL:
        return one  # an emergency is asked about at concern, and not below
    most = next((level for level in Level if level.rank == by_itself.rank + 1), Level.URGENT)
    return replace(one, risk=replace(risk, level=min(risk.level, most, key=_rank)))


def _at_most(found: _Found, sounding: Sequence[_Found]) -> _Found:
    """Return a finding about self-harm at most as grave as what it sounds like behind the turn before."""
    if found.risk.theme is not Theme.SELF_HARM:
        return found
    heard = max((one.risk.level for one in sounding), key=_rank, default=Level.NONE)
    return replace(found, risk=replace(found.risk, level=min(found.risk.level, heard, key=_rank)))


def _apart(need: frozenset[str], here: Mapping[str, Span]) -> bool:
    """Whether some of the groups stand in this utterance, and no two of them in the same words."""
    places = sorted(here[name] for name in need if name in here)
    return bool(places) and all(one[1] <= other[0] for one, other in pairwise(places))


def _rank(level: Level) -> int:
    return level.rank
