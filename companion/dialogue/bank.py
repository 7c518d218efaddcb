"""The reviewed reply bank: situations, what people say in them, what 말벗 answers.

Loading checks everything and collects every problem; a bank with one is refused as a whole, so that no defect of the
data is ever heard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.turn import Act, Feeling
from companion.dialogue.examples import Labelled
from companion.dialogue.problem import Problem, raise_first
from companion.dialogue.slots import SAID_SLOTS, pairs_of, slots_of
from companion.dialogue.wording import PERSON_SLOTS

MOST_CHARACTERS: Final = 120
"""A reply longer than about 30 seconds of slow speech loses the listener."""
FALLBACK: Final = "other"
ANSWER: Final = "answer"
"""Of situations in which the person answers what 말벗 asked: they fit no utterance by their words alone."""
RECEIVE: Final = "receive"
"""Of situations that receive a telling of a topic and a feeling, after the telling itself said back."""
GIST: Final = "gist"
"""Of situations that receive a gist: ``receive.gist.cancelled``; ``other.gist.ask_self`` says nothing back."""
REPLY_SLOTS: Final = PERSON_SLOTS | SAID_SLOTS | {"season"}
HEAVY, LIGHT = "heavy", "light"
"""Of situations that receive a gist told with the other face than its usual one: ``receive.light.pain_usual``."""
FAMILY: Final = "family"
"""Of situations that receive several gists that lie close together: ``receive.family.body``."""
FAMILY_SURE: Final = 0.45
"""How probable the gists of a family must be together, if it does not say."""
TONE: Final = "tone"
"""Of situations that receive a tone, where no gist is sure: ``receive.tone.wry``."""
REACTION: Final = "reaction"
"""Of situations that hold what a listener says behind a telling: ``receive.reaction.slighted``."""
QUESTION: Final = "question"
"""Of situations that hold what a listener asks behind it: ``receive.question.felt_then``."""
FRAME: Final = "frame"
MOTIF: Final = "motif"
"""Of situations that receive what a rule knows plainly: ``receive.frame.ate_noodles``."""
_GIST_PARTS: Final = 3
SEASONS: Final = ("spring", "summer", "autumn", "winter")
_CLOSED_FIRST: Final = frozenset(
    {"은/는", "이/가", "을/를", "과/와", "으로/로", "이에요/예요", "이요/요", "이군요/군요", "이라/라", "이랑/랑"}
)


@dataclass(frozen=True, slots=True)
class Situation:
    """Something that people say, and how it is answered."""

    id: str
    topic: str
    feeling: Feeling
    act: Act
    cues: tuple[str, ...]
    """Words that point here."""
    says: tuple[str, ...]
    """Utterances of people in it: examples for the encoder."""
    replies: tuple[str, ...]
    """Texts, possibly with slots."""
    needs: tuple[str, ...] = ()
    """Claims of which one must be made (``prompts/lexicon/claims.toml``); none where anything will do."""
    bars: tuple[str, ...] | None = None
    """Claims that must not be made; None for those that its feeling bars."""
    seasons: frozenset[str] = frozenset()
    """The only seasons in which it is so; empty for all of them."""
    gist: str = ""
    """What is told in it means to who tells it, by one of the gists that the bank receives; empty where it varies."""
    gathers: tuple[str, ...] = ()
    """Of a family: the gists that it receives where none of them is sure. Of a motif: those after which it is right."""
    least: float = FAMILY_SURE
    """Of a family: how probable they must be together, from 0 to 1."""
    alone: bool = False
    """Whether a telling said back needs nothing behind it."""
    rules: tuple[str, ...] = ()
    """Of a frame or a motif: regular expressions over an utterance, one of which must fit (``frames``, ``motifs``)."""
    unless: tuple[str, ...] = ()
    """Of a frame or a motif: regular expressions that must not fit."""
    allows: frozenset[str] = frozenset()
    """Of a frame: what bars all others and not it."""

    @property
    def is_answer(self) -> bool:
        """Whether it answers what 말벗 asked."""
        return self.id.startswith(f"{ANSWER}.")

    @property
    def is_fallback(self) -> bool:
        """Whether it answers what nothing else fits, or what was asked: its words alone point to nothing."""
        return self.id.startswith((f"{FALLBACK}.", f"{ANSWER}.", f"{RECEIVE}."))

    @property
    def receives(self) -> bool:
        """Whether each of its replies may follow the telling said back."""
        return self.id.startswith(f"{RECEIVE}.")


@dataclass(frozen=True, slots=True)
class Bank:
    """All situations, by id, in the order of the files."""

    situations: Mapping[str, Situation]

    def fallbacks(self, feeling: Feeling, act: Act, topic: str = "") -> tuple[Situation, ...]:
        """Return the general situations, the most special first: topic with feeling, then one of them, then the act."""
        by_act, by_feeling, by_topic = f"{FALLBACK}.{act}", f"{FALLBACK}.{feeling}", f"{FALLBACK}.topic.{topic}"
        names = [by_act, by_feeling]
        if act is Act.ASK and feeling is not Feeling.NEUTRAL:
            # What is asked out of worry or grief is received: nobody is told that 말벗 does not know.
            names = [f"{RECEIVE}.{topic}.{feeling}", by_feeling, by_act]
        if act in {Act.TELL, Act.COMPLAIN}:
            plainly = f"{RECEIVE}.{topic}.{Feeling.NEUTRAL}"
            felt = [f"{RECEIVE}.{topic}.{feeling}", by_feeling, plainly, by_act]
            names = [plainly, by_topic, by_act] if feeling is Feeling.NEUTRAL else felt
        names += [f"{FALLBACK}.{Feeling.NEUTRAL}"]
        found = tuple(self.situations[name] for name in dict.fromkeys(names) if name in self.situations)
        return found or tuple(one for one in self.situations.values() if one.is_fallback)[:1]

    def examples(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return id and example utterances of each situation, for whoever answers ``FindNear``."""
        return tuple((one.id, one.says) for one in self.situations.values() if one.says)

    def labelled(self) -> tuple[Labelled, ...]:
        """Return the example utterances of the situations with what they are, for whoever answers ``Name``."""
        return tuple(
            Labelled(said, one.act, one.topic, one.feeling, one.gist)
            for one in self.situations.values()
            if not one.is_answer
            for said in one.says
        )

    @property
    def gists(self) -> tuple[str, ...]:
        """The gists that are received."""
        return tuple(gist for name in self.situations if (gist := _gist_in(name)))

    @property
    def told_gists(self) -> frozenset[str]:
        """Those of what is told; the others are said to 말벗 itself."""
        return frozenset(filter(self.is_told, self.gists))

    def is_told(self, gist: str) -> bool:
        """Return whether a gist is of what is told; what answers the others stands alone."""
        return any(one.receives for one in self.received(gist))

    def is_said_to(self, gist: str) -> bool:
        """Return whether a gist is of what is said to 말벗 itself: a goodbye, praise, a question."""
        return f"{FALLBACK}.{GIST}.{gist}" in self.situations and not self.is_told(gist)

    def received(self, gist: str, mood: str = "") -> tuple[Situation, ...]:
        """Return what receives a gist, first what receives it told in a mood; nothing for one that is not received."""
        names = (f"{RECEIVE}.{mood}.{gist}", f"{RECEIVE}.{GIST}.{gist}", f"{FALLBACK}.{GIST}.{gist}")
        return tuple(self.situations[name] for name in names if name in self.situations)

    @property
    def frames(self) -> tuple[Situation, ...]:
        """What receives a telling that a rule knows plainly."""
        return self._ruled(FRAME)

    @property
    def motifs(self) -> tuple[Situation, ...]:
        """What receives a telling of which a rule knows one thing."""
        return self._ruled(MOTIF)

    def _ruled(self, kind: str) -> tuple[Situation, ...]:
        return tuple(one for one in self.situations.values() if one.id.startswith(f"{RECEIVE}.{kind}."))

    @property
    def families(self) -> tuple[Situation, ...]:
        """What receives gists that lie close together."""
        return self._ruled(FAMILY)

    def toned(self, tone: str) -> tuple[Situation, ...]:
        """Return what receives a tone; nothing for one that is not received."""
        found = self.situations.get(f"{RECEIVE}.{TONE}.{tone}")
        return () if found is None else (found,)

    def reaction(self, name: str) -> tuple[Situation, ...]:
        """Return what a listener says behind a telling, by the name of the reaction; nothing for one there is not."""
        found = self.situations.get(f"{RECEIVE}.{REACTION}.{name}")
        return () if found is None else (found,)

    def question(self, name: str) -> tuple[Situation, ...]:
        """Return what a listener asks behind a telling, by the name of the question; nothing for one there is not."""
        found = self.situations.get(f"{RECEIVE}.{QUESTION}.{name}")
        return () if found is None else (found,)

    def answered(self, kind: str, reaction: str, topic: str) -> tuple[Situation, ...]:
        """Return the situations of an answer to a question of 말벗, the most special first."""
        names = (f"{ANSWER}.{topic}.{kind}.{reaction}", f"{ANSWER}.{kind}.{reaction}", f"{ANSWER}.any.{reaction}")
        return tuple(self.situations[name] for name in names if name in self.situations)


