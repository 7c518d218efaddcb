"""Builds the parts of the dialogue from the parsed tables of ``prompts/``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.dialogue.almanac import FILES as ALMANAC_FILES
from companion.dialogue.almanac import Almanac
from companion.dialogue.asks import FILES as ASKS_FILES
from companion.dialogue.asks import Asks
from companion.dialogue.bank import SEASONS, Bank, bank_problems, load_bank
from companion.dialogue.bank_words import digest_of, read_bank, unpack
from companion.dialogue.claims import Claims
from companion.dialogue.commands import Commands
from companion.dialogue.crisis import PREFIX as CRISIS
from companion.dialogue.crisis import Crisis
from companion.dialogue.exemplar_files import exemplar_problems, load_exemplars
from companion.dialogue.exemplars import Exemplars
from companion.dialogue.facts import FILE as FACTS_FILE
from companion.dialogue.facts import Facts, fact_problems
from companion.dialogue.frames import FILE as FRAMES_FILE
from companion.dialogue.frames import Frames
from companion.dialogue.guard import Guard
from companion.dialogue.leads import FILE as LEADS_FILE
from companion.dialogue.leads import Leads
from companion.dialogue.likeness import Likeness
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.mirror import Mirror
from companion.dialogue.moment import SpokenTime
from companion.dialogue.motifs import Motifs
from companion.dialogue.offers import FILE as OFFERS_FILE
from companion.dialogue.offers import Offers
from companion.dialogue.opportunity import FILE as MOMENTS_FILE
from companion.dialogue.opportunity import Moments
from companion.dialogue.own_questions import OwnQuestions
from companion.dialogue.problem import Problem
from companion.dialogue.questions import FRAUD as FRAUD_FILE
from companion.dialogue.questions import Questions
from companion.dialogue.reckoning.reckoning import FILE as RECKONING_FILE
from companion.dialogue.reckoning.reckoning import Reckoning
from companion.dialogue.telling import Telling, tale_problems
from companion.dialogue.understanding import Lexicon, Understander
from companion.dialogue.wants import FILE as WANTS_FILE
from companion.dialogue.wants import Wants
from companion.dialogue.weighing import FILE as WEIGHING_FILE
from companion.dialogue.weighing import Weighing
from companion.dialogue.wording import Sentences, flat, load_sentences, sentence_problems
from companion.errors import PromptError
from companion.safety.answers import FILE as PROTOCOL_FILE
from companion.safety.assessor import Assessor
from companion.safety.consulting import FILE as CONSULT_FILE
from companion.safety.consulting import load_consulting
from companion.safety.protocol import Protocol
from companion.safety.protocol_rules import load_protocol
from companion.safety.voices import Voices as DangerVoices

_Made = TypeVar("_Made")
Tables: TypeAlias = Mapping[str, Mapping[str, Any]]

UNSPOKEN: Final = frozenset({"numbers.toml", "alert.ko.toml", "delivery.toml", PROTOCOL_FILE, CONSULT_FILE})
"""Of ``prompts/safety``: what 말벗 does not say aloud."""
_PARTS: Final = ("morning", "day", "evening", "night")
NEEDED_SENTENCES: Final = (
    *(f"session.greeting.{first}{part}" for first in ("", "first_") for part in _PARTS),
    *(f"session.greeting.{kind}" for kind in (*SEASONS, "again_today", "long_ago", "recalled")),
    *(f"session.closing.{part}" for part in (*_PARTS, "look_forward")),
    *(
        f"session.session.{name}"
        for name in (
            "keeping_kept",
            "keeping_unkept",
            "disclosure_first_kept",
            "disclosure_first_unkept",
            "disclosure_short_kept",
            "disclosure_short_unkept",
            "silence_prompt",
            "silence_goodbye",
            "stopping",
            "ask_again",
            "ask_again_giving_up",
            "repeat_prefix",
            "nothing_to_repeat",
            "louder",
            "louder_limit",
            "softer",
            "softer_limit",
            "slower",
            "slower_limit",
            "faster",
            "faster_limit",
            "stop_keeping",
            "start_keeping",
            "erase_kept",
            "interrupted_goodbye",
            "offer_left",
            "offer_not_now",
            "reply_failed",
        )
    ),
)
"""Keys of the fixed sentences without which no dialogue can be held."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a dialogue is made of."""

    analyser: Analyser
    grammar: Grammar
    bank: Bank
    sentences: Sentences
    crisis: Crisis
    commands: Commands
    fraud: Questions
    questions: Questions
    asks: Asks
    almanac: Almanac
    facts: Facts
    reckoning: Reckoning
    understander: Understander
    likeness: Likeness
    claims: Claims
    guard: Guard
    time: SpokenTime
    naming: Naming
    mirror: Mirror
    own_questions: OwnQuestions
    telling: Telling
    offers: Offers
    moments: Moments
    wants: Wants
    frames: Frames
    motifs: Motifs
    exemplars: Exemplars
    weighing: Weighing
    leads: Leads


