"""The real clock."""

from __future__ import annotations

import time
from datetime import datetime


class SystemClock:
    """Wall clock in the zone of the device, and the monotonic clock of the system."""

    def now(self) -> datetime:
        """Return the time of day, aware."""
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()
