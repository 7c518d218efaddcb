"""What an utterance is to those that were taught: what is like it, what fits it, how it is said back and met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from companion.adapters.exemplars_encoder import EncodedExemplars
from companion.adapters.labels_encoder import EncodedLabels
from companion.adapters.reactions_encoder import EncodedReactions
from companion.adapters.reply_fit import EncodedFit
from companion.adapters.restating import Restater
from companion.adapters.situations_encoder import EncodedSituations
from companion.dialogue.requests import Alike, Fits, Labels, Near, Reacted, Restated


@dataclass(frozen=True, slots=True)
class EncodedUtterances:
    """Heads and exemplars together, as the session asks them."""

    _situations: EncodedSituations
    _labels: EncodedLabels
    _exemplars: EncodedExemplars
    _fit: EncodedFit
    _restater: Restater
    _reactions: EncodedReactions

    def nearest(self, text: str) -> tuple[Near, ...]:
        """Return the nearest situations, best first; none for blank text.

        Raises:
            InferenceError: The encoder failed.
        """
        return self._situations.nearest(text)

    def alike(self, text: str) -> tuple[Alike, ...]:
        """Return the nearest exemplars, best first; none for blank text.

        Raises:
            InferenceError: The encoder failed.
        """
        return self._exemplars.alike(text)

    def fits(self, text: str, replies: Sequence[str]) -> Fits:
        """Return how well replies fit what is told; those that are not known are left out.

        Raises:
            InferenceError: The encoder failed.
        """
        return Fits(self._fit.fits(text, replies))

    def labels(self, text: str) -> Labels:
        """Return the probabilities of act, topic, feeling and gist.

        Raises:
            InferenceError: The encoder failed.
        """
        return self._labels.labels(text)

    def restated(self, text: str, asked: str) -> tuple[Restated, ...]:
        """Return each sentence of what was told said back, in order; none where that was not learnt."""
        return self._restater.restated(text, asked)

    def reacted(self, text: str, asked: str) -> Reacted:
        """Return how probable each reaction to what was told is; none where that was not learnt.

        Raises:
            InferenceError: The encoder failed.
        """
        return self._reactions.reacted(text, asked)
