"""A turn of the conversation, as it is planned, spoken and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """What the person does by saying it."""

    GREET = "greet"
    FAREWELL = "farewell"
    TELL = "tell"
    ASK = "ask"
    REQUEST = "request"
    YES = "yes"
    NO = "no"
    THANK = "thank"
    APOLOGISE = "apologise"
    COMPLAIN = "complain"
    ACKNOWLEDGE = "acknowledge"
    """"응", "그렇구나": heard, go on."""
    UNCLEAR = "unclear"


class Feeling(StrEnum):
    """The feeling that colours what was said."""

    NEUTRAL = "neutral"
    JOY = "joy"
    SADNESS = "sadness"
    LONELINESS = "loneliness"
    WORRY = "worry"
    ANGER = "anger"
    FATIGUE = "fatigue"
    PAIN = "pain"
    LONGING = "longing"
    GRATITUDE = "gratitude"


class Tone(StrEnum):
    """How something is told: what the person wants shared with them, finer than the feeling that is measured."""

    GLAD = "glad"
    PROUD = "proud"
    THANKFUL = "thankful"
    """Thankful, moved."""
    AMUSED = "amused"
    """With a laugh: also at oneself, and what is grumbled at fondly."""
    CONTENT = "content"
    """At ease, relieved."""
    WONDER = "wonder"
    LONGING = "longing"
    LONELY = "lonely"
    """Lonely, sad."""
    HURT = "hurt"
    """Slighted, wronged, passed over."""
    ANNOYED = "annoyed"
    """Annoyed, angry."""
    WORRIED = "worried"
    WEARY = "weary"
    """In pain, worn out; the body does not do as it is told."""
    SORRY = "sorry"
    """Sorry, ashamed."""
    WRY = "wry"
    """Resigned; laughed off, and bitter beneath."""
    PLAIN = "plain"
    ASKING = "asking"
    """Said to 말벗 itself: asked, wished for, teased."""


class ReplySource(StrEnum):
    """What wrote a reply."""

    BANK = "bank"
    """The reviewed reply bank."""
    MODEL = "model"
    """A language model, behind the guard."""
    FIXED = "fixed"
    """A fixed sentence: disclosure, safety, refusals, commands."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What else was noticed of one utterance."""

    people: tuple[str, ...] = ()
    """Who is named, as they are politely called: 아드님, 친구분."""
    things: tuple[str, ...] = ()
    """Plain nouns that are named: 국수, 화분."""
    request: str = ""
    """What is asked for, by its id: a question of ``questions.toml`` or a kind of tale; empty where nothing is."""
    health: bool = False
    """Whether the body, an illness, medicine or sleep is spoken of."""
    confused: bool = False
    """Whether it shows confusion: of place or time, of who listens, of what was just said."""
    wants: tuple[str, ...] = ()
    """What may be wanted of 말벗 by saying it, the likeliest first; ``none`` alone where it is told; empty where nobody
    knows."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was made of one utterance."""

    act: Act
    topic: str
    """One of the topics of ``prompts/lexicon/topics.toml``; ``"other"`` where none fits."""
    feeling: Feeling
    confidence: float
    """In [0, 1]."""
    situation: str = ""
    """Id of the nearest situation of the reply bank; empty where none is near."""
    voices: tuple[str, ...] = ()
    """Which of lexicon, encoder and model agreed on the topic."""
    strength: float = 0.0
    """Of the feeling, in [0, 1]; 0 for a neutral one."""
    noticed: Noticed = field(default_factory=Noticed)
    """What else was noticed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What 말벗 is going to say."""

    text: str
    source: ReplySource
    id: str
    """Id of the bank or fixed sentence; for a generated one the artifact that wrote it."""
    guard: str = "passed"
    """``"passed"``, or the rule that refused the generated reply which this one replaces."""
    ends_session: bool = False
    uninterruptible: bool = False
    """True for a safety sentence: not cut by barge-in."""
    opener: str = ""
    """Short words that ``text`` begins with only so that sound may begin at once; empty where there are none."""
