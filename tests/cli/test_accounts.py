"""`companion accounts`, `audit` and `sessions` as somebody at the keyboard meets them."""

from __future__ import annotations

import io
import json
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from companion.cli.app import main
from companion.cli.exit_codes import ExitCode
from companion.cli.messages import sentences
from companion.core.access import Action, Role
from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
from companion.core.heard import Heard
from companion.core.person import Person
from companion.core.record import NewSession, NewTurn, TurnKind
from companion.core.turn import Reply, ReplySource
from companion.store import cipher
from companion.store.rotation import rotate
from companion.store.vault.places import Method
from companion.store.verification import Fault
from companion.wiring import access
from companion.wiring.clock import SystemClock
from companion.wiring.record import open_record, record_place
from tests.store.room import ADMIN, DAUGHTER, PASSWORD, WRONG, quick_passwords

WORDS = "오늘은 무릎이 아파"


class Keyboard:
    """Runs commands and remembers what they said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.out = self.err = ""

    def run(self, *arguments: str, stdin: str = "") -> int:
        self._monkeypatch.setattr(sys, "argv", ["companion", *arguments])
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main()
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return int(ended.value.code or 0)


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Keyboard:
    quick_passwords(monkeypatch)
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    return Keyboard(monkeypatch, capsys)


def no_passphrase() -> str:
    raise AssertionError("nothing asks here")


def decision(item: Item, named: str = "", answer: Answer = Answer.GIVEN) -> Decision:
    now = SystemClock().now()
    return Decision(item, answer, now, Giver.PERSON, "본인", Manner.SPOKEN, Wording("1", "0" * 64), named=named)


@pytest.fixture
def talked() -> str:
    """A record in which one person has had one conversation; gives the person's id."""
    with open_record(no_passphrase) as record:
        now = SystemClock().now()
        person_id = record.people.add(Person(id="", address="순자님", name="김순자")).id
        record.consents.decide(person_id, decision(Item.CONVERSATION))
        session_id = record.conversations.start_session(NewSession(person_id, now, "text", "embedded", "bank"))
        reply = Reply(text="많이 아프세요?", source=ReplySource.BANK, id="body_pain.neutral.0")
        turn = NewTurn(at=now, kind=TurnKind.EXCHANGE, reply=reply, heard=Heard.typed(WORDS))
        record.conversations.add_turn(session_id, 1, turn)
        record.conversations.end_session(session_id, now, "person")
    return person_id


def with_accounts(keyboard: Keyboard, person_id: str) -> None:
    """Add an administrator and a caregiver to whom the person agreed, nobody signed in."""
    assert keyboard.run("accounts", "add", ADMIN, "--role", "administrator", "--stdin", stdin=PASSWORD + "\n") == 0
    assert keyboard.run("accounts", "sign-in", ADMIN, "--stdin", stdin=PASSWORD + "\n") == 0
    assert keyboard.run("accounts", "add", DAUGHTER, "--stdin", stdin=PASSWORD + "\n") == 0
    with open_record(no_passphrase) as record:
        record.consents.decide(person_id, decision(Item.SHARING, DAUGHTER))
    assert keyboard.run("accounts", "grant", DAUGHTER, "김순자") == 0
    assert keyboard.run("accounts", "sign-out") == 0


def test_without_accounts_whoever_holds_the_key_reads(keyboard: Keyboard, talked: str) -> None:
    """One person at home with their own device is asked for nothing."""
    assert keyboard.run("sessions", "show") == ExitCode.OK

    assert WORDS in keyboard.out
    assert keyboard.run("sessions", "list", "--json") == ExitCode.OK
    listed = json.loads(keyboard.out)["sessions"]
    assert [(one["person"], one["turn_count"]) for one in listed] == [(talked, 1)]


