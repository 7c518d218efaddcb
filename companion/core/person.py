"""The people of the record, as values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

_NAME_OF_KIND: Final = re.compile(r"[a-z0-9]{1,16}")
_DIGITS: Final = 8


def channel_name(address: str) -> str:
    """Return what a channel is called in the record of deliveries: its kind and a digest, never its address."""
    kind = _NAME_OF_KIND.match(address.strip().lower())
    digest = hashlib.sha256(address.strip().encode("utf-8", "replace")).hexdigest()[:_DIGITS]
    return f"{kind[0] if kind else 'unknown'}-{digest}"


@dataclass(frozen=True, slots=True)
class Person:
    """One older adult."""

    id: str
    address: str
    """호칭: how 말벗 calls them."""
    name: str = ""
    birth_year: int | None = None
    sex: str = ""
    """female, male, or empty where it was not said."""
    region: str = ""
    """Where they live, 시/도 first."""
    zone: str = "Asia/Seoul"
    group: str = ""
    understanding_doubtful: bool = False
    """Whether somebody else may have to consent: dementia on record."""
    dementia_stage: str = ""
    screening_despite_dementia: bool = False
    speech: Mapping[str, object] = field(default_factory=dict)
    """How 말벗 speaks to them; only what was changed."""
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to be told."""

    id: str
    person_id: str
    name: str
    """As it is spoken: 큰따님."""
    relation: str = ""
    phone: str = ""
    order: int = 1
    """1 is told first."""
    channels: tuple[str, ...] = ()
    """Addresses of channels, in the order to be tried."""
    told_of_abuse: bool = False
    """False keeps everything about abuse from a contact who may be the abuser."""
    told_words: bool = False
    quiet_from: int | None = None
    quiet_until: int | None = None
