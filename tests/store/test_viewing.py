"""Who reads what: grants, consents and the audit of every read, on a real encrypted record and a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from companion.core.access import OWNER, Action, Role
from companion.core.consent import Answer, Item
from companion.errors import InputError, NotAllowed, SignInRefused, StorageFull
from companion.store.database import Database
from companion.store.tables.people import PersonRow
from tests.store.room import ADMIN, DAUGHTER, NURSE, PASSWORD, Room, a_room, quick_passwords


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_url: str) -> Iterator[Room]:
    quick_passwords(monkeypatch)
    with a_room(tmp_path, server_url) as made:
        yield made


def test_the_owner_of_a_device_without_accounts_reads_it(room: Room) -> None:
    """What is read comes back whole, newest first, and each read is audited."""
    person = room.person("김순자")
    first, second = room.talked(person, "안녕하세요", "그냥 그래"), room.talked(person, "또 왔네")
    viewer = room.viewer(OWNER)

    listed = viewer.sessions()
    summary, turns = viewer.session(first)

    assert [(one.id, one.turns) for one in listed] == [(second, 1), (first, 2)]
    assert [turn.heard for turn in turns] == ["안녕하세요", "그냥 그래"]
    assert summary == listed[1]
    assert [one.id for one in viewer.sessions(limit=1)] == [second]
    assert viewer.session("last")[0].id == second
    assert viewer.session(first[-12:])[0].id == first
    entries = room.trail()
    assert [entry.account_id for entry in entries] == ["owner"] * 5
    assert (entries[0].action, entries[0].details) == (Action.SESSIONS_LISTED, {"people": [person], "count": 2})
    assert (entries[1].action, entries[1].person_id) == (Action.SESSION_READ, person)
    assert entries[1].details == {"session": first, "count": 2}


def test_the_owner_reads_no_more_once_there_is_an_account(room: Room) -> None:
    """A viewer that was open before sees nothing after."""
    person = room.person("김순자")
    room.talked(person, "안녕하세요")
    viewer = room.viewer(OWNER)
    assert viewer.sessions()
    room.administrator()

    with pytest.raises(SignInRefused):
        viewer.sessions()
    assert room.trail()[-1].action == Action.REFUSED


def test_an_account_sees_those_alone_that_were_granted_to_it(room: Room) -> None:
    """Others are not listed, and their conversations are not to be found."""
    admin = room.administrator()
    mine, other = room.person("김순자"), room.person("박영수")
    of_mine, of_other = room.talked(mine, "안녕하세요"), room.talked(other, "비밀이야")
    viewer = room.viewer(room.reader(admin, DAUGHTER, Role.CAREGIVER, mine))

    assert [one.id for one in viewer.sessions()] == [of_mine]
    assert viewer.session("last")[0].id == of_mine
    with pytest.raises(InputError) as refused:
        viewer.session(of_other)
    assert refused.value.key == "store.no_such_session"


def test_an_administrator_sees_no_record_without_consent_and_grant(room: Room) -> None:
    """Keeping accounts is not reading: nobody opens a record to themselves against the person's word."""
    admin = room.administrator()
    person = room.person("김순자")
    room.talked(person, "안녕하세요")
    viewer = room.viewer(admin)

    assert viewer.sessions() == []
    with pytest.raises(NotAllowed):
        room.grants.grant(admin, ADMIN, person)
    room.decide(person, Item.SHARING, named=ADMIN)
    room.grants.grant(admin, ADMIN, person)
    assert len(viewer.sessions()) == 1


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_granted_against_the_persons_word(room: Room, role: Role) -> None:
    """No consent, a refusal, or one about another name open nothing."""
    admin = room.administrator()
    person = room.person("김순자")
    room.accounts.add(admin, NURSE, role, PASSWORD)
    room.decide(person, Item.SHARING, named=DAUGHTER)

    with pytest.raises(NotAllowed):
        room.grants.grant(admin, NURSE, person)
    room.decide(person, Item.SHARING, named=NURSE, answer=Answer.REFUSED)
    with pytest.raises(NotAllowed):
        room.grants.grant(admin, NURSE, person)
    room.decide(person, Item.SHARING, named=NURSE)
    room.grants.grant(admin, NURSE, person)


def test_a_withdrawal_takes_effect_with_the_next_read(room: Room) -> None:
    """The grant stays and opens nothing; agreeing again opens it again."""
    admin = room.administrator()
    person = room.person("김순자")
    session_id = room.talked(person, "안녕하세요")
    viewer = room.viewer(room.reader(admin, DAUGHTER, Role.CAREGIVER, person))
    assert viewer.session(session_id)

    room.decide(person, Item.SHARING, named=DAUGHTER, answer=Answer.WITHDRAWN)
    assert viewer.sessions() == []
    with pytest.raises(InputError):
        viewer.session(session_id)
    room.decide(person, Item.SHARING, named=DAUGHTER)
    assert len(viewer.sessions()) == 1


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.WITHDRAWN])
def test_conversations_are_shown_to_nobody_once_their_keeping_is_not_agreed_to(room: Room, answer: Answer) -> None:
    """Not even to the owner of the device, until they are erased or agreed to again."""
    person = room.person("김순자")
    room.talked(person, "안녕하세요")
    viewer = room.viewer(OWNER)
    room.decide(person, Item.CONVERSATION, answer=answer)

    assert viewer.sessions() == []
    with pytest.raises(InputError):
        viewer.session("last")


def test_a_revoked_grant_closes_the_record_at_once(room: Room) -> None:
    """The open viewer of the account sees nothing more; revoking twice is no trouble."""
    admin = room.administrator()
    person = room.person("김순자")
    room.talked(person, "안녕하세요")
    viewer = room.viewer(room.reader(admin, DAUGHTER, Role.CAREGIVER, person))
    for _ in range(2):
        room.grants.revoke(admin, DAUGHTER, person)

    assert viewer.sessions() == []
    assert room.actions().count(Action.REVOKED) == 1


