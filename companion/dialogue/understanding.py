"""Joins the voices that say what an utterance is about: lexicon, the words of the bank, the encoder.

Each voice gives weights to topics and feelings; the act is decided by grammar and lexicon. Negation, tense and
questions come from the reading and are never left to an encoder or a language model.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from companion.core.reading import Expression, Reading
from companion.core.turn import Act, Feeling, Understanding
from companion.dialogue.bank import Bank, Situation
from companion.dialogue.requests import UNNAMED, Labels, Near

_Label = TypeVar("_Label")

OTHER: Final = "other"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
SMALL_TALK: Final = "small_talk"
_ANSWERS: Final = frozenset({Act.YES, Act.NO, Act.ACKNOWLEDGE})
_MOST_ANSWER_WORDS: Final = 2
"""Content words; what is longer tells something, whatever word it begins with."""
_MOST_NODDING_WORDS: Final = 3
"""The same of what a head takes for a nod."""
_COURTESIES: Final = frozenset({Act.THANK, Act.APOLOGISE})
_MOST_COURTESY_WORDS: Final = 4
_TO_MALBEOT: Final = frozenset({"너", "니", "네", "자네", "말벗", "듣", "말", "말하"})
_NEEDED: Final = 0.3
"""Weight below which no topic is named."""
_SURE: Final = 1.6
"""Weight from which a topic counts as certain."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each voice counts. Chosen on the development part of the evaluation set."""

    lexicon: float = 1.0
    bank: float = 0.6
    encoder: float = 0.5
    feeling_words: float = 0.6
    labels: float = 1.5
    """Of the head that names topics."""
    feeling_labels: float = 1.0
    act_labels: float = 1.0
    act_grammar: float = 0.6
    """Of an act that grammar or a word names, beside the head; a telling is named by nothing."""
    act_question: float = 0.3
    """Of the ending of a question: ``밥이 넘어가겠나`` asks nothing."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What each voice says of one utterance."""

    lexicon: Mapping[str, float]
    """Topic to weight; 1.0 is one plain word."""
    bank: Mapping[str, float]
    """Situation id to likeness in [0, 1], by shared words."""
    near: tuple[Near, ...]
    """The encoder's nearest situations of those that state nothing which is not said."""
    heard: tuple[Near, ...] = ()
    """All of its nearest situations: what is spoken of, whatever is said of it."""
    labels: Labels = UNNAMED
    """What the head over the encoder names."""


@dataclass(frozen=True, slots=True)
class _Marked:
    """Expressions that point to one label."""

    label: str
    expression: Expression
    weight: float
    begins: frozenset[str]
    """Forms of its first place: looked at before anything else, because there are many expressions."""


