"""A way to end work that runs on another thread, at once.

A ``Cancellation`` is handed to whatever may take long (synthesis, playback, generation). Whoever wants it ended calls
``cancel()``; the worker either looks at ``cancelled`` between steps or registers a callback that ends its step.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class Cancellation:
    """Set once, never unset. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._cancelled = False
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether ``cancel`` has been called."""
        return self._cancelled

    def cancel(self) -> None:
        """Set it and call what is registered, each once. Calling it again does nothing."""
        with self._lock:
            if self._cancelled:
                return
            self._cancelled = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called when cancelled; at once if it already is. It must be quick and not raise."""
        with self._lock:
            if not self._cancelled:
                self._callbacks.append(callback)
                return
        callback()
