"""Reads what is worth remembering from what a person says, and refuses what is not theirs.

Pure. What is asked, supposed, wished, dreamt, seen on television, joked or told of other people is no fact. Every fact
keeps the sentence it came from and how sure it is; a day in it is resolved by the moment of speaking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from companion.core.life import Memory
from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.dialogue.memory.clauses import Clause, Tagger, Token, Whose, clauses, lists_of, sentences, whole
from companion.dialogue.memory.names import Names
from companion.dialogue.memory.written import Written
from companion.dialogue.spoken_dates import SpokenDate, SpokenDates

LONGEST: Final = 500
"""Characters of an utterance that are read."""
_OURS: Final = frozenset({Whose.SELF, Whose.NAMED_SELF, Whose.KIN})
_WHO: Final[Mapping[str, frozenset[Whose]]] = {
    "self": frozenset({Whose.SELF, Whose.NAMED_SELF}),
    "named_self": frozenset({Whose.NAMED_SELF}),
    "kin": frozenset({Whose.KIN}),
    "ours": _OURS,
    "anybody": frozenset(Whose),
}
_WISH: Final = re.compile(r" 고/EC 싶/VX| 고프/V")
_PAST: Final = re.compile(r"(?:[^ ]*[았었였]|ㅆ|셨|엤|했)/EP")
_SHARING: Final = frozenset({"게/EC", "어/EC", "아/EC", "여/EC", "고/EC", "어서/EC", "아서/EC", "며/EC", "면서/EC"})
"""Connectives behind which the tense of the sentence still counts."""
_SETTLED: Final = re.compile(r" 기/ETN 로/JKB (?:하|되|정하|약속)| 기로/[^ ]+ (?:하|되)")
_HEARSAY: Final = re.compile(r" (?:ㄴ대|는대|대|래|대요|래요|ㄴ대요|더라|다더라|ㄴ다더라)/E[FC](?: [^ ]+/SF)*$")
_LESS_SURE: Final = 0.9


@dataclass(frozen=True, slots=True)
class _Rule:
    """One way to say one kind of fact."""

    kind: str
    aspect: str
    who: frozenset[Whose]
    pattern: re.Pattern[str] | None
    text: re.Pattern[str] | None
    dated: bool
    negated: bool
    needs_past: bool
    asks: bool
    ends: bool
    """Whether nothing else is looked for in a sentence where it was found."""
    read: str
    fade_days: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What a rule may look at."""

    text: str
    whole: Clause
    clauses: tuple[Clause, ...]
    day: SpokenDate | None
    question: bool
    request: bool


