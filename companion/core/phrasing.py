"""Splits a reply into breaths: what a person would say without pausing, and how long they would wait after it.

Breaths are taken at the end of a sentence; in a long one also at a comma, after a connective ending or a topic; never
inside a word group (determiner and noun, noun and dependent noun, auxiliary verbs, number and counter). The fewer cuts,
the better a voice is understood (docs/decisions/0006-voice.md), so a comma in a short sentence is left to the voice;
only the first sentence of a reply is cut sooner, because the person is waiting for it. Digits that somebody may write
down are said one by one in slow phrases; those of a longer number end with each group. Which endings and words, and how
long each pause is, is the table ``prompts/speech/phrasing.toml``. Works by the surface of words; an analyser, where
there is one, decides better.

Law: the ``written`` of all phrases, joined, is the text, blanks aside; no phrase is empty. ``spoken`` is empty only
where nothing in the whole text can be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from companion.core.digits_aloud import DigitMarks
from companion.core.hangul import syllable_count
from companion.core.morphology import Analyser, Morpheme
from companion.core.phrase import Manner, Phrase
from companion.core.speakable import Piece, Speakable, tidy
from companion.errors import PromptError

_SENTENCE_ENDS: Final = ".?!…"
_CLOSING: Final = re.compile(r"[^가-힣]+$")
_ENDS_WITH_COMMA: Final = re.compile(r",\s*$")
_GROUP_BREATH: Final = ", "
_LONGEST_NUMBER: Final = 16
"""Digits; no telephone number has more."""
_PAUSE_BY_MARK: Final = {"?": "question", "…": "ellipsis"}
_LEANING_TAGS: Final = frozenset({"ETM", "MM", "JKG"})
_CLAUSE_TAGS: Final = frozenset({"EC", "EF"})
_TOPIC_TAG: Final = "JX"
_PARTICLE_TAGS: Final = "J"


class Joint(IntEnum):
    """How readily a breath is taken between two words, from never to best."""

    GLUED = 0
    LOOSE = 1
    TOPIC = 2
    CONNECTIVE = 3
    COMMA = 4


_SCORE: Final = {Joint.GLUED: -3.0, Joint.LOOSE: 0.0, Joint.TOPIC: 0.6, Joint.CONNECTIVE: 1.0, Joint.COMMA: 1.6}
"""What a joint is worth; a cut in the very middle is worth one more than one at the edge."""


@dataclass(slots=True)
class _Word:
    """What stands between two blanks, or one group of slow digits."""

    written: str
    spoken: str
    end: int
    """Index in the text just past it."""
    slow: bool = False
    group_follows: bool = False
    """True for slow digits that go on after a breath."""
    line_follows: bool = False
    joint: Joint = Joint.LOOSE
    """To the word after it."""

    @property
    def syllables(self) -> int:
        """Length of its speech."""
        return syllable_count(self.spoken)

    @property
    def mark(self) -> str:
        """The punctuation it ends with, or nothing."""
        last = self.spoken.rstrip()[-1:]
        return last if last in {*_SENTENCE_ENDS, ","} else ""

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence is over after it."""
        return bool(self.mark) and self.mark in _SENTENCE_ENDS


