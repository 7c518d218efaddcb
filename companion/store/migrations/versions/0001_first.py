"""Sessions and turns, as the first version kept them in a file without encryption."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("person_id", sa.String(36), nullable=False, index=True),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("profile", sa.String(64), nullable=False),
        sa.Column("reply_driver", sa.String(32), nullable=False),
        sa.Column("ended_by", sa.String(32), nullable=False),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("centre_id", sa.String(36), nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("session_id", sa.String(36), sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("heard", sa.Text, nullable=False),
        sa.Column("hearing", sa.String(16), nullable=False),
        sa.Column("heard_confidence", sa.Float, nullable=False),
        sa.Column("heard_from", sa.Text, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("feeling", sa.String(32), nullable=False),
        sa.Column("situation", sa.String(128), nullable=False),
        sa.Column("understanding_confidence", sa.Float, nullable=False),
        sa.Column("risk_level", sa.String(16), nullable=False),
        sa.Column("risk_kind", sa.String(64), nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("reply_id", sa.String(128), nullable=False),
        sa.Column("reply_source", sa.String(16), nullable=False),
        sa.Column("guard", sa.String(64), nullable=False),
        sa.Column("spoken", sa.Text),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("centre_id", sa.String(36), nullable=False),
        sa.Index("turns_by_session", "session_id", "number", unique=True),
    )
