"""How one token is held to fewer frames than the graph would give it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.kokoro_graph import shortened

FRAMES = st.lists(st.integers(1, 30), min_size=1, max_size=20)


@given(FRAMES)
def test_nothing_held_leaves_every_frame(frames: list[int]) -> None:
    """All frames are left, and each token ends where it did."""
    ends, kept = shortened(np.array(frames), None)
    assert kept.tolist() == list(range(sum(frames)))
    assert ends.tolist() == np.cumsum(frames).tolist()


@given(FRAMES, st.data())
def test_a_held_token_keeps_its_first_frames_and_the_others_all(frames: list[int], data: st.DataObject) -> None:
    """Only frames of the held token are left out, from its end; the ends say where each token ends then."""
    token, most = data.draw(st.integers(0, len(frames) - 1)), data.draw(st.integers(1, 30))
    ends, kept = shortened(np.array(frames), (token, most))
    begins = np.cumsum([0, *frames])
    wanted = [
        list(range(begin, begin + (min(count, most) if at == token else count)))
        for at, (begin, count) in enumerate(zip(begins.tolist(), frames, strict=False))
    ]
    assert kept.tolist() == [frame for each in wanted for frame in each]
    assert ends.tolist() == np.cumsum([len(each) for each in wanted]).tolist()
