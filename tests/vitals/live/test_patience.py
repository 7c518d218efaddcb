"""How long a device is waited for, and of what an operator is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from companion.vitals.live.patience import LONGEST, Event, Standing


@given(st.lists(st.sampled_from(Event), max_size=60), st.booleans())
def test_a_wait_is_bounded_and_a_trouble_told_once(events: list[Event], worn: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever happens: until the device was there again, of each trouble once."""
    standing, told = Standing(), list[Event]()
    for event in events:
        standing = standing.after(event, worn=worn)
        assert 0 <= standing.wait <= LONGEST
        if event is Event.CONNECTED:
            assert (standing.say is Event.CONNECTED) == bool(told)
            told = []
        elif standing.say is not None:
            assert standing.say not in told
            told.append(standing.say)


def test_a_meter_is_looked_for_all_the_time() -> None:
    """It is on the air for a minute or two after each use: nobody is told that it is away."""
    standing = Standing()
    for _ in range(20):
        standing = standing.after(Event.OUT_OF_RANGE, worn=False)
        assert (standing.wait, standing.say) == (5.0, None)


def test_a_belt_that_stays_away_is_told_of_and_looked_for_less_often() -> None:
    """The third time in a row; at most a minute between two tries."""
    standing, said, waits = Standing(), list[Event | None](), list[float]()
    for _ in range(6):
        standing = standing.after(Event.OUT_OF_RANGE, worn=True)
        said.append(standing.say)
        waits.append(standing.wait)

    assert said == [None, None, Event.OUT_OF_RANGE, None, None, None]
    assert waits == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]


def test_an_error_of_the_port_is_understood_by_its_key() -> None:
    """One that nobody knows is a lost connection."""
    assert [Event.of(f"bluetooth.{one}") for one in ("no_radio", "refused", "connected", "other")] == [
        Event.NO_RADIO,
        Event.REFUSED,
        Event.LOST,
        Event.LOST,
    ]
