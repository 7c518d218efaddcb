"""Screenings keep what their score is recomputed from and how far they went (decision record 0011)."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NUMBER = """
    UPDATE screenings SET number = (
        SELECT count(*) FROM screenings other
        WHERE other.person_id = screenings.person_id
            AND (other.at < screenings.at OR (other.at = screenings.at AND other.id <= screenings.id))
    )
"""
_GONE_ON = "UPDATE screenings SET gone_on_at = coalesce(ended_at, suspended_at, at)"
_REPLIES = """
    UPDATE screenings SET replies = (SELECT count(*) FROM answers a WHERE a.screening_id = screenings.id)
"""
_GATED = """
    UPDATE screenings SET gated = {true}
    WHERE status = 'complete' AND instrument IN ('phq9', 'gad7')
        AND EXISTS (SELECT 1 FROM answers a WHERE a.screening_id = screenings.id)
        AND NOT EXISTS (
            SELECT 1 FROM answers a
            WHERE a.screening_id = screenings.id AND a.item NOT IN ('phq9.1', 'phq9.2', 'gad7.1', 'gad7.2')
        )
"""


def upgrade() -> None:
    """Add the columns and fill them from what is there."""
    op.add_column("screenings", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    for name in ("whole", "gated"):
        op.add_column("screenings", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("screenings", sa.Column("replies", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("screenings", sa.Column("gone_on_at", sa.DateTime(), nullable=True))
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (_NUMBER, _GONE_ON, _REPLIES, _GATED.format(true="1" if on_sqlite else "true")):
        op.execute(statement)
    op.create_index("ix_screenings_person_id_number", "screenings", ["person_id", "number"], unique=True)
