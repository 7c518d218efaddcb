"""What was found dangerous: asked for by whoever has to return to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from companion.safety.protocol import MISHEARD, STILL
from companion.safety.risk import Kind, Theme
from companion.safety.steps import Answer, Question
from companion.store.database import Database
from companion.store.tables.safety import AlertNoteRow, AlertRow, ProtocolStepRow, RiskEventRow

_RETURNED_TO_FOR: Final = timedelta(days=30)
"""After which a danger that nobody resolved is not brought up again by 말벗 itself."""
_RESOLVED: Final = "resolved"
_OF_BODY_AND_HOUSE: Final = tuple(theme for theme in Theme if theme not in (Theme.NONE, Theme.SELF_HARM))
"""Themes of which the person's word that no such danger was told ends the case."""


class Danger:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def left_open(self, person_id: str) -> Sequence[tuple[str, str]]:
        """Return level and kind of each danger since somebody last resolved an alert of a person, oldest first.

        Not what they were asked about, and had not meant; nor what they said was no danger at all; nor what a later
        talk returned to already, where a wish to die was denied then (decision 0055).

        Raises:
            StoreUnreadable: It cannot be read.
        """
        resolved = (
            select(func.max(AlertNoteRow.at))
            .join(AlertRow, AlertRow.id == AlertNoteRow.alert_id)
            .where(AlertRow.person_id == person_id, AlertNoteRow.status == _RESOLVED)
        )
        with self._database.reading() as session:
            since = self._database.now() - _RETURNED_TO_FOR
            if (last := session.scalar(resolved)) is not None:
                since = max(since, last)
            over = (_misheard(), _mistaken(), _returned_to(), _asked_and_denied())
            query = select(RiskEventRow.level, RiskEventRow.kind).where(
                RiskEventRow.person_id == person_id, RiskEventRow.at > since, ~or_(*over)
            )
            found = session.execute(query.order_by(RiskEventRow.at, RiskEventRow.id))
            return [(level, kind) for level, kind in found]


def _misheard() -> ColumnElement[bool]:
    """Whether it was asked if a danger was meant, and it was not."""
    asked, denied = aliased(ProtocolStepRow), aliased(ProtocolStepRow)
    return (
        select(asked.id)
        .join(denied, denied.session_id == asked.session_id)
        .where(
            asked.session_id == RiskEventRow.session_id,
            asked.turn_number == RiskEventRow.turn_number,
            asked.question == Question.MEANT,
            denied.turn_number > asked.turn_number,
            denied.key == MISHEARD,
        )
        .exists()
    )


def _mistaken() -> ColumnElement[bool]:
    """Whether the person said later in the talk that no danger of this theme was told."""
    said = aliased(ProtocolStepRow)
    kinds = {theme: [kind for kind in Kind if kind.theme is theme] for theme in _OF_BODY_AND_HOUSE}
    of_theme = (and_(said.key == f"{theme}.reply.misheard", RiskEventRow.kind.in_(its)) for theme, its in kinds.items())
    return (
        select(said.id)
        .where(said.session_id == RiskEventRow.session_id, said.turn_number > RiskEventRow.turn_number, or_(*of_theme))
        .exists()
    )


def _returned_to() -> ColumnElement[bool]:
    """Whether a later talk spoke of this danger to body or house: it was asked after, once."""
    said = aliased(ProtocolStepRow)
    of_theme = (
        and_(said.key.startswith(f"{theme}.reply.return"), RiskEventRow.kind.in_(_kinds(theme)))
        for theme in _OF_BODY_AND_HOUSE
    )
    return (
        select(said.id)
        .where(said.person_id == RiskEventRow.person_id, said.at > RiskEventRow.at, or_(*of_theme))
        .exists()
    )


def _asked_and_denied() -> ColumnElement[bool]:
    """Whether a later talk asked if the wish to die is still there, and the answer was no."""
    asked, denied = aliased(ProtocolStepRow), aliased(ProtocolStepRow)
    return (
        select(asked.id)
        .join(denied, denied.session_id == asked.session_id)
        .where(
            RiskEventRow.kind.in_(_kinds(Theme.SELF_HARM)),
            asked.person_id == RiskEventRow.person_id,
            asked.at > RiskEventRow.at,
            asked.key == STILL,
            denied.turn_number == asked.turn_number + 1,
            denied.answer == Answer.NO,
        )
        .exists()
    )


def _kinds(theme: Theme) -> list[Kind]:
    return [kind for kind in Kind if kind.theme is theme]
