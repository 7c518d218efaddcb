"""The screenings of the person of this device, in the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from companion.core.consent import Item
from companion.safety.risk import NO_RISK, Level, Risk
from companion.screening.due import SUSPENDED_WITHIN, Past, has_expired
from companion.screening.offering import OfferRules
from companion.screening.record import Screening, Status
from companion.store.screenings import Begun, Beside, KeptObservation, KeptScreening

if TYPE_CHECKING:
    from companion.screening.instrument import Instrument
    from companion.session.administering import Keeping
    from companion.store.record import Record


@dataclass
class RecordLedger:
    """Over the record of one person, for as long as one conversation."""

    record: Record
    person_id: str
    rules: OfferRules
    mode: str
    """How the person is heard."""
    wording: str
    """Digest of the sentences around the items."""
    artifact: str = ""
    """Of the language model that may give opinions."""
    begun: set[str] = field(default_factory=set)
    """Ids of what was begun or gone on with in this conversation."""

    def may_keep(self) -> bool:
        """Return whether the person agrees, now, that health data is kept."""
        return self.record.consents.standing(self.person_id, Item.HEALTH) is not None

    def settle(self) -> None:
        """Mark what was not gone on with in time as expired."""
        now = self.record.database.now()
        late = [kept.id for kept in self._kept() if has_expired(self._past(kept), now)]
        if late:
            self.record.screenings.expire(self.person_id, late)

    def history(self) -> Sequence[Past]:
        """Return every screening of the person."""
        return [self._past(kept) for kept in self._kept()]

    def touched(self) -> Sequence[str]:
        """Return the items that signs touch, one for each sign that led to nothing yet."""
        return [one.observation.touches for one in self._signs()]

    def allow(self, past: Past) -> None:
        """Keep that the rest of a suspended screening may be offered from now on."""
        self.record.screenings.allow(self.person_id, self._id_of(past))

    def keeping(self, instrument: Instrument, resumed: Past | None, *, by_signs: bool = False) -> Keeping:  # noqa: ARG002 - the screening names its instrument
        """Return what keeps a screening."""
        return _RecordKeeping(self, "" if resumed is None else self._id_of(resumed), by_signs=by_signs)

    def led_to(self, instrument: str, screening_id: str) -> None:
        """Keep that signs led to offering a screening."""
        led = [one for one, touches in self._touching() if touches.partition(".")[0] == instrument]
        if led:
            self.record.screenings.led_to(self.person_id, led, screening_id)

    def _touching(self) -> list[tuple[str, str]]:
        return [(one.id, one.observation.touches) for one in self._signs()]

    def _signs(self) -> list[KeptObservation]:
        since = self.record.database.now() - self.rules.signs_count_for
        found = self.record.screenings.observed(self.person_id)
        return [one for one in found if one.offered is None and one.at >= since]

    def _kept(self) -> Sequence[KeptScreening]:
        return self.record.screenings.all(self.person_id)

    def _past(self, kept: KeptScreening) -> Past:
        return Past(
            screening=kept.screening,
            at=kept.ended_at or kept.gone_on_at,
            not_before=kept.not_before,
            in_this_session=kept.id in self.begun,
            number=kept.number,
        )

    def _id_of(self, past: Past) -> str:
        return next(kept.id for kept in self._kept() if kept.number == past.number)


class _RecordKeeping:
    """Keeps one screening, begun by its first word."""

    def __init__(self, ledger: RecordLedger, screening_id: str, *, by_signs: bool) -> None:
        self._ledger = ledger
        self._id = screening_id
        self._by_signs = by_signs

    def keep(self, screening: Screening, turn_id: str | None, *, session_id: str | None, risk: Risk = NO_RISK) -> None:
        """Keep a screening as far as it went."""
        ledger = self._ledger
        store = ledger.record.screenings
        if not self._id:
            self._id = store.begin(ledger.person_id, screening, Begun(ledger.mode, session_id, ledger.wording))
            if self._by_signs:
                ledger.led_to(screening.instrument, self._id)
        else:
            store.go_on(ledger.person_id, self._id, screening, self._beside(screening, turn_id, risk))
        ledger.begun.add(self._id)

    def _beside(self, screening: Screening, turn_id: str | None, risk: Risk) -> Beside:
        ledger, now = self._ledger, self._ledger.record.database.now()
        if screening.status is not Status.SUSPENDED:
            return Beside(turn_id, ledger.artifact)
        if risk.level is Level.NONE:
            # Its rest is not wanted: not offered again before it expires.
            return Beside(turn_id, ledger.artifact, now + SUSPENDED_WITHIN)
        return Beside(turn_id, ledger.artifact, ledger.rules.not_before(now), risk.level, risk.kind)
