"""``companion evaluate masking``: what is found and missed of names, places and numbers in words that leave."""

from __future__ import annotations

import json as json_lines
from pathlib import Path
from typing import Annotated

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line


def masking(
    file: Annotated[Path, typer.Argument(help="한 줄에 하나씩 적은 JSON (cases, one JSON object a line)")],
    *,
    out: Annotated[Path | None, typer.Option(help="결과를 쓸 JSONL 파일 (results)", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """밖으로 나가는 말에서 이름, 사는 곳, 번호를 얼마나 가리는지 잽니다 (masking)."""
    from companion.errors import InputError
    from companion.evaluation.masking import evaluate_masking, read_masking_cases, summarise_masking
    from companion.wiring.masking import masking as chain
    from companion.wiring.masking import own_words

    results = [evaluate_masking(case, chain().outward) for case in read_masking_cases(file, own_words)]
    if out is not None:
        rows = [
            {"id": one.case.id, "missed": one.missed, "false": one.false, "withheld": one.withheld} for one in results
        ]
        try:
            lines = "".join(json_lines.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            out.write_text(lines, encoding="utf-8")
        except OSError as error:
            raise InputError("evaluate_cases.unwritable", file=out.name) from error
    figures = summarise_masking(results)
    if json:
        print_json(figures)
        return
    print_line(say("evaluate_masking.figures", **figures))