def test_a_schedule_reads_the_overview_when_nobody_is_signed_in(keyboard: Keyboard, talked: str) -> None:
    """With a pass that its account gave, in a file for its owner only; taken back, the old refusal is there again."""
    with_accounts(keyboard, talked)
    assert keyboard.run("dashboard", "--once") == ExitCode.ACCESS
    assert keyboard.run("accounts", "schedule") == ExitCode.ACCESS
    assert keyboard.run("accounts", "sign-in", DAUGHTER, "--stdin", stdin=PASSWORD + "\n") == ExitCode.OK
    assert keyboard.run("accounts", "schedule") == ExitCode.OK
    assert keyboard.run("accounts", "sign-out") == ExitCode.OK
    assert stat.S_IMODE(access.pass_file().stat().st_mode) == 0o600

    assert keyboard.run("dashboard", "--once", "--json") == ExitCode.OK
    assert [one["id"] for one in json.loads(keyboard.out)["people"]] == [talked]
    assert keyboard.run("sessions", "show") == ExitCode.ACCESS
    access.pass_file().chmod(0o644)
    assert keyboard.run("dashboard", "--once") == ExitCode.ACCESS
    assert keyboard.run("accounts", "schedule", "--end") == ExitCode.OK
    assert not access.pass_file().exists()
    assert keyboard.run("dashboard", "--once") == ExitCode.ACCESS
    assert "companion accounts sign-in" in keyboard.err


def test_looking_at_a_record_that_is_not_there_makes_none(keyboard: Keyboard) -> None:
    """A look before setup says how to begin and leaves no key behind."""
    assert keyboard.run("sessions", "list") == ExitCode.OK
    assert "companion talk" in keyboard.err
    for command in (("sessions", "show"), ("accounts", "list"), ("audit", "verify"), ("audit", "list")):
        assert keyboard.run(*command) == ExitCode.INPUT

    assert not record_place().exists


def test_with_accounts_nobody_reads_without_signing_in(keyboard: Keyboard, talked: str) -> None:
    """One clear sentence that says how, and an exit status of its own."""
    with_accounts(keyboard, talked)

    for command in (("sessions", "list"), ("sessions", "show"), ("accounts", "list"), ("audit", "list")):
        assert keyboard.run(*command) == ExitCode.ACCESS
        assert "companion accounts sign-in" in keyboard.err
        assert len(keyboard.err.strip().splitlines()) == 1
        assert keyboard.out == ""


def test_whoever_was_granted_signs_in_reads_and_signs_out(keyboard: Keyboard, talked: str) -> None:
    """The token lies in a file for its owner only, and is gone afterwards."""
    with_accounts(keyboard, talked)
    assert keyboard.run("accounts", "sign-in", DAUGHTER, "--stdin", stdin=PASSWORD + "\n") == ExitCode.OK
    assert stat.S_IMODE(access.token_file().stat().st_mode) == 0o600

    assert keyboard.run("sessions", "show") == ExitCode.OK
    assert WORDS in keyboard.out
    assert keyboard.run("accounts", "list") == ExitCode.ACCESS
    assert keyboard.run("accounts", "sign-out") == ExitCode.OK
    assert not access.token_file().exists()
    assert keyboard.run("sessions", "show") == ExitCode.ACCESS


def test_a_withdrawal_closes_the_next_command(keyboard: Keyboard, talked: str) -> None:
    """Signed in or not, what the person took back is not shown."""
    with_accounts(keyboard, talked)
    keyboard.run("accounts", "sign-in", DAUGHTER, "--stdin", stdin=PASSWORD + "\n")
    with open_record(no_passphrase) as record:
        record.consents.decide(talked, decision(Item.SHARING, DAUGHTER, Answer.WITHDRAWN))

    assert keyboard.run("sessions", "list", "--json") == ExitCode.OK
    assert json.loads(keyboard.out) == {"sessions": []}


def test_a_wrong_password_is_one_sentence_and_keeps_no_token(keyboard: Keyboard, talked: str) -> None:
    """Refused like an unknown name."""
    with_accounts(keyboard, talked)
    told = []
    for name in (DAUGHTER, "아무개"):
        assert keyboard.run("accounts", "sign-in", name, "--stdin", stdin=WRONG + "\n") == ExitCode.ACCESS
        told.append(keyboard.err)

    assert told[0] == told[1]
    assert not access.token_file().exists()