class Phrasing:
    """Takes breaths by one table. Keep it: the patterns are compiled once."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Take ``prompts/speech/phrasing.toml``, parsed.

        Raises:
            PromptError: An entry is missing, of the wrong kind, or a pattern that does not compile.
        """
        try:
            self._pauses = {name: int(ms) for name, ms in table["pauses_ms"].items()}
            lengths = table["lengths"]
            self._first_long, self._first_aim = int(lengths["first_long"]), int(lengths["first_aim"])
            self._long = int(lengths["long"])
            self._most = int(lengths["most"])
            self._least, self._list_item = int(lengths["least"]), int(lengths["list_item"])
            self._slow = DigitMarks.of(table["slow"])
            breaths, groups = table["breaths"], table["groups"]
            self._connective = re.compile(f"(?:{breaths['connective']})$")
            self._topic = re.compile(f"(?:{breaths['topic']})$")
            self._not_topic = re.compile(f"(?:{breaths['not_topic']})$")
            self._topic_words = re.compile(f"(?:{breaths['topic_words']})$")
            self._first = re.compile(f"(?:{groups['first']})$")
            self._leans = re.compile(f"(?:{groups['leans']})$")
            self._leaning_endings = frozenset(groups["leaning_endings"])
            self._second = re.compile(rf"(?:{groups['nouns']}){groups['particles']}[,.?!…~]*$|{groups['verbs']}")
        except (KeyError, TypeError, AttributeError, ValueError, re.error) as error:
            raise PromptError("speakable.table_broken", table="speech/phrasing.toml", where=str(error)) from error

    def phrases(
        self,
        written: str,
        spoken: Speakable,
        *,
        manner: Manner = Manner.PLAIN,
        analyser: Analyser | None = None,
    ) -> tuple[Phrase, ...]:
        """Return the breaths of ``written``; none for blank text.

        Args:
            written: Words as they stand on the screen.
            spoken: Reads them aloud.
            manner: SAFETY for a crisis sentence: all its phrases are so, and the pauses after sentences are longer.
            analyser: Tells endings apart where the surface does not (가는 is no topic, 저는 is one).
        """
        words = _digits_together(_audible(_Words(self._most, self._slow).of(spoken.pieces(written))), self._slow)
        self._join(words, analyser.analyse(written) if analyser is not None else ())
        phrases: list[Phrase] = []
        heard = 0
        for stretch in _stretches(words):
            for part in self._breathe(stretch, begins=not heard):
                heard += len(part)
                phrases.append(self._phrase(part, words[heard] if heard < len(words) else None, manner))
        return tuple(phrases)

    def _join(self, words: Sequence[_Word], morphemes: Sequence[Morpheme]) -> None:
        tags = _last_morphemes(words, morphemes)
        for word, following, morpheme in zip(words, words[1:], tags, strict=False):
            bare = _CLOSING.sub("", word.spoken)
            if word.mark == ",":
                word.joint = Joint.COMMA
            elif self._second.match(following.spoken) or self._first.fullmatch(bare):
                word.joint = Joint.GLUED
            elif morpheme is not None:
                word.joint = self._joint_of(morpheme, bare)
            else:
                word.joint = self._joint_after(bare)

    def _joint_of(self, morpheme: Morpheme, bare: str) -> Joint:
        """Judge by the last morpheme of a word; where it decides nothing, by the surface."""
        if morpheme.tag in _LEANING_TAGS:
            return Joint.GLUED
        if morpheme.tag in _CLAUSE_TAGS:
            return Joint.GLUED if morpheme.form in self._leaning_endings else Joint.CONNECTIVE
        if morpheme.tag == _TOPIC_TAG and self._topic.search(bare):
            return Joint.TOPIC
        surface = self._joint_after(bare)
        return min(surface, Joint.TOPIC) if morpheme.tag.startswith(_PARTICLE_TAGS) else surface

    def _joint_after(self, bare: str) -> Joint:
        if self._connective.search(bare):
            return Joint.CONNECTIVE
        topic = self._topic.search(bare) and not self._not_topic.search(bare)
        if topic or self._topic_words.search(bare):
            return Joint.TOPIC
        return Joint.GLUED if self._leans.search(bare) else Joint.LOOSE

    def _breathe(self, stretch: list[_Word], *, begins: bool = False) -> list[list[_Word]]:
        """Cut a long stretch in two at its best joint, and each part again.

        What begins a reply is cut near its beginning, any other stretch near its middle.
        """
        total = sum(word.syllables for word in stretch)
        if total <= (self._first_long if begins else self._long) or len(stretch) == 1:
            return [stretch]
        aim = min(self._first_aim, total / 2) if begins else total / 2
        must = total > self._most
        best, best_score, head = 0, 0.0, 0
        for index, word in enumerate(stretch[:-1], start=1):
            head += word.syllables
            shorter = min(head, total - head)
            if not must and (word.joint < Joint.TOPIC or shorter < self._least):
                continue
            score = _SCORE[word.joint] - 2 * abs(head - aim) / total - (1 if shorter < self._least else 0)
            if not best or score > best_score:
                best, best_score = index, score
        if not best:
            return [stretch]
        return self._breathe(stretch[:best]) + self._breathe(stretch[best:])

    def _phrase(self, part: Sequence[_Word], following: _Word | None, manner: Manner) -> Phrase:
        last = part[-1]
        spoken = tidy(" ".join(word.spoken for word in part)) if last.syllables else ""
        is_slow = any(word.slow for word in part)
        spoken = self._slow.counted(spoken) if is_slow else spoken
        pause = self._pause(part, manner, is_last=following is None)
        if following is not None and following.slow and not last.group_follows:
            pause = max(pause, self._pauses["before_slow"])
        return Phrase(
            written=" ".join(word.written for word in part),
            spoken=spoken + ("," if spoken and last.mark == "," else ""),
            pause_after_ms=pause,
            rises=last.mark == "?",
            manner=Manner.SLOW if is_slow else manner,
        )

    def _pause(self, part: Sequence[_Word], manner: Manner, *, is_last: bool) -> int:
        last = part[-1]
        if last.ends_sentence:
            kind = _PAUSE_BY_MARK.get(last.mark, "sentence")
            return self._pauses["safety_sentence" if manner is Manner.SAFETY else kind]
        if is_last:
            return self._pauses["sentence"]
        if last.line_follows:
            return self._pauses["line"]
        if last.group_follows:
            return self._pauses["slow_group"]
        if last.mark == ",":
            short = sum(word.syllables for word in part) <= self._list_item
            return self._pauses["list_item" if short else "comma"]
        return self._pauses["breath"]


