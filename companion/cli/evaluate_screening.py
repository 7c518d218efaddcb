"""``companion evaluate answers`` and ``companion evaluate interviews``: how truly screening is administered."""

from __future__ import annotations

import json as json_lines
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line

_File = Annotated[
    Path, typer.Argument(help="한 줄에 하나씩 적은 JSON (cases, one JSON object a line)", show_default=False)
]
_Out = Annotated[Path | None, typer.Option(help="결과를 쓸 JSONL 파일 (results)", show_default=False)]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
_Model = Annotated[
    bool, typer.Option("--model/--no-model", help="언어 모델의 의견을 물을지 (consult the language model)")
]


def answers(file: _File, *, out: _Out = None, model: _Model = False, json: _Json = False) -> None:
    """대답을 어느 보기로 알아듣는지, 묻지 않고 잘못 적는 일은 없는지 잽니다 (answers to options)."""
    from companion.evaluation.answers import evaluate_answer, summarise_answers
    from companion.evaluation.screening_cases import read_answer_cases
    from companion.wiring.instruments import instruments
    from companion.wiring.screening import screening_instruments

    cases = read_answer_cases(file, instruments())
    parts = screening_instruments(with_model=model)
    results = [evaluate_answer(case, parts) for case in cases]
    _write(out, [result.row() for result in results])
    figures = summarise_answers(results)
    if json:
        print_json(figures)
        return
    print_line(say("evaluate_screening.answers", **figures))


def interviews(file: _File, *, out: _Out = None, model: _Model = False, json: _Json = False) -> None:
    """문진을 처음부터 끝까지 해 보고 점수가 참값과 얼마나 맞는지 잽니다 (whole interviews)."""
    from companion.evaluation.interviews import evaluate_interview, summarise_interviews
    from companion.evaluation.screening_cases import read_interview_cases
    from companion.wiring.instruments import instruments
    from companion.wiring.screening import screening_instruments

    cases = read_interview_cases(file, instruments())
    parts = screening_instruments(with_model=model)
    results = [evaluate_interview(case, parts) for case in cases]
    _write(out, [result.row() for result in results])
    figures = summarise_interviews(results)
    if json:
        print_json(figures)
        return
    for name, one in figures.items():
        if isinstance(one, Mapping):
            print_line(say("evaluate_screening.interviews", instrument=name, **one))


def _write(out: Path | None, rows: Sequence[Mapping[str, object]]) -> None:
    from companion.errors import InputError

    if out is None:
        return
    try:
        out.write_text("".join(json_lines.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise InputError("evaluate_cases.unwritable", file=out.name) from error
