"""Accounts and signing in, on a real encrypted record and a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import select

from companion.core.access import OWNER, Action, Identity, Role
from companion.errors import AccessError, InputError, NotAllowed, SignInRefused
from companion.store import cipher
from companion.store.tables import Base
from tests.store.room import ADMIN, DAUGHTER, KEY, NURSE, PASSWORD, WRONG, Room, a_room, quick_passwords


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_url: str) -> Iterator[Room]:
    quick_passwords(monkeypatch)
    with a_room(tmp_path, server_url) as made:
        yield made


def wrong(room: Room, times: int, name: str = ADMIN) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            room.accounts.sign_in(name, WRONG)


def test_the_owner_of_a_device_is_whoever_holds_its_key_until_there_is_an_account(room: Room) -> None:
    """The first account ends that, and a disabled one does not bring it back."""
    assert room.accounts.whoami(None) == OWNER
    room.administrator()

    with pytest.raises(SignInRefused):
        room.accounts.whoami(None)
    with pytest.raises(SignInRefused):
        room.accounts.add(OWNER, NURSE, Role.CLINICIAN, PASSWORD)


def test_the_first_account_is_an_administrator(room: Room) -> None:
    """Else nobody could add another."""
    for role in (Role.CAREGIVER, Role.CLINICIAN):
        with pytest.raises(InputError):
            room.accounts.add(OWNER, DAUGHTER, role, PASSWORD)

    assert room.accounts.whoami(None) == OWNER


def test_only_an_administrator_adds_disables_and_lists(room: Room) -> None:
    """Others are refused, and the audit says so."""
    admin = room.administrator()
    daughter = room.reader(admin, DAUGHTER, Role.CAREGIVER)

    for forbidden in (
        lambda: room.accounts.add(daughter, NURSE, Role.CLINICIAN, PASSWORD),
        lambda: room.accounts.disable(daughter, ADMIN),
        lambda: room.accounts.all(daughter),
        lambda: room.accounts.change_password(daughter, ADMIN, PASSWORD + "!", old=PASSWORD),
    ):
        with pytest.raises(NotAllowed):
            forbidden()

    assert room.actions().count(Action.REFUSED) == 4
    assert {account.name for account in room.accounts.all(admin)} == {ADMIN, DAUGHTER}


def test_a_name_is_given_once_however_it_is_typed(room: Room) -> None:
    """Loose letters and blanks make no second account."""
    admin = room.administrator()

    with pytest.raises(InputError):
        room.accounts.add(admin, f" {ADMIN}", Role.CAREGIVER, PASSWORD)
    with pytest.raises(InputError):
        room.accounts.add(admin, "  ", Role.CAREGIVER, PASSWORD)
    assert room.accounts.sign_in("관리자", PASSWORD)


@pytest.mark.parametrize("password", ["", "짧은것", "a" * 9, "a" * 257])
def test_an_unfit_password_is_refused(room: Room, password: str) -> None:
    """Too short and too long, before anything is written."""
    with pytest.raises(InputError):
        room.accounts.add(OWNER, ADMIN, Role.ADMINISTRATOR, password)


def test_a_password_is_kept_as_argon2id_only(tmp_path: Path) -> None:
    """What is kept is salted and slow, and differs for the same password."""
    with a_room(tmp_path) as room:
        admin = room.administrator()
        room.accounts.add(admin, NURSE, Role.CLINICIAN, PASSWORD)
    with closing(cipher.connect(tmp_path / "record.sqlite3", KEY)) as connection:
        kept = [row[0] for row in connection.execute("SELECT password FROM accounts")]

    assert all(one.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for one in kept)
    assert len(set(kept)) == 2


def test_five_wrong_passwords_lock_even_the_right_one_for_a_quarter_of_an_hour(room: Room) -> None:
    """The lock is told like a wrong password, ends by itself, and the next failure locks twice as long."""
    room.administrator()
    wrong(room, 5)

    with pytest.raises(SignInRefused) as refused:
        room.accounts.sign_in(ADMIN, PASSWORD)
    assert refused.value.key == "access.sign_in_refused"
    room.later(minutes=14, seconds=59)
    with pytest.raises(SignInRefused):
        room.accounts.sign_in(ADMIN, PASSWORD)
    room.later(seconds=1)
    wrong(room, 1)
    room.later(minutes=29)
    with pytest.raises(SignInRefused):
        room.accounts.sign_in(ADMIN, PASSWORD)
    room.later(minutes=1)
    assert room.accounts.sign_in(ADMIN, PASSWORD)
    assert room.actions().count(Action.ACCOUNT_LOCKED) == 2


def test_a_right_password_forgives_the_wrong_ones(room: Room) -> None:
    """Four slips today and four tomorrow lock nobody out."""
    room.administrator()
    wrong(room, 4)
    room.accounts.sign_in(ADMIN, PASSWORD)
    wrong(room, 4)

    assert room.accounts.sign_in(ADMIN, PASSWORD)


def test_a_clock_set_back_unlocks_nothing_early_and_locks_no_longer(room: Room) -> None:
    """Whoever sets the clock back a year is locked for a quarter of an hour from the next look."""
    room.administrator()
    wrong(room, 5)
    room.later(days=-365)

    with pytest.raises(SignInRefused):
        room.accounts.sign_in(ADMIN, PASSWORD)
    room.later(minutes=15)
    assert room.accounts.sign_in(ADMIN, PASSWORD)


def test_guessing_at_the_same_time_is_counted_guess_by_guess(room: Room) -> None:
    """Many at once get no more tries than one after the other."""
    room.administrator()

    def guess() -> None:
        with suppress(SignInRefused):
            room.accounts.sign_in(ADMIN, WRONG)

    guessing = [threading.Thread(target=guess, daemon=True) for _ in range(8)]
    for one in guessing:
        one.start()
    for one in guessing:
        one.join(timeout=60)
        assert not one.is_alive()

    counted = [entry.details.get("failures") for entry in room.trail() if entry.action == Action.SIGN_IN_FAILED]
    assert counted == [1, 2, 3, 4, 5, None, None, None]
    with pytest.raises(SignInRefused):
        room.accounts.sign_in(ADMIN, PASSWORD)


def test_an_unknown_name_is_refused_like_a_wrong_password(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same error after the same work, so that names cannot be tried out; the audit holds no name."""
    room.administrator()
    looked_at: list[str] = []
    verify = Argon2id.verify_phc_encoded

    def noted(password: bytes, kept: str) -> None:
        looked_at.append(kept.rsplit("$", 2)[0])
        verify(password, kept)

    monkeypatch.setattr(Argon2id, "verify_phc_encoded", noted)

    refusals = []
    for name in (ADMIN, "아무개"):
        with pytest.raises(SignInRefused) as refused:
            room.accounts.sign_in(name, WRONG)
        refusals.append((refused.value.key, refused.value.fields))

    assert refusals[0] == refusals[1]
    assert len(looked_at) == 2
    assert looked_at[0] == looked_at[1]
    assert [entry.account_id for entry in room.trail() if entry.action == Action.SIGN_IN_FAILED][-1] == "nobody"