def test_a_token_file_that_others_can_read_is_refused(keyboard: Keyboard, talked: str) -> None:
    """Whoever copied it would be signed in too."""
    with_accounts(keyboard, talked)
    keyboard.run("accounts", "sign-in", DAUGHTER, "--stdin", stdin=PASSWORD + "\n")
    access.token_file().chmod(0o640)

    assert keyboard.run("sessions", "list") == ExitCode.ACCESS
    assert str(access.token_file()) in keyboard.err


def test_passwords_are_asked_for_at_a_terminal_only(keyboard: Keyboard, talked: str) -> None:
    """Without a terminal and without --stdin, or with an empty line, nothing is made."""
    assert keyboard.run("accounts", "add", ADMIN, "--role", "administrator", stdin=PASSWORD) == ExitCode.INPUT
    assert "--stdin" in keyboard.err
    assert keyboard.run("accounts", "add", ADMIN, "--role", "administrator", "--stdin") == ExitCode.INPUT
    assert keyboard.run("accounts", "add", ADMIN, "--stdin", stdin=PASSWORD) == ExitCode.INPUT
    assert "--role administrator" in keyboard.err

    assert keyboard.run("accounts", "list") == ExitCode.OK
    assert "no accounts yet" in keyboard.err


def test_a_password_is_changed_with_the_old_one(keyboard: Keyboard, talked: str) -> None:
    """One's own needs the old one; another's an administrator."""
    with_accounts(keyboard, talked)
    new = "아주 새로운 비밀번호"
    keyboard.run("accounts", "sign-in", DAUGHTER, "--stdin", stdin=PASSWORD + "\n")

    assert keyboard.run("accounts", "passwd", ADMIN, "--stdin", stdin=f"{new}\n") == ExitCode.ACCESS
    assert keyboard.run("accounts", "passwd", DAUGHTER, "--stdin", stdin=f"{WRONG}\n{new}\n") == ExitCode.ACCESS
    assert keyboard.run("accounts", "passwd", DAUGHTER, "--stdin", stdin=f"{PASSWORD}\n{new}\n") == ExitCode.OK
    assert keyboard.run("sessions", "list") == ExitCode.ACCESS
    assert keyboard.run("accounts", "sign-in", DAUGHTER, "--stdin", stdin=f"{new}\n") == ExitCode.OK


def test_an_administrator_who_forgot_is_let_in_by_the_recovery_code(keyboard: Keyboard, talked: str) -> None:
    """The paper from setup opens the way back; another code changes nothing, and the audit says how it was done."""
    with_accounts(keyboard, talked)
    code = rotate(record_place(), method=Method.FILE, ask=no_passphrase, ask_new=no_passphrase)
    command = ("accounts", "passwd", ADMIN, "--recovery-code", "--stdin")
    new = "아주 새로운 비밀번호"
    other = ("B" if code[0] == "A" else "A") + code[1:]  # some codes have no digit at all

    assert keyboard.run(*command, stdin=f"{other}\n{new}\n") == ExitCode.VAULT
    assert keyboard.run(*command[:2], DAUGHTER, *command[3:], stdin=f"{code}\n{new}\n") == ExitCode.INPUT
    assert keyboard.run("accounts", "sign-in", ADMIN, "--stdin", stdin=f"{new}\n") == ExitCode.ACCESS
    assert keyboard.run(*command, stdin=f"{code}\n{new}\n") == ExitCode.OK
    assert keyboard.run("accounts", "sign-in", ADMIN, "--stdin", stdin=f"{new}\n") == ExitCode.OK
    keyboard.run("audit", "list", "--json")
    assert ("key", "password_changed") in [
        (entry["account"], entry["action"]) for entry in json.loads(keyboard.out)["entries"]
    ]


