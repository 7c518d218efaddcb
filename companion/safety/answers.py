"""What somebody answers to a question of the crisis protocol, read from their words.

A short turn is an answer as a whole. A long one tells something: it is an answer only where it begins or ends as one,
and talk of other things where it does neither and names nothing of the danger that is open. Patterns and words stand in
``prompts/safety/protocol.toml``. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from companion.errors import PromptError
from companion.safety.risk import Theme
from companion.safety.steps import Answer, Question

FILE: Final = "protocol.toml"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_MARKS: Final = re.compile(r"[.,?!…;~\n]+")
_OWN: Final = (Answer.UNCLEAR, Answer.NO, Answer.YES)
"""What an answer may mean to one question alone, in the order in which it is looked for."""
_CONTROL: Final = (Answer.STOP, Answer.SECRET)

Patterns: TypeAlias = tuple[re.Pattern[str], ...]


class Clauses:
    """Takes a turn apart where its marks or the endings of its words show that a clause is over."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile how words end and begin.

        Raises:
            PromptError: A pattern is no regular expression.
        """
        self._ends = _compiled(table["clause_ends"])
        self._goes_on = _compiled(table["clause_goes_on"])

    def of(self, text: str) -> Sequence[str]:
        """Return the clauses, of words with one blank between them; none where there are no letters."""
        return [clause for piece in _MARKS.split(text) for clause in self._within(_words(piece))]

    def _within(self, words: Sequence[str]) -> Iterator[str]:
        begun = 0
        for end, word in enumerate(words, 1):
            following = words[end] if end < len(words) else ""
            if not following or (_fits(self._ends, word) and not _fits(self._goes_on, following)):
                yield " ".join(words[begun:end])
                begun = end


class Named:
    """Knows by its words what a danger is about: where one of them is said, nobody talks of other things."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the words.

        Raises:
            PromptError: A pattern is no regular expression.
        """
        self._always = _compiled(table["always"])
        self._of = {Theme(name): _compiled(words) for name, words in table.items() if name != "always"}

    def within(self, text: str, theme: Theme) -> bool:
        """Return whether ``text``, words with one blank between them, names something of a danger of this theme."""
        return _fits(self._always, text) or _fits(self._of.get(theme, ()), text)


class Answers:
    """Reads what was said as an answer to the question before."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the patterns.

        Args:
            table: All of ``protocol.toml``.

        Raises:
            PromptError: A part is missing, or a pattern is no regular expression; both are named.
        """
        general, long = table["answer"], table["long"]
        self._control = tuple((answer, _compiled(general[answer])) for answer in _CONTROL)
        self._general = tuple(
            (answer, _compiled(general[answer])) for answer in (Answer.TAKEN_BACK, Answer.NO, Answer.YES)
        )
        self._special = {
            Question(name): tuple((answer, _compiled(own[answer])) for answer in _OWN if answer in own)
            for name, own in table["answer_to"].items()
        }
        self._decided = frozenset(
            question for question, own in self._special.items() if all(patterns for _, patterns in own)
        )
        """Questions that have words of their own for each answer."""
        self._long = int(long["words"])
        self._clauses = Clauses(long)
        self._before, self._begins, self._bare = (_compiled(long[name]) for name in ("before", "begins", "bare"))
        self._control_anywhere = tuple((answer, _compiled(long[answer])) for answer in _CONTROL)
        self._pointing = _compiled(long["pointing"])
        self._anywhere = tuple(
            (answer, {Question(name): _compiled(own) for name, own in long[answer].items()})
            for answer in (Answer.YES, Answer.NO)
        )
        self._named = Named(table["named"])
        always, unless, of_themes = (table["misheard"][name] for name in ("always", "unless", "theme"))
        self._mistaken = {Theme(name): _compiled([*always, *own]) for name, own in of_themes.items()}
        self._mistaken |= {Theme(name): _compiled(own) for name, own in table["misheard"]["denied"].items()}
        self._unmistaken = _compiled(unless)

    def read(self, text: str, question: Question, theme: Theme = Theme.NONE, *, calm: bool = True) -> Answer:
        """Return what ``text`` answers to ``question``; what fits nothing is unclear, what is blank is silence.

        Args:
            text: What was said.
            question: What was asked and is not answered yet; NONE for nothing.
            theme: Of the case that is open; NONE where there is none: then nothing is talk of other things.
            calm: Whether no danger was heard in ``text``: else it is no talk of other things.
        """
        compact = _NOT_LETTERS.sub("", text)
        if not compact:
            return Answer.SILENT
        mistaken = calm and question is not Question.MEANT and _fits(self._mistaken.get(theme, ()), compact)
        if mistaken and not _fits(self._unmistaken, compact):
            return Answer.MISHEARD
        if len(_words(text)) >= self._long:
            answer = self._read_long(text, question, theme)
            return answer if calm or answer is not Answer.ELSEWHERE else Answer.UNCLEAR
        return self._whole(text, question)

    def _whole(self, text: str, question: Question) -> Answer:
        """Read a short turn, or one clause."""
        compact = _NOT_LETTERS.sub("", text)
        for answer, patterns in (*self._control, *self._special.get(question, ()), *self._general):
            if _fits(patterns, compact):
                return answer
        return Answer.UNCLEAR

    def _part(self, clause: str, question: Question, theme: Theme) -> Answer:
        """Read the first or the last clause of a long turn, which tells something rather than answers.

        Where it only names what the danger is about, nothing but words that answer this one question count.
        """
        stop, patterns = self._control[0]
        if _fits(patterns, _NOT_LETTERS.sub("", clause)):
            return stop
        if _fits(self._bare, clause) or _fits(self._pointing, clause):
            return self._whole(clause, question)
        if not self._named.within(clause, theme):
            return Answer.UNCLEAR
        if question not in self._decided:
            return self._whole(clause, question)
        compact = _NOT_LETTERS.sub("", clause)
        found = (answer for answer, patterns in self._special[question] if _fits(patterns, compact))
        return next(found, Answer.UNCLEAR)

    def _read_long(self, text: str, question: Question, theme: Theme) -> Answer:
        clauses = self._clauses.of(text)
        first, last = _without(self._before, clauses[0]), clauses[-1]
        about = Theme.SELF_HARM if question is Question.WISH else theme
        answering = _fits(self._begins, first)
        if answering and (answer := self._whole(first, question)) is not Answer.UNCLEAR:
            return answer
        for part in (first, last):
            answer = self._part(part, question, about)
            if answer is not Answer.UNCLEAR:
                return answer
        whole = " ".join(clauses)
        compact = _NOT_LETTERS.sub("", whole)
        for answer, patterns in self._control_anywhere:
            if _fits(patterns, compact):
                return answer
        for answer, of_question in self._anywhere:
            if _fits(of_question.get(question, ()), whole):
                return answer
        beside = theme is not Theme.NONE and not answering and not self._named.within(whole, theme)
        return Answer.ELSEWHERE if beside else Answer.UNCLEAR


def _words(text: str) -> Sequence[str]:
    return _NOT_LETTERS.sub(" ", text).split()


def _without(patterns: Patterns, text: str) -> str:
    for pattern in patterns:
        text = pattern.sub("", text)
    return text


def _fits(patterns: Patterns, text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _compiled(sources: Iterable[str]) -> Patterns:
    compiled = []
    for source in sources:
        try:
            compiled.append(re.compile(source))
        except re.error as error:
            raise PromptError("lexicon.pattern", file=FILE, pattern=source, detail=str(error)) from None
    return tuple(compiled)