def phrases(
    written: str,
    spoken: Speakable,
    table: Mapping[str, Any],
    *,
    manner: Manner = Manner.PLAIN,
    analyser: Analyser | None = None,
) -> tuple[Phrase, ...]:
    """Return the breaths of ``written``; see ``Phrasing``, which is quicker where there are many texts.

    Raises:
        PromptError: The table is broken.
    """
    return Phrasing(table).phrases(written, spoken, manner=manner, analyser=analyser)


class _Words:
    """Gathers pieces into words."""

    def __init__(self, most: int, marks: DigitMarks) -> None:
        self._most, self._marks = most, marks
        self._words: list[_Word] = []
        self._open: _Word | None = None
        self._at = 0

    def of(self, pieces: Sequence[Piece]) -> list[_Word]:
        """Return the words of ``pieces``; slow digits and rows of more syllables than a phrase may have are cut."""
        for piece in pieces:
            if piece.slow:
                self._slow(piece)
            elif not piece.source.strip() and not syllable_count(piece.spoken):
                self._blank(piece)
            else:
                self._add(piece)
        self._close()
        return self._words

    def _close(self) -> None:
        if self._open is not None:
            self._open.spoken = tidy(self._open.spoken) + ("," if _ENDS_WITH_COMMA.search(self._open.spoken) else "")
            self._words.append(self._open)
        self._open = None

    def _append(self, written: str, spoken: str) -> None:
        self._at += len(written)
        if self._open is None:
            self._open = _Word("", "", self._at)
        self._open.written += written
        self._open.spoken += spoken
        self._open.end = self._at

    def _blank(self, piece: Piece) -> None:
        unseen = "".join(piece.written.split())
        if unseen:
            self._append(unseen, "")
        self._at += len(piece.written) - len(unseen)
        if piece.source:
            self._close()
        if "\n" in piece.written and self._words:
            self._words[-1].line_follows = True

    def _add(self, piece: Piece) -> None:
        if self._open is not None and self._open.syllables + syllable_count(piece.spoken) > self._most:
            self._close()
        if len(piece.spoken) != len(piece.written) or len(piece.spoken) <= self._most:
            self._append(piece.written, piece.spoken)
            return
        for start in range(0, len(piece.written), self._most):
            self._close()
            self._append(piece.written[start : start + self._most], piece.spoken[start : start + self._most])

    def _slow(self, piece: Piece) -> None:
        if self._open is not None and self._open.syllables:
            self._close()
        groups = piece.spoken.split(_GROUP_BREATH)
        if len(groups) <= self._marks.groups_at_once:
            self._append(piece.written, " ".join(self._marks.one_by_one(group) for group in groups))
            self._mark_slow(group_follows=False)
            return
        rest = piece.written
        for group in groups[:-1]:
            digits = syllable_count(group.split()[-1])
            match = re.match(rf"(?:\D*\d){{{digits}}}\D*", rest)
            taken = match[0] if match is not None else ""
            self._append(taken, self._marks.one_by_one(group))
            self._mark_slow(group_follows=True)
            self._close()
            rest = rest[len(taken) :]
        self._append(rest, self._marks.one_by_one(groups[-1]))
        self._mark_slow(group_follows=False)

    def _mark_slow(self, *, group_follows: bool) -> None:
        if self._open is not None:
            self._open.slow, self._open.group_follows = True, group_follows


