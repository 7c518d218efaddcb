"""The words of the conversation, large, on the terminal: for whoever cannot hear them well.

The words themselves are the conversation, so they go to stdout; what is said to an operator goes to stderr.
"""

from __future__ import annotations

import re
from typing import Final

from rich.align import Align
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from companion.cli.messages import say
from companion.cli.output import tell
from companion.core.heard import Heard
from companion.core.turn import Reply

_WIDEST: Final = 72
_NUMBER: Final = re.compile(r"\d{3,4}(?:-\d{4})?")


class TerminalScreen:
    """Shows replies in a frame of their own on a terminal, and as plain lines where there is none."""

    def __init__(self, *, listening_cue: bool) -> None:
        """Args: listening_cue: whether to show that it is the person's turn (not while recordings are played)."""
        self._console = Console(highlight=False)
        self._listening_cue = listening_cue and self._console.is_terminal

    def said(self, reply: Reply) -> None:
        """Show what 말벗 is about to say."""
        if not self._console.is_terminal:
            self._console.print(say("talk.companion", words=reply.text), soft_wrap=True, markup=False)
            return
        words = Text(reply.text, style="bold", justify="center")
        if reply.uninterruptible:
            # A number misheard is a call that does not arrive: it stands apart, digit by digit.
            for number in dict.fromkeys(_NUMBER.findall(reply.text)):
                words.append("\n\n" + " ".join(number), style="bold reverse")
        frame = "bold red" if reply.uninterruptible else "cyan"
        width = min(self._console.width, _WIDEST)
        panel = Panel(words, title=say("talk.name"), border_style=frame, padding=(1, 3), width=width)
        self._console.print(Align.center(panel))

    def heard(self, heard: Heard, source: str) -> None:
        """Show what the person said, unless they typed it themselves a line above."""
        if heard.text and heard.seconds > 0:
            words = say("talk.person", words=heard.text, source=f"({source})" if source else "").rstrip()
            self._console.print(words, soft_wrap=True, markup=False)

    def listening(self) -> None:
        """Show that it is the person's turn."""
        if self._listening_cue:
            self._console.print(say("talk.listening"), style="dim", markup=False)

    def notice(self, key: str, **fields: object) -> None:
        """Tell the operator something."""
        tell(key, **fields)