def test_a_disabled_account_is_out_at_once_and_stays_out(room: Room) -> None:
    """Its sign-ins end, its password opens nothing, and it is told nothing more than others."""
    admin = room.administrator()
    daughter = room.reader(admin, DAUGHTER, Role.CAREGIVER)
    room.accounts.disable(admin, DAUGHTER)

    with pytest.raises(SignInRefused):
        room.viewer(daughter).sessions()
    with pytest.raises(SignInRefused) as refused:
        room.accounts.sign_in(DAUGHTER, PASSWORD)
    assert refused.value.key == "access.sign_in_refused"


def test_the_last_administrator_stays(room: Room) -> None:
    """Nobody is locked out of their own device."""
    admin = room.administrator()
    with pytest.raises(NotAllowed):
        room.accounts.disable(admin, ADMIN)
    room.accounts.add(admin, NURSE, Role.ADMINISTRATOR, PASSWORD)

    room.accounts.disable(admin, NURSE)

    assert {account.name: account.disabled for account in room.accounts.all(admin)} == {ADMIN: False, NURSE: True}


def test_a_sign_in_ends_after_disuse(room: Room) -> None:
    """A quarter of an hour without a look ends it for good; a look keeps it for another."""
    room.administrator()
    token = room.accounts.sign_in(ADMIN, PASSWORD)
    room.later(minutes=14)
    room.accounts.whoami(token)
    room.later(minutes=14)
    room.accounts.whoami(token)
    room.later(minutes=15)

    for _ in range(2):
        with pytest.raises(SignInRefused):
            room.accounts.whoami(token)
        room.later(minutes=-10)
    assert Action.SIGN_IN_RAN_OUT in room.actions()