def build(  # noqa: PLR0913 - each is one folder of data, or what reads it
    *,
    replies: Tables,
    fixed: Tables,
    lexicon: Tables,
    safety: Tables,
    analyser: Analyser,
    danger_voices: DangerVoices | None = None,
    tales: Tables | None = None,
    facts: Tables | None = None,
    bank_words: str = "",
    exemplars: Mapping[str, str] | None = None,
) -> Parts:
    """Return the parts.

    ``bank_words`` is what is kept of the words of a bank; where it is not of this one, its examples are read anew.
    ``exemplars`` are texts of files by name.

    Raises:
        PromptError: A table is broken: see ``problems`` for all that is wrong.
    """
    grammar = _made(Grammar, lexicon, "grammar.toml")
    fraud, questions = _made(Questions, lexicon, FRAUD_FILE), _made(Questions, lexicon, "questions.toml")
    asks = _made(Asks, lexicon, *ASKS_FILES)
    almanac = _made(Almanac, lexicon, *ALMANAC_FILES)
    reckoning = _made(Reckoning, lexicon, RECKONING_FILE)
    claims = _made(Claims, lexicon, "claims.toml")
    bank = load_bank(replies, _made(_topics, lexicon, "topics.toml"), claims.names)
    told, themes = load_exemplars(exemplars or {}, bank.gists)
    weighing = _made(Weighing, lexicon, WEIGHING_FILE)
    rules = load_protocol(safety)
    wants = _made(lambda table: Wants(table, bank.told_gists), lexicon, WANTS_FILE)
    crisis = (f"{CRISIS}.{key}" for key in rules.sentence_keys())
    needed = (
        *NEEDED_SENTENCES,
        *fraud.keys,
        *questions.keys,
        *asks.keys,
        *almanac.keys,
        *reckoning.keys,
        *wants.keys,
        *crisis,
    )
    sentences = load_sentences(_spoken(fixed, safety), _numbers(safety), needed)
    known = unpack(bank_words, digest_of(bank, lexicon["grammar.toml"])) if bank_words else None
    words_of_bank = known or read_bank(bank, analyser, grammar)
    naming = _made(Naming, lexicon, "naming.toml")
    words = _made(Lexicon, lexicon, "topic_words.toml", "feelings.toml", "acts.toml")
    return Parts(
        analyser=analyser,
        grammar=grammar,
        bank=bank,
        sentences=sentences,
        crisis=Crisis(
            Assessor(lexicon, grammar, analyser, danger_voices),
            load_consulting(safety),
            Protocol(rules),
            rules.answers,
            sentences,
        ),
        commands=_made(Commands, lexicon, "commands.toml"),
        fraud=fraud,
        questions=questions,
        asks=asks,
        almanac=almanac,
        reckoning=reckoning,
        facts=_made(
            lambda words, questions: Facts(facts or {}, words, questions["asking"]),
            lexicon,
            FACTS_FILE,
            "questions.toml",
        ),
        understander=Understander(words, bank),
        likeness=_made(lambda table: Likeness(bank, words_of_bank, table["groups"]), lexicon, "kin.toml"),
        claims=claims,
        guard=_made(Guard, lexicon, "guard.toml"),
        time=_made(SpokenTime, lexicon, "time.toml"),
        naming=naming,
        mirror=_made(lambda table: Mirror(table, naming), lexicon, "mirror.toml"),
        own_questions=_made(OwnQuestions, lexicon, "asked.toml"),
        telling=_made(lambda table: Telling(tales or {}, table), lexicon, "telling.toml"),
        offers=_made(Offers, lexicon, OFFERS_FILE),
        moments=_made(Moments, lexicon, MOMENTS_FILE),
        wants=wants,
        frames=_made(lambda table: Frames(bank.frames, table), lexicon, FRAMES_FILE),
        motifs=Motifs(bank.motifs),
        exemplars=Exemplars(told, themes, weighing, analyser),
        weighing=weighing,
        leads=_made(Leads, lexicon, LEADS_FILE),
    )


