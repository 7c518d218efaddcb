"""``companion evaluate replies`` and ``companion evaluate understanding``: what is answered, and what is understood."""

from __future__ import annotations

import json as json_lines
from pathlib import Path
from typing import Annotated

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line

_Replies = Annotated[
    Path,
    typer.Argument(
        help="한 줄에 하나씩: id, user(또는 said, text), context, must, must_not (cases, one JSON object a line)",
        show_default=False,
    ),
]
_File = Annotated[
    Path, typer.Argument(help="한 줄에 하나씩 적은 JSON (cases, one JSON object a line)", show_default=False)
]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
_Encoder = Annotated[
    bool, typer.Option("--encoder/--no-encoder", help="문장 인코더를 쓸지 (with the sentence encoder)")
]


def replies(
    file: _Replies,
    *,
    out: Annotated[Path | None, typer.Option(help="결과를 쓸 JSONL 파일 (results)", show_default=False)] = None,
    generation: Annotated[
        bool | None,
        typer.Option(
            "--generation/--no-generation", help="언어 모델의 대답을 쓸지 (generated replies)", show_default=False
        ),
    ] = None,
    encoder: _Encoder = True,
    json: _Json = False,
) -> None:
    """집에서처럼 말을 걸어, 대답이 갖출 것을 갖추고 피할 것을 피하는지 봅니다 (replies in whole conversations)."""
    from companion.errors import InputError
    from companion.evaluation.cases import read_reply_cases
    from companion.evaluation.replies import evaluate_reply, summarise
    from companion.wiring.measuring_dialogue import conversing

    cases = read_reply_cases(file)
    with conversing(generation=generation, with_encoder=encoder) as converse:
        results = [evaluate_reply(case, converse) for case in cases]
    if out is not None:
        lines = [json_lines.dumps(result.row(), ensure_ascii=False) + "\n" for result in results]
        try:
            out.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise InputError("evaluate_cases.unwritable", file=out.name) from error
    figures = summarise(results)
    if json:
        print_json(figures)
        return
    print_line(say("evaluate_cases.replies", **figures))


def understanding(file: _File, *, encoder: _Encoder = True, json: _Json = False) -> None:
    """말뜻(주제, 기분, 하는 일)을 얼마나 바르게 알아듣는지 잽니다 (understanding)."""
    from companion.evaluation.cases import read_understanding_cases
    from companion.evaluation.understanding import evaluate_understanding
    from companion.wiring.measuring_dialogue import understanding_instruments

    cases = read_understanding_cases(file)
    dialogue, answer = understanding_instruments(with_encoder=encoder)
    figures = evaluate_understanding(cases, dialogue, answer)
    if json:
        print_json(figures)
        return
    print_line(say("evaluate_cases.understanding", **figures))