class FactReader:
    """Built once from the tables ``prompts/memory/facts.toml`` and ``prompts/lexicon/dates.toml``.

    Raises:
        KeyError: A part of a table is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], dates: SpokenDates, grammar: Grammar, analyser: Analyser) -> None:
        macros = _macros(table["macros"])
        self._tagger = Tagger(lists_of(table))
        self._dates = dates
        self._grammar = grammar
        self._analyser = analyser
        self._names = Names(table["names"])
        self._past = re.compile(macros["past"])
        self._not_lived = re.compile("|".join(table["frames"]["not_lived"]))
        self._taken_back = re.compile("|".join(table["frames"]["taken_back"]))
        self._hypothetical = re.compile(table["frames"]["hypothetical"])
        self._no_question = re.compile(table["frames"]["no_question"])
        self._cured = re.compile(table["frames"]["cured"])
        self._not_values = {str(kind): re.compile(source) for kind, source in table["not_values"].items()}
        self._habitual = re.compile(table["frames"]["habitual"])
        self._thing = str(table["frames"]["thing"])
        self._negation = re.compile(table["frames"]["negation"])
        self._rules = tuple(_rule(entry, macros) for entry in table["fact"])
        self._answers = tuple((re.compile(one["question"]), str(one["sentence"])) for one in table["answer"])
        self._plain = {str(said): str(plain) for said, plain in table["plain"].items()}
        self.written = Written(table)

    def read(self, text: str, at: datetime, *, asked: str = "", confidence: float = 1.0) -> tuple[Memory, ...]:
        """Return the facts in an utterance; an empty tuple for almost all of them.

        Args:
            text: What the person said.
            at: When; aware, in their zone.
            asked: What 말벗 had said just before: "여수" answers a question.
            confidence: Of the recogniser, in [0, 1].
        """
        said = text[:LONGEST]
        if self._taken_back.search(said):
            return ()
        found = self._facts(said, at)
        if not found and (answer := self._as_answer(said, asked)):
            found = self._facts(answer, at)
        return tuple(
            Memory(**{**_fields(one), "sentence": said.strip(), "confidence": round(one.confidence * confidence, 3)})
            for one in found
        )

    def days(self, text: str, at: datetime) -> tuple[SpokenDate, ...]:
        """Return the days that are said in a text."""
        return self._dates.find(text, at)

    def plain(self, named: str) -> str:
        """Return a word for somebody without what politeness adds to it."""
        word = named.removeprefix("우리").strip()
        return self._plain.get(word, word)

    def _as_answer(self, text: str, asked: str) -> str:
        """Return a bare answer as the sentence that it stands for; empty where nothing was asked that fits."""
        for question, sentence in self._answers:
            match = question.search(asked)
            if match is not None:
                about = self.plain(match.groupdict().get("about", "") or "")
                return sentence.format(about=about, answer=text.strip())
        return ""

    def _facts(self, text: str, at: datetime) -> list[Memory]:
        found: list[Memory] = []
        for sentence in self._sentences(text, at):
            for rule in self._rules:
                facts = list(self._by(rule, sentence, at))
                for fact in facts:
                    if not any(_same(fact, other) for other in found):
                        found.append(fact)
                if facts and rule.ends:
                    break
        return found

    def _sentences(self, text: str, at: datetime) -> Iterator[_Sentence]:
        days = self._dates.find(text, at)
        last: Clause | None = None
        for morphemes in sentences(self._analyser.analyse(text)):
            start, end = morphemes[0].start, max(morpheme.end for morpheme in morphemes)
            within = [day for day in days if start <= day.start < end]
            tokens = self._tagger.tokens(text[:end], morphemes, [(day.start, day.end) for day in within])
            if not tokens or self._not_lived.search(text[start:end]):
                continue
            parts = tuple(clauses(tokens, last))
            last = parts[-1]
            reading = self._grammar.read(morphemes)
            yield _Sentence(
                text=text,
                whole=whole(tokens),
                clauses=parts,
                day=next((day for day in within if day.due > at), None),
                question=reading.question and not self._no_question.search(text[start:end]),
                request=reading.request or self._is_supposed(tokens),
            )

    def _is_supposed(self, tokens: Sequence[Token]) -> bool:
        """Whether the sentence says what would be if something were; an 있으면 that belongs to a day does not count."""
        return any(token.tag == "EC" and self._hypothetical.match(token.form) for token in tokens)

    def _by(self, rule: _Rule, sentence: _Sentence, at: datetime) -> Iterator[Memory]:
        """Yield the facts that a rule finds in a sentence."""
        if sentence.request and not rule.asks:
            return
        if sentence.question or (rule.dated and (sentence.day is None or self._habitual.search(sentence.text))):
            return
        parts = (sentence.whole,) if rule.dated or rule.text is not None else sentence.clauses
        for clause in parts:
            if clause.whose not in rule.who:
                continue
            for match in self._matches(rule, clause, sentence):
                fact = self._fact(rule, clause, match, sentence, at)
                if fact is not None:
                    yield fact

    def _matches(self, rule: _Rule, clause: Clause, sentence: _Sentence) -> Iterator[re.Match[str]]:
        """Yield where a rule holds in a clause; a plan has one place."""
        if rule.text is not None:
            yield from rule.text.finditer(sentence.text, clause.tokens[0].start, clause.tokens[-1].end)
            return
        shown = clause.shown
        if rule.pattern is None or _WISH.search(shown):
            return
        for match in rule.pattern.finditer(shown):
            if self._holds(rule, match, shown, sentence):
                yield match
                if rule.dated:
                    return

    def _holds(self, rule: _Rule, match: re.Match[str], shown: str, sentence: _Sentence) -> bool:
        """Whether what a pattern found is neither denied nor of another time than the rule wants."""
        after = shown[match.start() :]
        if not rule.negated and any(self._negation.match(piece) for piece in after.split()):
            return False
        # The past may stand at the end of the sentence: 다니다가 퇴직했다.
        rest = after + sentence.whole.shown.rpartition(shown)[2]
        if rule.needs_past and (not self._past.search(rest) or _SETTLED.search(rest)):
            return False
        if rule.dated and rule.who == _WHO["self"] and _HEARSAY.search(shown):
            return False
        return not (rule.dated and _is_over(shown[match.end() :]))

    def _fact(
        self, rule: _Rule, clause: Clause, match: re.Match[str], sentence: _Sentence, at: datetime
    ) -> Memory | None:
        about = self._about(clause, match)
        value = self._value(rule, clause, match, sentence)
        if value is None or self._is_nothing(rule, value, sentence.text) or (value and value == about):
            return None
        sure = rule.confidence * (_LESS_SURE if _HEARSAY.search(clause.shown) else 1.0)
        return Memory(
            kind=rule.kind,
            aspect=rule.aspect,
            about=about,
            value=value,
            fact=self.written.text(rule.kind, rule.aspect, about, value),
            at=at,
            confidence=sure,
            due_at=sentence.day.due if rule.dated and sentence.day is not None else None,
            fades_at=None if rule.fade_days is None else at + timedelta(days=rule.fade_days),
        )

    def _is_nothing(self, rule: _Rule, value: str, text: str) -> bool:
        """Whether what was found is a figure of speech, or an illness that is over."""
        figure = self._not_values.get(rule.kind)
        return bool(figure and figure.match(value)) or (rule.kind == "health" and bool(self._cured.search(text)))

    def _about(self, clause: Clause, match: re.Match[str]) -> str:
        named = match.groupdict().get("about")
        if named:
            return self.plain(named.rpartition("/")[0].replace("_", " "))
        return self.plain(clause.about.form) if clause.about is not None else ""

    def _value(self, rule: _Rule, clause: Clause, match: re.Match[str], sentence: _Sentence) -> str | None:
        """Return what is kept of a match; None where it turns out to be nothing."""
        text = sentence.text
        if rule.text is not None:
            return match["value"].strip()
        start, end = clause.tokens[0].start, clause.tokens[-1].end
        match rule.read:
            case "name_after":
                return self._names.after(text[_text_end(clause, match.end()) : end])
            case "name_beside":
                return self._names.beside(text[_text_end(clause, match.end()) : end])
            case "clause":
                return text[start:end].strip(" ,.!")
            case "event":
                first = clause.tokens[_token_at(clause, match.start())]
                return text[first.start : sentence.whole.tokens[-1].end].strip(" ,.!")
            case _:
                return self._surface(clause, match, text)

    def _surface(self, clause: Clause, match: re.Match[str], text: str) -> str:
        """Return the words of the group ``value`` as they stand in the text, 매운 as 매운 것."""
        if not match.groupdict().get("value"):
            return ""
        begin, end = _token_at(clause, match.start("value")), _token_at(clause, match.end("value") - 1)
        following = clause.tokens[end + 1].tag if end + 1 < len(clause.tokens) else ""
        describes = clause.tokens[end].tag == "ETM" or (clause.tokens[end].tag[0] == "V" and following == "ETM")
        last = clause.tokens[end + 1] if describes and following == "ETM" else clause.tokens[end]
        words = text[clause.tokens[begin].start : last.end].strip()
        return f"{words} {self._thing}" if describes else words


def _is_over(rest: str) -> bool:
    """Whether a plan is told as something that was; what is only said or settled in the past is still to come."""
    for piece in rest.split():
        if _PAST.fullmatch(piece):
            return True
        if piece.endswith(("/EC", "/EF", "/ETN")) and piece not in _SHARING:
            return False
    return False


def _token_at(clause: Clause, place: int) -> int:
    """Return which token stands at a place of the shown clause."""
    passed = 0
    for index, token in enumerate(clause.tokens):
        passed += len(token.shown)
        # A match may begin with the blank before its token.
        if place < passed:
            return index
    return len(clause.tokens) - 1


def _text_end(clause: Clause, place: int) -> int:
    return clause.tokens[_token_at(clause, place - 1)].end


def _same(one: Memory, other: Memory) -> bool:
    """Whether two facts of one utterance are the same, or one is a weaker reading of the other."""
    if one.kind != other.kind:
        return one.aspect == "news" and other.kind == "plan" and one.about == other.about
    if one.kind in {"plan", "health"}:
        return one.value in other.value or other.value in one.value or one.kind == "plan"
    return (one.aspect, one.about) == (other.aspect, other.about) or (one.value == other.value and bool(one.value))


def _fields(memory: Memory) -> dict[str, Any]:
    return {name: getattr(memory, name) for name in Memory.__dataclass_fields__}


def _macros(table: Mapping[str, str]) -> dict[str, str]:
    """Return the macros with those in them replaced; each may use those before it."""
    made: dict[str, str] = {}
    for name, source in table.items():
        made[name] = _expanded(str(source), made)
    return made


def _expanded(source: str, macros: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z]+)\}", lambda match: f"(?:{macros[match[1]]})", source)


def _rule(entry: Mapping[str, Any], macros: Mapping[str, str]) -> _Rule:
    pattern, text = entry.get("pattern"), entry.get("text")
    return _Rule(
        kind=str(entry["kind"]),
        aspect=str(entry["aspect"]),
        who=_WHO[entry["who"]],
        pattern=None if pattern is None else re.compile(_expanded(pattern, macros)),
        text=None if text is None else re.compile(text),
        dated=bool(entry.get("dated", False)),
        negated=bool(entry.get("negated", False)),
        needs_past=bool(entry.get("needs_past", False)),
        asks=bool(entry.get("asks", False)),
        ends=bool(entry.get("ends", False)),
        read=str(entry.get("read", "")),
        fade_days=entry.get("fade_days"),
        confidence=float(entry.get("confidence", 0.9)),
    )