def _made(make: Callable[..., _Made], lexicon: Tables, *files: str) -> _Made:
    """Return what is made of lexicon files.

    Raises:
        PromptError: A file or a part of one is missing or cannot be read.
    """
    missing = next((file for file in files if file not in lexicon), None)
    if missing is not None:
        raise PromptError("lexicon.missing", file=missing, entry="")
    try:
        return make(*(lexicon[file] for file in files))
    except KeyError as error:
        raise PromptError("lexicon.missing", file=", ".join(files), entry=str(error.args[0])) from error
    except (ValueError, TypeError, AttributeError, re.error) as error:
        raise PromptError("lexicon.broken", file=", ".join(files), detail=str(error)) from error


def _topics(table: Mapping[str, Any]) -> Mapping[str, str]:
    topics: Mapping[str, str] = table["topics"]
    return topics


def problems(  # noqa: PLR0913 - each is one folder of data
    *,
    replies: Tables,
    fixed: Tables,
    lexicon: Tables,
    safety: Tables,
    tales: Tables | None = None,
    facts: Tables | None = None,
    exemplars: Mapping[str, str] | None = None,
) -> tuple[Problem, ...]:
    """Return all that is wrong with the bank, tales, facts, exemplars and fixed sentences, for whoever writes them."""
    ruled = (*_made(Questions, lexicon, FRAUD_FILE).keys, *_made(Questions, lexicon, "questions.toml").keys)
    known = (*ruled, *_made(Almanac, lexicon, *ALMANAC_FILES).keys, *_made(Reckoning, lexicon, RECKONING_FILE).keys)
    asked = (*known, *_made(Asks, lexicon, *ASKS_FILES).keys, *_made(Wants, lexicon, WANTS_FILE).keys)
    claims = _made(Claims, lexicon, "claims.toml")
    crisis = (f"{CRISIS}.{key}" for key in load_protocol(safety).sentence_keys())
    fixed_texts = flat(_spoken(fixed, safety))
    replies_texts = (text for table in replies.values() for one in table["situation"] for text in one["replies"])
    said = (*replies_texts, *(text for texts in fixed_texts.values() for text in texts))
    guard = _made(Guard, lexicon, "guard.toml")
    kinds = {str(tale["kind"]) for table in (tales or {}).values() for tale in table.get("tale", ())}
    return (
        *_made(Offers, lexicon, OFFERS_FILE).problems(said, fixed_texts.keys(), kinds),
        *bank_problems(replies, _made(_topics, lexicon, "topics.toml"), claims.names),
        *tale_problems(tales or {}),
        *fact_problems(facts or {}, lexicon[FACTS_FILE], guard),
        *exemplar_problems(exemplars or {}, guard),
        *sentence_problems(_spoken(fixed, safety), _numbers(safety), (*NEEDED_SENTENCES, *asked, *crisis)),
    )


def _spoken(fixed: Tables, safety: Tables) -> Tables:
    """Return the tables of sentences, without what is only shown on the screen; those of danger have their own name."""
    said = {file: {name: value for name, value in table.items() if name != "screen"} for file, table in fixed.items()}
    crisis = {f"{CRISIS}.{file}": table for file, table in safety.items() if file not in UNSPOKEN}
    return {**said, **crisis}


def _numbers(safety: Tables) -> dict[str, str]:
    """Return the telephone numbers by slot."""
    numbers = safety.get("numbers.toml", {}).get("numbers", {})
    return {slot: str(entry["number"]) for slot, entry in numbers.items()}
