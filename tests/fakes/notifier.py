"""A notifier that keeps what it was given, and answers as it is told to."""

from __future__ import annotations

from collections.abc import Callable

from companion.ports import Notice, Sent
from companion.safety.alerts import DeliveryOutcome

ARRIVED = Sent(DeliveryOutcome.SENT)
DOWN = Sent(DeliveryOutcome.FAILED, "alerts.unreachable")


class ScriptedNotifier:
    """Fakes the port at its edge: nothing leaves the machine."""

    def __init__(self, answer: Callable[[str], Sent] = lambda _: ARRIVED) -> None:
        self.answer = answer
        self.sent: list[tuple[str, Notice]] = []

    def send(self, address: str, notice: Notice) -> Sent:
        answer = self.answer(address)
        if answer.outcome is DeliveryOutcome.SENT:
            self.sent.append((address, notice))
        return answer

    def is_usable(self, address: str) -> bool:
        return bool(address)

    @property
    def addresses(self) -> list[str]:
        """Where something arrived, in order."""
        return [address for address, _ in self.sent]
