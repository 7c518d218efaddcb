"""People, contacts and consents; every conversation belongs to a person."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SESSION = "id, person_id, started_at, ended_at, zone, mode, profile, reply_driver, ended_by, device_id, centre_id"
_TURN = (
    "id, session_id, number, at, kind, heard, hearing, heard_confidence, heard_from, act, topic, feeling, situation, "
    "understanding_confidence, risk_level, risk_kind, reply, reply_id, reply_source, guard, spoken, device_id, "
    "centre_id"
)
_NAMES = ", ".join(f"t.{name.strip()}" for name in _TURN.split(","))
_ADD_PEOPLE = """
    INSERT INTO people (
        id, name, address, "group", understanding_doubtful, dementia_stage, screening_despite_dementia, speech,
        device_id, centre_id, at, zone
    )
    SELECT
        person_id, '', '어르신', '', false, '', false, '{}',
        min(device_id), min(centre_id), min(started_at), min(zone)
    FROM first_sessions GROUP BY person_id
"""
_MOVE = (
    _ADD_PEOPLE,
    f"INSERT INTO sessions ({_SESSION}) SELECT {_SESSION} FROM first_sessions",  # noqa: S608 - names of columns
    f"INSERT INTO turns ({_TURN}, zone) SELECT {_NAMES}, s.zone "  # noqa: S608, ISC004 - names of columns
    "FROM first_turns t JOIN first_sessions s ON s.id = t.session_id",
)


def upgrade() -> None:
    """Make the tables and move what was kept into them.

    Conversations of the first version were kept before anybody was asked: their person is added without a consent.
    """
    op.drop_index("ix_sessions_person_id", "sessions")
    op.drop_index("turns_by_session", "turns")
    op.rename_table("sessions", "first_sessions")
    op.rename_table("turns", "first_turns")
    _people()
    _contacts()
    _consents()
    _sessions()
    _turns()
    for statement in _MOVE:
        op.execute(statement)
    op.drop_table("first_turns")
    op.drop_table("first_sessions")


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("understanding_doubtful", sa.Boolean(), nullable=False),
        sa.Column("dementia_stage", sa.String(length=16), nullable=False),
        sa.Column("screening_despite_dementia", sa.Boolean(), nullable=False),
        sa.Column("speech", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("told_of_abuse", sa.Boolean(), nullable=False),
        sa.Column("told_words", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contacts_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_person_id"), "contacts", ["person_id"], unique=False)


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("giver", sa.String(length=16), nullable=False),
        sa.Column("giver_name", sa.Text(), nullable=False),
        sa.Column("manner", sa.String(length=16), nullable=False),
        sa.Column("assent", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("wording", sa.String(length=32), nullable=False),
        sa.Column("wording_digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"], unique=False)
    op.create_index("ix_consents_person_id_number", "consents", ["person_id", "number"], unique=True)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("profile", sa.String(length=64), nullable=False),
        sa.Column("reply_driver", sa.String(length=32), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], unique=False)
    op.create_index("ix_sessions_person_id_started_at", "sessions", ["person_id", "started_at"], unique=False)


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("hearing", sa.String(length=16), nullable=False),
        sa.Column("heard_confidence", sa.Double(), nullable=False),
        sa.Column("heard_from", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("feeling", sa.String(length=32), nullable=False),
        sa.Column("situation", sa.String(length=128), nullable=False),
        sa.Column("understanding_confidence", sa.Double(), nullable=False),
        sa.Column("risk_level", sa.String(length=16), nullable=False),
        sa.Column("risk_kind", sa.String(length=64), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_id", sa.String(length=128), nullable=False),
        sa.Column("reply_source", sa.String(length=16), nullable=False),
        sa.Column("guard", sa.String(length=64), nullable=False),
        sa.Column("spoken", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_turns_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
    )
    op.create_index("ix_turns_session_id_number", "turns", ["session_id", "number"], unique=True)
