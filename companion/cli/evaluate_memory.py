"""``companion evaluate memory``: what is remembered of what was told, and what nobody told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line


def memory(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="id, text, facts 줄들 (cases)", show_default=False)
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """들은 말에서 기억할 것을 얼마나 바르게 가려내는지 잽니다 (facts read and facts invented)."""
    from companion.evaluation.memory import evaluate_memory, read_memory_cases
    from companion.wiring.language import analyser
    from companion.wiring.remembering import knowing

    cases = read_memory_cases(file)
    reader = knowing(analyser()).reader
    figures = evaluate_memory(cases, lambda text, at, asked: reader.read(text, at, asked=asked))
    if json:
        print_json(figures)
        return
    print_line(
        say("evaluate_memory.figures", **{name: "-" if value is None else value for name, value in figures.items()})
    )
