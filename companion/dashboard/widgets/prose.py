"""Words to read: headings, lines and quotes, as content whose colours follow the theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from textual.content import Content
from textual.widgets import Static

Line: TypeAlias = Content
HEADING: Final = "bold $primary"
MUTED: Final = "$secondary"
"""A colour of its own: ``$text-muted`` depends on what is behind it, which words inside a line do not know."""
_INDENT: Final = "  "


def heading(text: str) -> Line:
    """Return a heading."""
    return Content.styled(text, HEADING)


def plain(text: str) -> Line:
    """Return a line as it is: nothing in it is taken for markup."""
    return Content(text)


def muted(text: str) -> Line:
    """Return a line that stands back."""
    return Content.styled(text, MUTED)


def strong(text: str, colour: str = "") -> Line:
    """Return a line that stands out; ``colour`` is a name of the theme, and only repeats what the words say."""
    return Content.styled(text, f"bold ${colour}" if colour else "bold")


def joined(*parts: Line | str) -> Line:
    """Return parts on one line."""
    return Content.assemble(*parts)


def quote(words: str, place: str = "") -> Line:
    """Return what somebody said, set in, with where it stands."""
    return Content.assemble(f"{_INDENT}“{words}”", (f"  {place}", MUTED) if place else "")


def set_in(line: Line) -> Line:
    """Return a line set in."""
    return Content.assemble(_INDENT, line)


BLANK: Final[Line] = Content("")


class Prose(Static):
    """Lines one below the other."""

    DEFAULT_CSS = """
    Prose { width: 1fr; height: auto; max-width: 100; padding: 0 2; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - as Textual calls it
        super().__init__("", id=id, classes=classes, markup=False)

    def write(self, lines: Iterable[Line]) -> None:
        """Show lines in place of those that stand there."""
        self.update(Content("\n").join(list(lines)))


def section(title: str, lines: Sequence[Line]) -> Sequence[Line]:
    """Return a heading with lines below it and a blank line after; nothing where there are no lines."""
    return (heading(title), *lines, BLANK) if lines else ()
