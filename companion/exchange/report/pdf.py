"""Prints a report as PDF/A-2a with typst: letters embedded, tagged for screen readers, the same bytes each time.

What is printed goes to the typesetter in memory; nothing of a person lies on the disk on the way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from companion.errors import PromptError

_STANDARD: Final = "a-2a"
"""PDF for archives, part 2, level A (ISO 19005-2): fonts embedded, text readable, structure told."""
_UNDRAWN: Final = "could not be displayed"
"""What the typesetter says of a letter that the font has not, such as a small picture in a note that somebody wrote.
The standard allows none; then the report is printed without it, the letter as an empty box."""


def printed(layout: Path, report: Mapping[str, object], *, fonts: Path, made_at: datetime) -> bytes:
    """Return the bytes of a PDF.

    Args:
        layout: A file under ``prompts/reports``.
        report: What it lays out; becomes JSON.
        fonts: Folder of the letters.
        made_at: Aware, to the second; stands in the file.

    Raises:
        PromptError: The layout is broken.
    """
    import typst

    compiler = typst.Compiler(str(layout), root=str(layout.parent), font_paths=[str(fonts)], ignore_system_fonts=True)
    values = {"report": json.dumps(report, ensure_ascii=False, sort_keys=True)}
    for standard in (_STANDARD, None):
        try:
            content = compiler.compile(
                format="pdf", sys_inputs=values, timestamp=int(made_at.timestamp()), pdf_standards=standard
            )
        except typst.TypstError as error:
            if standard and _UNDRAWN in str(error):
                continue
            raise PromptError("export.layout_broken", file=layout.name) from error
        if isinstance(content, bytes):
            return content
    raise PromptError("export.layout_broken", file=layout.name)
