"""The side door of the in-process llama.cpp server: prompt frames, token counts, and prefixes to and from disk.

The Python binding gives completions alone; the rest is reached through the server's own socket. That is a Unix socket
in a folder only this user can enter, or, where the system has none, a loopback port; both ask for a key made anew at
each start, so that nobody else on the device can talk to the engine.
"""

from __future__ import annotations

import http.client
import json
import secrets
import shutil
import socket
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from companion.errors import InferenceError
from companion.ports import Message

_LONGEST_SOCKET_PATH: Final = 100
"""Characters; the system's structure holds 104 to 108 bytes."""
_TIMEOUT_S: Final = 600.0
_OK: Final = 200


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        """Open the socket instead of a port."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT_S)
        self.sock.connect(self._path)


class LlamaControl:
    """Where the engine listens, and what is asked of it there.

    Args:
        unix: False for a loopback port; None finds out.
    """

    def __init__(self, *, unix: bool | None = None) -> None:
        self.key = secrets.token_hex(24)
        """What a caller must show."""
        folder = Path(tempfile.mkdtemp(prefix="malbeot-"))
        # Removed at the latest when the process ends, closed or not.
        self._remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        sock = str(folder / "engine.sock")
        able = hasattr(socket, "AF_UNIX") and len(sock) < _LONGEST_SOCKET_PATH
        self.host = sock if (able if unix is None else unix) else "127.0.0.1"
        """What the engine is told to listen on; it chooses the port by itself."""
        self._address = ""

    def opened(self, address: str) -> None:
        """Take the address that the engine listens on."""
        self._address = address

    def close(self) -> None:
        """Remove the socket's folder. Calling it twice does nothing."""
        self._remove()

    def frame(self, messages: Sequence[Message]) -> str:
        """Return the prompt of these messages as the artifact's own chat template writes it."""
        return str(self._ask("/apply-template", {"messages": as_json(messages)})["prompt"])

    def count(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt of these messages takes."""
        return len(self.tokens(self.frame(messages), special=True))

    def tokens(self, text: str, *, special: bool = False) -> list[int]:
        """Return the tokens of a text.

        Args:
            text: Plain text, or a whole prompt.
            special: True for a whole prompt: control tokens are read, and the first token is added where the artifact
                wants one.
        """
        wanted = {"content": text, "add_special": special, "parse_special": special}
        return [int(token) for token in self._ask("/tokenize", wanted)["tokens"]]

    def ending(self) -> list[int]:
        """Return the token that ends a message; none where the artifact names none."""
        mark = str(self._ask("/props", None).get("eos_token", ""))
        return self.tokens(mark, special=True)[-1:]

    def evaluate(self, prompt: str) -> None:
        """Evaluate a prompt and leave it in the engine's memory."""
        self._ask("/completion", {"prompt": prompt, "n_predict": 0, "cache_prompt": True})

    def save(self, name: str) -> int:
        """Write what is in the engine's memory to a file of the cache folder; return its size in bytes."""
        return int(self._ask("/slots/0?action=save", {"filename": name})["n_written"])

    def restore(self, name: str) -> None:
        """Read it back. The file must be whole: the engine ends the process on one that is cut short."""
        self._ask("/slots/0?action=restore", {"filename": name})

    def _ask(self, path: str, body: Mapping[str, object] | None) -> dict[str, Any]:
        connection = self._connection()
        try:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
            connection.request("GET" if body is None else "POST", path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise InferenceError("language.failed", reason=type(error).__name__) from error
        finally:
            connection.close()
        if response.status != _OK or not isinstance(answer, dict):
            raise InferenceError("language.failed", reason=f"{path.split('?', maxsplit=1)[0]} {response.status}")
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        if self._address.startswith("unix://"):
            return _UnixConnection(self._address.removeprefix("unix://"))
        return http.client.HTTPConnection(self._address.removeprefix("http://"), timeout=_TIMEOUT_S)


def as_json(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return messages as the engine takes them."""
    return [{"role": message.role, "content": message.content} for message in messages]
