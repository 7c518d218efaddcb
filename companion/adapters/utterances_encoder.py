"""All that the sentence encoder says of an utterance: near situations, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from companion.adapters.labels_encoder import EncodedLabels
from companion.adapters.situations_encoder import EncodedSituations
from companion.dialogue.requests import Labels, Near


@dataclass(frozen=True, slots=True)
class EncodedUtterances:
    """Both heads together, as the session asks them."""

    _situations: EncodedSituations
    _labels: EncodedLabels

    def nearest(self, text: str) -> tuple[Near, ...]:
        """Return the nearest situations, best first; none for blank text.

        Raises:
            InferenceError: The encoder failed.
        """
        return self._situations.nearest(text)

    def labels(self, text: str) -> Labels:
        """Return the probabilities of act, topic, feeling and gist.

        Raises:
            InferenceError: The encoder failed.
        """
        return self._labels.labels(text)
