"""Sessions count their turns, and an index holds what sums of answers need (decision record 0009)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_HEAVY = "'sadness', 'loneliness', 'worry', 'anger', 'fatigue', 'pain', 'longing'"
_COUNT = f"""
    UPDATE sessions SET
        heard_turns = (SELECT count(*) FROM turns t WHERE t.session_id = sessions.id AND t.heard <> ''),
        bright_turns = (
            SELECT count(*) FROM turns t
            WHERE t.session_id = sessions.id AND t.heard <> '' AND t.feeling IN ('joy', 'gratitude')
        ),
        heavy_turns = (
            SELECT count(*) FROM turns t
            WHERE t.session_id = sessions.id AND t.heard <> '' AND t.feeling IN ({_HEAVY})
        ),
        last_turn_at = (SELECT max(t.at) FROM turns t WHERE t.session_id = sessions.id)
"""  # noqa: S608 - fixed words


def upgrade() -> None:
    """Add the counts, count what is there, and let one index answer for each question of an overview."""
    for name in ("heard_turns", "bright_turns", "heavy_turns"):
        op.add_column("sessions", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("last_turn_at", sa.DateTime(), nullable=True))
    op.execute(_COUNT)
    op.drop_index("ix_sessions_person_id_started_at", "sessions")
    op.create_index(
        "ix_sessions_overview",
        "sessions",
        ["person_id", "started_at", "heard_turns", "bright_turns", "heavy_turns"],
    )
    op.create_index("ix_answers_sums", "answers", ["screening_id", "superseded", "item", "score"])