def test_only_an_administrator_opens_records(room: Room) -> None:
    """A caregiver opens them neither to others nor to themselves."""
    admin = room.administrator()
    mine, other = room.person("김순자"), room.person("박영수")
    daughter = room.reader(admin, DAUGHTER, Role.CAREGIVER, mine)
    room.decide(other, Item.SHARING, named=DAUGHTER)

    for change in (room.grants.grant, room.grants.revoke):
        with pytest.raises(NotAllowed):
            change(daughter, DAUGHTER, other)


def test_granting_what_is_not_there_is_an_input_error(room: Room) -> None:
    """A wrong name or person is told, and nothing is written."""
    admin = room.administrator()
    person = room.person("김순자")
    with pytest.raises(InputError):
        room.grants.grant(admin, "아무개", person)
    with pytest.raises(InputError):
        room.grants.grant(admin, ADMIN, "nobody")

    assert Action.GRANTED not in room.actions()


def test_a_read_of_one_person_is_refused_and_the_refusal_audited(room: Room) -> None:
    """Whoever wants a page that is not open is told so, and it stands in the audit whose page it was."""
    admin = room.administrator()
    person = room.person("김순자", keeps=False)
    daughter = room.reader(admin, DAUGHTER, Role.CAREGIVER, person)
    viewer = room.viewer(daughter)

    with pytest.raises(NotAllowed) as refused, viewer.read(Action.SESSION_READ, person, item=Item.CONVERSATION):
        pytest.fail("it was let in")
    assert refused.value.key == "consent.missing_conversation"
    room.grants.revoke(admin, DAUGHTER, person)
    with pytest.raises(NotAllowed) as refused, viewer.read(Action.SESSION_READ, person):
        pytest.fail("it was let in")
    assert refused.value.key == "access.not_open"
    entry = room.trail()[-1]
    assert (entry.action, entry.person_id, entry.details) == (Action.REFUSED, person, {"why": "access.not_open"})


def test_a_read_of_one_person_is_audited_with_what_was_seen(room: Room) -> None:
    """A new kind of read says in two lines whose record it is and how much of it was seen."""
    person = room.person("김순자")

    with room.viewer(OWNER).read(Action.SESSION_READ, person) as view:
        view.seen["count"] = 3

    entry = room.trail()[-1]
    assert (entry.action, entry.person_id, entry.details) == (Action.SESSION_READ, person, {"count": 3})


def test_a_sign_in_that_ran_out_reads_nothing(room: Room) -> None:
    """A screen left open shows nothing new after a quarter of an hour; looking keeps it open."""
    admin = room.administrator()
    viewer = room.viewer(room.reader(admin, DAUGHTER, Role.CAREGIVER, room.person("김순자")))
    for _ in range(2):
        room.later(minutes=14)
        viewer.sessions()
    room.later(minutes=15)

    with pytest.raises(SignInRefused):
        viewer.sessions()
    assert Action.SIGN_IN_RAN_OUT in room.actions()


def test_what_cannot_be_audited_is_not_shown(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read whose entry cannot be written gives nothing back."""
    room.talked(room.person("김순자"), "안녕하세요")

    def full(*_: object, **__: object) -> None:
        raise StorageFull("store.cannot_write", file=room.folder)

    monkeypatch.setattr(room.audit, "append", full)
    with pytest.raises(StorageFull):
        room.viewer(OWNER).sessions()


@pytest.mark.parametrize("prefix", ["", "a", "%%%%", "____", "'; --", "가나다라", "\ud800" * 4])
def test_an_id_that_is_none_finds_nothing(room: Room, prefix: str) -> None:
    """Whatever is typed for an id, no pattern and no statement is made of it."""
    room.talked(room.person("김순자"), "안녕하세요")

    with pytest.raises(InputError):
        room.viewer(OWNER).session(prefix)


def test_administrators_alone_read_the_audit_and_reading_it_is_audited(room: Room) -> None:
    """Who looked at whom is itself looked at by few, and noted."""
    admin = room.administrator()
    person = room.person("김순자")
    daughter = room.reader(admin, DAUGHTER, Role.CAREGIVER, person)
    room.talked(person, "안녕하세요")
    room.viewer(daughter).sessions()

    with pytest.raises(NotAllowed):
        room.viewer(daughter).audit_entries()
    seen = room.viewer(admin).audit_entries(person_id=person)

    assert {entry.action for entry in seen} == {Action.GRANTED, Action.SESSIONS_LISTED}
    assert room.actions()[-1] == Action.AUDIT_LISTED


def test_no_word_of_a_conversation_gets_into_the_audit(room: Room) -> None:
    """What was said and who said it stay where they were kept."""
    person = room.person("김순자")
    room.talked(person, "비밀스러운 말")
    room.viewer(OWNER).sessions()
    room.viewer(OWNER).session("last")

    told = repr(room.trail())
    assert "비밀" not in told
    assert "김순자" not in told


def test_a_grant_goes_with_its_person(room: Room) -> None:
    """Whoever is erased is open to nobody, and the audit still says who looked."""
    admin = room.administrator()
    person = room.person("김순자")
    daughter = room.reader(admin, DAUGHTER, Role.CAREGIVER, person)
    erase(room.record.database, person)

    assert room.viewer(daughter).sessions() == []
    assert [account.people for account in room.accounts.all(admin)] == [(), ()]
    assert person in {entry.person_id for entry in room.trail()}


def erase(database: Database, person_id: str) -> None:
    with database.writing() as session:
        session.execute(delete(PersonRow).where(PersonRow.id == person_id))
