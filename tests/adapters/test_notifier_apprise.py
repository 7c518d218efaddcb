"""Sending through apprise to real servers on the loopback, and what becomes of it when they are not well."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from companion.adapters.notifier_apprise import AppriseNotifier
from companion.ports import Notice, Sent
from companion.safety.alerts import DeliveryOutcome
from tests.servers import PASSWORD, Received, http_server, smtp_server

NOTICE = Notice("[말벗] 알림: 순자님", "오늘 안에 꼭\n전화해 주세요. & <b> \\n {x}")
SENT = Sent(DeliveryOutcome.SENT)
REFUSED = Sent(DeliveryOutcome.REFUSED, "alerts.refused")
UNKNOWN = Sent(DeliveryOutcome.INTERRUPTED, "alerts.interrupted")
UNREACHABLE = Sent(DeliveryOutcome.FAILED, "alerts.unreachable")


@pytest.fixture
def web() -> Iterator[Received]:
    with http_server() as received:
        yield received


@pytest.fixture
def mail() -> Iterator[Received]:
    with smtp_server() as received:
        yield received


@pytest.fixture
def nobody_listens() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def send(address: str, notice: Notice = NOTICE) -> Sent:
    return AppriseNotifier(seconds=0.5).send(address, notice)


def mailbox(port: int, password: str = PASSWORD) -> str:
    return (
        f"mailto://malbeot:{password}@127.0.0.1:{port}?mode=insecure&from=malbeot@example.org&to=daughter@example.org"
    )


def test_a_webhook_gets_title_and_body_as_they_are(web: Received) -> None:
    """Line breaks, signs of markup and backslashes arrive as they were written."""
    assert send(f"json://127.0.0.1:{web.port}/hook") == SENT
    (message,) = web.messages
    assert (message["title"], message["message"]) == (NOTICE.title, NOTICE.body)


def test_ntfy_gets_the_message(web: Received) -> None:
    """An ntfy server of one's own is reached."""
    assert send(f"ntfy://127.0.0.1:{web.port}/malbeot") == SENT
    (message,) = web.messages
    assert (message["topic"], message["title"]) == ("malbeot", NOTICE.title)
    assert "오늘 안에 꼭" in message["message"]


def test_electronic_mail_gets_the_message(mail: Received) -> None:
    """A mail with the title as its subject is handed to the server, with credentials."""
    assert send(mailbox(mail.port)) == SENT
    (message,) = mail.messages
    assert message["title"] == NOTICE.title
    assert "오늘 안에 꼭" in message["message"]
    assert "daughter@example.org" in message["to"]


def test_a_wrong_password_of_a_mail_server_is_a_refusal(mail: Received) -> None:
    """Another try with the same password would be useless."""
    assert send(mailbox(mail.port, "wrong")) == REFUSED
    assert mail.messages == []


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("kind", ["json", "ntfy"])
def test_a_web_server_that_does_not_want_it_is_a_refusal(web: Received, kind: str, status: int) -> None:
    """Wrong credentials or a wrong address are told apart from a server that is down."""
    web.status = status
    assert send(f"{kind}://127.0.0.1:{web.port}/hook") == REFUSED


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_server_in_trouble_may_be_tried_again(web: Received, status: int) -> None:
    """What is wrong at the server may be mended without us."""
    web.status = status
    assert send(f"json://127.0.0.1:{web.port}/hook") == UNREACHABLE


@pytest.mark.parametrize("kind", ["json", "ntfy", "mailto"])
def test_a_server_that_is_down_may_be_tried_again(nobody_listens: int, kind: str) -> None:
    """No connection is a value, for every kind."""
    address = mailbox(nobody_listens) if kind == "mailto" else f"{kind}://127.0.0.1:{nobody_listens}/hook"
    assert send(address) == UNREACHABLE


@pytest.mark.parametrize("kind", ["json", "ntfy"])
def test_a_server_that_took_it_and_does_not_answer_is_given_up(web: Received, kind: str) -> None:
    """The try ends by itself, and whether the message arrived is not known."""
    web.hold = threading.Event()
    assert send(f"{kind}://127.0.0.1:{web.port}/hook") == UNKNOWN
    web.hold.set()


def test_a_mail_server_that_took_it_and_does_not_answer_is_given_up(mail: Received) -> None:
    """Behind the sign-in the mail may be on its way."""
    mail.hold = threading.Event()
    assert send(mailbox(mail.port)) == UNKNOWN
    mail.hold.set()


def test_a_mail_server_that_says_nothing_at_all_may_be_tried_again() -> None:
    """Before the sign-in nothing can have been taken."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        assert send(mailbox(mute.getsockname()[1])) == UNREACHABLE


def test_a_web_server_that_hangs_up_leaves_it_unknown() -> None:
    """It read the message, or did not."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def hang_up() -> None:
            taken, _ = server.accept()
            taken.recv(65536)
            taken.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        assert send(f"json://127.0.0.1:{server.getsockname()[1]}/hook") == UNKNOWN
        thread.join()


@pytest.mark.parametrize(
    "address", ["", "가나다", "http//x", "json://", "syslog://", "dbus://", "nosuch://host", "ntfy"]
)
def test_what_names_no_channel_is_refused_at_once(address: str) -> None:
    """Neither taken when it is typed, nor sent to; what would only be shown or logged here is no channel."""
    assert not AppriseNotifier().is_usable(address)
    assert send(address) == Sent(DeliveryOutcome.REFUSED, "alerts.address_unusable")


@pytest.mark.parametrize("address", ["ntfys://topic-of-ours", "json://127.0.0.1:9/hook", mailbox(25)])
def test_what_names_a_channel_is_usable(address: str) -> None:
    """Nothing is sent to find out."""
    assert AppriseNotifier().is_usable(address)


class Listening(logging.Handler):
    """Hears what comes to the top of all logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.name} {record.getMessage()}")


def test_no_address_and_no_name_stands_in_any_log(web: Received, mail: Received, nobody_listens: int) -> None:
    """Whatever goes wrong, what apprise says of it stays with the adapter."""
    listening, top = Listening(), logging.getLogger()
    top.addHandler(listening)
    web.status = 401
    send(f"json://canary:canary@127.0.0.1:{web.port}/hook")
    send(mailbox(mail.port, "canary"))
    send(f"ntfy://canary:canary@127.0.0.1:{nobody_listens}/canary")
    top.removeHandler(listening)
    logging.getLogger("apprise").critical("canary")
    assert [line for line in listening.heard if "apprise" in line or "canary" in line or "순자님" in line] == []