def _audible(words: Sequence[_Word]) -> list[_Word]:
    """Put words that are not heard (signs, emoji) to the one before them; the first ones to the one after."""
    kept: list[_Word] = []
    waiting = ""
    for word in words:
        if word.syllables and word.written.strip():
            word.written, waiting = waiting + word.written, ""
            kept.append(word)
        elif kept:
            kept[-1].written = f"{kept[-1].written} {word.written}".strip()
            joined = tidy(kept[-1].spoken + " " + word.spoken)
            kept[-1].spoken = joined or kept[-1].spoken
            kept[-1].line_follows |= word.line_follows
        else:
            waiting += word.written + " "
    return kept or ([_Word(waiting.strip(), "", 0)] if waiting.strip() else [])


def _digits_together(words: Sequence[_Word], marks: DigitMarks) -> list[_Word]:
    """Make one slow word of digits that are written apart (일, 공, 구.)."""
    kept: list[_Word] = []
    at = 0
    while at < len(words):
        taken, said = marks.read_apart([word.spoken for word in words[at : at + _LONGEST_NUMBER]])
        if taken:
            last = words[at + taken - 1]
            written = " ".join(word.written for word in words[at : at + taken])
            kept.append(_Word(written, said, last.end, slow=True, line_follows=last.line_follows))
        else:
            kept.append(words[at])
        at += taken or 1
    return kept


def _stretches(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Cut where something is written that parts: the end of a sentence, a new line, groups of slow digits."""
    stretch: list[_Word] = []
    for index, word in enumerate(words, start=1):
        stretch.append(word)
        following = words[index] if index < len(words) else None
        if following is None or word.ends_sentence or word.line_follows or word.group_follows:
            yield stretch
            stretch = []


def _last_morphemes(words: Sequence[_Word], morphemes: Sequence[Morpheme]) -> list[Morpheme | None]:
    """Return for each word its last morpheme that is no punctuation; None where the analyser tells nothing."""
    found: list[Morpheme | None] = []
    spoken = [morpheme for morpheme in morphemes if not morpheme.tag.startswith("S")]
    index, last_end = 0, 0
    for word in words:
        last: Morpheme | None = None
        while index < len(spoken) and spoken[index].end <= word.end:
            last, index = spoken[index], index + 1
        found.append(last if last is not None and last.end > last_end else None)
        last_end = word.end
    return found