class Lexicon:
    """The tables ``topic_words.toml``, ``feelings.toml`` and ``acts.toml`` of ``prompts/lexicon``."""

    def __init__(self, topics: Mapping[str, Any], feelings: Mapping[str, Any], acts: Mapping[str, Any]) -> None:
        """Compile the expressions.

        Raises:
            KeyError: A part of a table is missing.
            ValueError: An unknown feeling or act, or an expression that cannot be read.
        """
        self._topics = tuple(_marked(topics["topic"]))
        self._feelings = tuple(_marked(feelings["feeling"]))
        self._acts = tuple(_marked(acts["act"]))
        self._whole = re.compile("|".join(f"(?:{source})" for source in acts["whole"]["text"]))
        for feeling in feelings["feeling"]:
            Feeling(feeling)
        for act in acts["act"]:
            Act(act)

    def is_whole(self, text: str) -> bool:
        """Whether the words are exactly a complete, well-known utterance: a greeting, a yes, thanks."""
        return self._whole.fullmatch(_NOT_LETTERS.sub("", text)) is not None

    def topics(self, reading: Reading) -> dict[str, float]:
        """Return the weight of each topic that a word points to."""
        return _weigh(self._topics, reading)

    def feeling_weights(self, reading: Reading) -> dict[str, float]:
        """Return the weight of each feeling that a word points to."""
        return _weigh(self._feelings, reading)

    def agrees(self, reading: Reading) -> bool:
        """Whether a yes is said, whatever else is, and no no."""
        found = _weigh(self._acts, reading)
        return found.get(Act.YES, 0.0) > found.get(Act.NO, 0.0)

    def act(self, reading: Reading) -> Act:
        """Return what is done by saying it: first by words, then by how the sentence ends."""
        found = _weigh(self._acts, reading)
        if reading.question or len(reading.words) > _MOST_ANSWER_WORDS:
            found = {label: weight for label, weight in found.items() if Act(label) not in _ANSWERS}
        if len(reading.words) > _MOST_COURTESY_WORDS and not any(word.form in _TO_MALBEOT for word in reading.words):
            # 김치를 얻어 왔어, 어찌나 고맙던지: told of somebody else.
            found = {label: weight for label, weight in found.items() if Act(label) not in _COURTESIES}
        if found:
            return Act(max(found, key=lambda label: found[label]))
        if reading.question:
            return Act.ASK
        if reading.request:
            return Act.REQUEST
        return Act.TELL if reading.words else Act.UNCLEAR


def _marked(table: Mapping[str, Any]) -> list[_Marked]:
    marked = []
    for label, groups in table.items():
        for weight, sources in groups.items():
            for source in sources:
                expression = Expression.parse(source)
                marked.append(_Marked(label, expression, float(weight), expression.atoms[0].forms))
    return marked


def _weigh(entries: Sequence[_Marked], reading: Reading) -> dict[str, float]:
    forms = {word.form for word in reading.words}
    weights: defaultdict[str, float] = defaultdict(float)
    for entry in entries:
        if entry.begins.isdisjoint(forms):
            continue
        if entry.expression.found(reading) is not None:
            weights[entry.label] += entry.weight
    return dict(weights)