def bank_problems(
    tables: Mapping[str, Mapping[str, Any]], topics: Collection[str], claims: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Return every defect of the reply bank.

    Args:
        tables: Parsed files of ``prompts/replies`` by file name.
        topics: The topics there are.
        claims: The claims there are.
    """
    problems: list[Problem] = []
    seen: set[str] = set()
    gists = {""} | {_gist_in(str(entry.get("id"))) for table in tables.values() for entry in _entries(table)}
    for file, table in tables.items():
        where = f"replies/{file}"
        for number, entry in enumerate(_entries(table), start=1):
            key = str(entry.get("id") or f"situation {number}")
            problems += (
                Problem(where, key, f"replies.{name}", detail)
                for name, detail in (
                    *_defects(entry, topics),
                    *_claim_defects(entry, claims),
                    *_gist_defects(entry, gists),
                    *_frame_defects(entry),
                )
            )
            if key in seen:
                problems.append(Problem(where, key, "replies.duplicate"))
            seen.add(key)
    if not seen:
        problems.append(Problem("replies", "", "replies.empty"))
    return tuple(problems)


def load_bank(tables: Mapping[str, Mapping[str, Any]], topics: Collection[str], claims: Collection[str] = ()) -> Bank:
    """Return the bank.

    Raises:
        PromptError: The first of ``bank_problems``.
    """
    raise_first(bank_problems(tables, topics, claims))
    situations = (
        Situation(
            id=entry["id"],
            topic=entry["topic"],
            feeling=Feeling(entry["feeling"]),
            act=Act(entry["act"]),
            cues=tuple(entry.get("cues", ())),
            says=tuple(entry.get("says", ())),
            replies=tuple(entry["replies"]),
            needs=tuple(entry.get("needs", ())),
            bars=tuple(entry["bars"]) if "bars" in entry else None,
            seasons=frozenset(entry.get("seasons", ())),
            gist=str(entry.get("gist", "")),
            gathers=tuple(entry.get("gathers", ())),
            least=float(entry.get("least", FAMILY_SURE)),
            alone=bool(entry.get("alone", False)),
            rules=tuple(entry.get("rules", ())),
            unless=tuple(entry.get("unless", ())),
            allows=frozenset(entry.get("allows", ())),
        )
        for table in tables.values()
        for entry in _entries(table)
    )
    return Bank({situation.id: situation for situation in situations})


def _entries(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = table.get("situation", [])
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []


def _defects(entry: Mapping[str, Any], topics: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in ("id", "topic", "feeling", "act"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            yield "missing", name
    known: tuple[tuple[str, Collection[str]], ...] = (("topic", topics), ("feeling", set(Feeling)), ("act", set(Act)))
    for name, names in known:
        if entry.get(name, "") not in names:
            yield f"unknown_{name}", str(entry.get(name))
    for season in set(map(str, entry.get("seasons", []))) - set(SEASONS):
        yield "unknown_season", season
    for name in ("cues", "says", "replies", "rules", "unless", "allows"):
        value = entry.get(name, [])
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            yield "not_texts", name
            return
    if not entry.get("replies"):
        yield "missing", "replies"
    for text in entry.get("replies", []):
        yield from _reply_defects(text)


def _claim_defects(entry: Mapping[str, Any], claims: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in ("needs", "bars"):
        value = entry.get(name, [])
        if not isinstance(value, list):
            yield "not_texts", name
            continue
        for claim in value:
            if claim not in claims:
                yield "unknown_claim", str(claim)


def _gist_defects(entry: Mapping[str, Any], gists: Collection[str]) -> Iterator[tuple[str, str]]:
    gist = str(entry.get("gist", ""))
    gathered = entry.get("gathers", [])
    if not gathered and str(entry.get("id")).startswith((f"{RECEIVE}.{FAMILY}.", f"{RECEIVE}.{MOTIF}.")):
        yield "missing", "gathers"
    for name in (gist, *(gathered if isinstance(gathered, list) else [str(gathered)])):
        if name not in gists:
            yield "unknown_gist", str(name)
    least = entry.get("least", FAMILY_SURE)
    if not isinstance(least, float) or not 0 < least <= 1:
        yield "not_a_share", str(least)


def _frame_defects(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ruled = str(entry.get("id")).startswith((f"{RECEIVE}.{FRAME}.", f"{RECEIVE}.{MOTIF}."))
    if ruled is not bool(entry.get("rules")):
        yield "missing", "rules"


def _gist_in(name: str) -> str:
    """Return the gist that a situation of this id receives; empty where it receives none."""
    parts = name.split(".")
    return parts[2] if len(parts) == _GIST_PARTS and parts[1] == GIST else ""


def _reply_defects(text: str) -> Iterator[tuple[str, str]]:
    for slot in sorted((slots_of(text) - REPLY_SLOTS) | (pairs_of(text) - _CLOSED_FIRST)):
        yield "unknown_slot", slot
    if len(text) > MOST_CHARACTERS:
        yield "too_long", str(len(text))
    if text.count("?") > 1:
        yield "two_questions", str(text.count("?"))
