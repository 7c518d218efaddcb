"""Sends alerts through apprise: e-mail, SMS gateways, Telegram, ntfy, webhooks and whatever else it knows.

apprise reports in its log what went wrong, with addresses in it. That log is read here to tell a refusal from a
channel that is down, and goes nowhere else.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final, Self

from companion.ports import Notice, Sent
from companion.safety.alerts import DeliveryOutcome

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

_LOCAL: Final = ("syslog", "rsyslog", "dbus", "qt", "kde", "glib", "gnome", "macosx", "windows", "blink1")
"""Kinds that show or log on this machine: nobody is reached by them, and names would stand in a log."""
_REFUSALS: Final = re.compile(r"error=(?:400|401|403|404|405|410|413|422)\b|\((?:530|534|535|550|551|553|554), ")
"""How apprise writes that a server understood and does not want it: HTTP status, or SMTP reply (RFC 5321, RFC 4954)."""
_UNKNOWN: Final = re.compile(r"Read timed out|RemoteDisconnected|Connection aborted|Connection broken|IncompleteRead")
"""How requests writes that a connection ended behind the question: the server may have taken the message."""
_SIGNED_IN: Final = "Applying user credentials"
_MAIL_ENDED: Final = re.compile(r"Socket Exception: .*(?:timed out|closed|reset|lost)", re.IGNORECASE)
"""The same of a mail server, behind the sign-in: before it nothing can have been taken."""
_LOG: Final = logging.getLogger("apprise")
_LOG.propagate = False
_LOG.setLevel(logging.CRITICAL)


class AppriseNotifier:
    """One message to one address a call; blocking.

    Args:
        seconds: To wait for a connection, and again for an answer.
    """

    def __init__(self, seconds: float = 10.0) -> None:
        self._seconds = seconds

    def is_usable(self, address: str) -> bool:
        """Return whether apprise knows the kind of channel and the address is whole; nothing is sent."""
        return _kind(address) not in _LOCAL and self._made(address) is not None

    def send(self, address: str, notice: Notice) -> Sent:
        """Send and return what became of it."""
        if _kind(address) in _LOCAL:
            return Sent(DeliveryOutcome.REFUSED, "alerts.address_unusable")
        with _Overheard() as heard:
            channel = self._made(address)
            if channel is None:
                return Sent(DeliveryOutcome.REFUSED, "alerts.address_unusable")
            try:
                arrived = self._sent(channel, notice)
            except Exception:  # noqa: BLE001 - over a hundred kinds of channel, each with errors of its own
                arrived = False
        if arrived:
            return Sent(DeliveryOutcome.SENT)
        if heard.a_refusal:
            return Sent(DeliveryOutcome.REFUSED, "alerts.refused")
        if heard.an_unknown_end:
            return Sent(DeliveryOutcome.INTERRUPTED, "alerts.interrupted")
        return Sent(DeliveryOutcome.FAILED, "alerts.unreachable")

    def _made(self, address: str) -> NotifyBase | None:
        from apprise import Apprise, AppriseAsset

        # No pictures: a contact's telephone would fetch them from somebody else's server.
        asset = AppriseAsset(app_id="malbeot", image_url_mask="", image_url_logo="")
        with _Overheard():
            try:
                made = Apprise.instantiate(address.strip(), asset=asset, suppress_exceptions=True)
            except Exception:  # noqa: BLE001 - what cannot be parsed is no channel
                return None
        if made is not None:
            made.socket_connect_timeout = made.socket_read_timeout = self._seconds
            # How often to try is decided, and written down, elsewhere.
            made.retry = 0
        return made

    def _sent(self, channel: NotifyBase, notice: Notice) -> bool:
        from apprise import NotifyType

        kind = NotifyType.FAILURE if notice.urgent else NotifyType.WARNING
        return bool(channel.notify(body=notice.body, title=notice.title, notify_type=kind))


class _Overheard(logging.Handler):
    """Listens to apprise's log for a while and keeps it from everybody else. One at a time a thread is enough here."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.a_refusal = self.an_unknown_end = self._signed_in = False
        self._level = logging.CRITICAL

    def emit(self, record: logging.LogRecord) -> None:
        """Note whether a server refused, or went silent when it may have taken the message."""
        said = record.getMessage()
        self.a_refusal |= bool(_REFUSALS.search(said))
        self._signed_in |= said.startswith(_SIGNED_IN)
        ended = _UNKNOWN.search(said) or (self._signed_in and _MAIL_ENDED.search(said))
        self.an_unknown_end |= bool(ended)

    def __enter__(self) -> Self:
        self._level = _LOG.level
        _LOG.setLevel(logging.DEBUG)
        _LOG.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        _LOG.removeHandler(self)
        _LOG.setLevel(self._level)


def _kind(address: str) -> str:
    return address.strip().partition(":")[0].lower()