class Understander:
    """Makes one ``Understanding`` of what the voices say."""

    def __init__(self, lexicon: Lexicon, bank: Bank, weights: Weights | None = None) -> None:
        self.lexicon = lexicon
        self._bank = bank
        self._weights = weights or Weights()

    def understand(self, reading: Reading, voices: Voices, situation: str = "") -> Understanding:
        """Return topic, feeling and act, and which voices agreed on the topic.

        Args:
            reading: The utterance as grammar sees it.
            voices: What lexicon, bank and encoder say of it.
            situation: The situation chosen for the reply; empty where none was near.
        """
        by_voice = self._topics_by_voice(voices)
        total: defaultdict[str, float] = defaultdict(float)
        for weight, topics in by_voice.values():
            for topic, value in topics.items():
                total[topic] += weight * value
        feeling, strength = self._feeling(reading, voices)
        act = self._act(reading, voices, feeling)
        topic = max(total, key=lambda name: (total[name], name)) if total else OTHER
        if total.get(topic, 0.0) < _NEEDED:
            topic = SMALL_TALK if act in {Act.GREET, Act.FAREWELL, Act.ACKNOWLEDGE, Act.THANK} else OTHER
        agreed = tuple(
            voice for voice, (_, topics) in by_voice.items() if topics and max(topics, key=lambda t: topics[t]) == topic
        )
        return Understanding(
            act=act,
            topic=topic,
            feeling=feeling,
            confidence=round(min(total.get(topic, 0.0) / _SURE, 1.0), 3),
            situation=situation,
            voices=agreed,
            strength=0.0 if feeling is Feeling.NEUTRAL else round(min(strength, 1.0), 3),
        )

    def _topics_by_voice(self, voices: Voices) -> dict[str, tuple[float, dict[str, float]]]:
        strongest = max(voices.lexicon.values(), default=0.0)
        lexicon = {topic: weight / max(strongest, 1.0) for topic, weight in voices.lexicon.items()}
        bank: dict[str, float] = {}
        for name, likeness in voices.bank.items():
            topic = self._bank.situations[name].topic
            bank[topic] = max(bank.get(topic, 0.0), likeness)
        encoder: defaultdict[str, float] = defaultdict(float)
        for near in voices.heard or voices.near:
            if near.situation in self._bank.situations:
                encoder[self._bank.situations[near.situation].topic] += near.similarity
        return {
            "lexicon": (self._weights.lexicon, lexicon),
            "bank": (self._weights.bank, bank),
            "encoder": (self._weights.encoder, dict(encoder)),
            "labels": (self._weights.labels, dict(voices.labels.topics)),
        }

    def _act(self, reading: Reading, voices: Voices, feeling: Feeling) -> Act:
        """Grammar and the head decide together; without a head, whether one complains is left to what is near."""
        act = self.lexicon.act(reading)
        if not voices.labels.acts:
            return self._told_or_complained(voices, feeling) if act is Act.TELL else act
        weights = defaultdict(float, {name: self._weights.act_labels * p for name, p in voices.labels.acts.items()})
        if act is Act.ASK:
            weights[act] += self._weights.act_question
        elif act is not Act.TELL:
            weights[act] += self._weights.act_grammar
        if len(reading.words) > _MOST_NODDING_WORDS:
            weights.pop(Act.ACKNOWLEDGE, None)  # 하모, 소리만 들어도 어데가 션찮은지 안다
        return max(weights, key=lambda name: weights[name], default=act)

    def _told_or_complained(self, voices: Voices, feeling: Feeling) -> Act:
        acts = self._near_sums(voices.near, lambda situation: situation.act)
        weight = acts.get(Act.COMPLAIN, 0.0) + _COMPLAINT_FELT * (feeling in _COMPLAINING)
        return Act.COMPLAIN if weight >= _COMPLAINT_NEEDED else Act.TELL

    def _feeling(self, reading: Reading, voices: Voices) -> tuple[Feeling, float]:
        words = {Feeling(name): weight for name, weight in self.lexicon.feeling_weights(reading).items()}
        if voices.labels.feelings:
            felt = defaultdict(
                float, {name: self._weights.feeling_labels * p for name, p in voices.labels.feelings.items()}
            )
        else:
            felt = self._felt_near(voices)
        for name, weight in words.items():
            felt[name] += self._weights.feeling_words * min(weight, _MOST_WEIGHT)
        best = max(felt, key=lambda feeling: felt[feeling], default=Feeling.NEUTRAL)
        return (best, felt[best]) if felt[best] >= _FEELING_NEEDED else (Feeling.NEUTRAL, 0.0)

    def _felt_near(self, voices: Voices) -> defaultdict[Feeling, float]:
        felt = self._near_sums(voices.near, lambda situation: situation.feeling)
        if voices.heard and max(felt.values(), default=0.0) < _FEELING_NEEDED:
            felt = self._near_sums(voices.heard, lambda situation: situation.feeling)
            felt = defaultdict(float, {name: weight for name, weight in felt.items() if name not in _GLAD})
        return felt

    def _near_sums(self, found: Sequence[Near], label: Callable[[Situation], _Label]) -> defaultdict[_Label, float]:
        sums: defaultdict[_Label, float] = defaultdict(float)
        for near in found:
            situation = self._bank.situations.get(near.situation)
            if situation is not None:
                sums[label(situation)] += near.similarity
        return sums


_GLAD: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE})
_COMPLAINT_NEEDED: Final = 0.4
_COMPLAINT_FELT: Final = 0.35
_COMPLAINING: Final = frozenset({Feeling.ANGER, Feeling.PAIN, Feeling.FATIGUE, Feeling.LONELINESS})
_FEELING_NEEDED: Final = 0.35
_MOST_WEIGHT: Final = 2.0
