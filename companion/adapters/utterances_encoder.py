"""All that the sentence encoder says of an utterance: near situations, exemplars like it, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from companion.adapters.exemplars_encoder import EncodedExemplars
from companion.adapters.labels_encoder import EncodedLabels
from companion.adapters.situations_encoder import EncodedSituations
from companion.dialogue.requests import Alike, Labels, Near


@dataclass(frozen=True, slots=True)
class EncodedUtterances:
    """Heads and exemplars together, as the session asks them."""

    _situations: EncodedSituations
    _labels: EncodedLabels
    _exemplars: EncodedExemplars

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

    def labels(self, text: str) -> Labels:
        """Return the probabilities of act, topic, feeling and gist.

        Raises:
            InferenceError: The encoder failed.
        """
        return self._labels.labels(text)