def test_a_sign_in_ends_after_eight_hours_of_use(room: Room) -> None:
    """However busy, nobody stays signed in from one day to the next."""
    room.administrator()
    token = room.accounts.sign_in(ADMIN, PASSWORD)
    for _ in range(47):
        room.later(minutes=10)
        room.accounts.whoami(token)
    room.later(minutes=10)

    with pytest.raises(SignInRefused):
        room.accounts.whoami(token)


def test_a_clock_set_back_ends_a_sign_in_for_good(room: Room) -> None:
    """Turning the clock back and forth gives nobody more time."""
    room.administrator()
    token = room.accounts.sign_in(ADMIN, PASSWORD)
    room.later(hours=-1)

    with pytest.raises(SignInRefused):
        room.accounts.whoami(token)
    room.later(hours=1)
    with pytest.raises(SignInRefused):
        room.accounts.whoami(token)


def test_signing_out_ends_this_sign_in_alone(room: Room) -> None:
    """Another device stays signed in; signing out twice is no trouble."""
    room.administrator()
    here, there = room.accounts.sign_in(ADMIN, PASSWORD), room.accounts.sign_in(ADMIN, PASSWORD)
    for token in (here, here, None, "nonsense"):
        room.accounts.sign_out(token)

    with pytest.raises(SignInRefused):
        room.accounts.whoami(here)
    assert room.accounts.whoami(there).account_id
    assert room.actions().count(Action.SIGNED_OUT) == 1


@pytest.mark.parametrize("token", ["", "nonsense", "가" * 50, "\ud800", "x" * 100_000])
def test_no_other_token_opens_anything(room: Room, token: str) -> None:
    """Whatever is handed in instead of a token, nobody is signed in."""
    room.administrator()

    with pytest.raises(SignInRefused):
        room.accounts.whoami(token)


def test_a_made_up_identity_opens_nothing(room: Room) -> None:
    """An identity is looked at before every act, not believed."""
    admin = room.administrator()
    account = room.accounts.all(admin)[0]

    for made_up in (Identity(account.id), Identity(account.id, "x"), Identity("x", admin.sign_in_id)):
        with pytest.raises(AccessError):
            room.accounts.all(made_up)


def test_a_new_password_ends_every_sign_in(room: Room) -> None:
    """Whoever had the old password is out; the old one opens nothing."""
    admin = room.administrator()
    with pytest.raises(SignInRefused):
        room.accounts.change_password(admin, ADMIN, "새 비밀번호 하나둘셋", old=WRONG)
    room.accounts.change_password(admin, ADMIN, "새 비밀번호 하나둘셋", old=PASSWORD)

    with pytest.raises(SignInRefused):
        room.accounts.all(admin)
    with pytest.raises(SignInRefused):
        room.accounts.sign_in(ADMIN, PASSWORD)
    assert room.accounts.sign_in(ADMIN, "새 비밀번호 하나둘셋")


def test_an_administrator_gives_another_a_new_password_and_lifts_the_lock(room: Room) -> None:
    """Who forgot theirs is helped at once."""
    admin = room.administrator()
    room.reader(admin, DAUGHTER, Role.CAREGIVER)
    wrong(room, 5, DAUGHTER)

    room.accounts.change_password(admin, DAUGHTER, "새 비밀번호 하나둘셋")

    assert room.accounts.sign_in(DAUGHTER, "새 비밀번호 하나둘셋")


def test_no_token_lies_in_the_record(room: Room) -> None:
    """Whoever reads the record cannot sign in with what is there."""
    room.administrator()
    token = room.accounts.sign_in(ADMIN, PASSWORD)
    with room.record.database.reading() as session:
        rows = [session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    dump = repr(rows)

    assert ADMIN in dump
    assert token not in dump
    assert PASSWORD not in dump


def test_no_name_gets_into_the_audit(room: Room) -> None:
    """Every sign-in, failure, lock and grant is noted by id alone."""
    admin = room.administrator()
    person = room.person("김순자")
    room.reader(admin, DAUGHTER, Role.CAREGIVER, person)
    wrong(room, 5, DAUGHTER)

    told = repr(room.trail())
    assert not [name for name in (ADMIN, DAUGHTER, "김순자", "아무개") if name in told]
    assert set(room.actions()) >= {
        Action.ACCOUNT_ADDED,
        Action.SIGNED_IN,
        Action.GRANTED,
        Action.SIGN_IN_FAILED,
        Action.ACCOUNT_LOCKED,
    }
