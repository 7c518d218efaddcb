"""Ids of the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from companion.store.ids import new_id

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(MOMENTS, st.integers(1, 10**6))
def test_later_ids_sort_later(at: datetime, milliseconds: int) -> None:
    """An id made at least a millisecond later sorts after."""
    at = at.replace(microsecond=0)
    later = at + timedelta(milliseconds=milliseconds)

    assert new_id(at) < new_id(later)


@given(MOMENTS)
def test_an_id_is_a_uuid_of_version_7(at: datetime) -> None:
    """Other systems can read an id as the UUID that it is."""
    read = UUID(new_id(at))

    assert (read.version, read.variant) == (7, "specified in RFC 4122")


def test_ids_of_one_moment_differ() -> None:
    """Two devices that write in the same millisecond do not meet."""
    at = datetime(2026, 11, 23, tzinfo=UTC)

    assert len({new_id(at) for _ in range(1000)}) == 1000