def test_accounts_are_listed_revoked_and_disabled(keyboard: Keyboard, talked: str) -> None:
    """An administrator sees every account, how many people are open to it, and closes what is to be closed."""
    with_accounts(keyboard, talked)
    keyboard.run("accounts", "sign-in", ADMIN, "--stdin", stdin=PASSWORD + "\n")

    keyboard.run("accounts", "list", "--json")
    listed = {one["name"]: one for one in json.loads(keyboard.out)["accounts"]}
    assert (listed[DAUGHTER]["people"], listed[DAUGHTER]["role"]) == ([talked], "caregiver")
    assert keyboard.run("accounts", "revoke", DAUGHTER, talked) == ExitCode.OK
    assert keyboard.run("accounts", "disable", DAUGHTER) == ExitCode.OK
    assert keyboard.run("accounts", "disable", ADMIN) == ExitCode.ACCESS
    assert keyboard.run("accounts", "list") == ExitCode.OK
    assert "닫힘" in keyboard.out
    assert keyboard.run("accounts", "disable", "아무개") == ExitCode.INPUT


def test_the_audit_verifies_and_is_read_by_an_administrator(keyboard: Keyboard, talked: str) -> None:
    """Every look of the caregiver stands there, without names or words."""
    with_accounts(keyboard, talked)
    keyboard.run("accounts", "sign-in", DAUGHTER, "--stdin", stdin=PASSWORD + "\n")
    keyboard.run("sessions", "show")
    assert keyboard.run("audit", "list") == ExitCode.ACCESS
    keyboard.run("accounts", "sign-in", ADMIN, "--stdin", stdin=PASSWORD + "\n")

    assert keyboard.run("audit", "list", "--person", "김순자", "--json") == ExitCode.OK
    actions = [one["action"] for one in json.loads(keyboard.out)["entries"]]
    assert actions == ["session_read", "granted"]
    assert keyboard.run("audit", "list") == ExitCode.OK
    assert not [telling for telling in (DAUGHTER, "김순자", WORDS) if telling in keyboard.out]
    assert "대화 봄" in keyboard.out
    assert keyboard.run("audit", "verify", "--json") == ExitCode.OK
    assert json.loads(keyboard.out)["whole"] is True


def test_an_audit_that_was_touched_is_told(keyboard: Keyboard, talked: str) -> None:
    """A cut tail is named, with an exit status that a watch can see, and nobody has to be signed in."""
    with_accounts(keyboard, talked)
    with open_record(no_passphrase) as record, record.database.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, cipher.MODULE.Connection)
        with closing(raw.cursor()) as cursor:
            cursor.execute("DROP TRIGGER audit_no_delete")
            cursor.execute("DELETE FROM audit WHERE number > 2")

    assert keyboard.run("audit", "verify") == ExitCode.PROBLEMS
    assert "chain cut off" in keyboard.out
    assert keyboard.run("audit", "verify", "--json") == ExitCode.PROBLEMS
    assert [one["fault"] for one in json.loads(keyboard.out)["findings"]] == ["cut_off"]


def test_a_restored_backup_leaves_no_false_alarm(keyboard: Keyboard, talked: str) -> None:
    """The audit says that a backup was restored, and verifies although its end was later before."""
    assert keyboard.run("backup", "--json") == ExitCode.OK
    backup = json.loads(keyboard.out)["file"]
    with_accounts(keyboard, talked)

    assert keyboard.run("restore", backup, "--yes") == ExitCode.OK
    assert keyboard.run("audit", "verify") == ExitCode.OK
    assert keyboard.run("audit", "list", "--json") == ExitCode.OK
    entry = json.loads(keyboard.out)["entries"][0]
    assert (entry["account"], entry["action"]) == ("key", "record_restored")


def test_every_action_and_role_has_a_name() -> None:
    """Whoever reads the audit never meets a bare key."""
    known = sentences()

    assert [action for action in Action if f"audit.action.{action}" not in known] == []
    assert [fault for fault in Fault if f"audit.fault.{fault}" not in known] == []
    assert [role for role in Role if f"access.role.{role}" not in known] == []
