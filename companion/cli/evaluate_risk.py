"""``companion evaluate risk``: how much danger is heard, and how often harmless words are taken for it."""

from __future__ import annotations

import json as json_lines
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line


class Heard(StrEnum):
    """Which voices of the assessment speak."""

    ALL = "all"
    SECOND = "second"
    RULES = "rules"


def risk(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="id, text, label 줄들 (cases)", show_default=False)
    ],
    *,
    out: Annotated[Path | None, typer.Option(help="결과를 쓸 JSONL 파일 (results)", show_default=False)] = None,
    voices: Annotated[Heard, typer.Option(help="누가 듣는가: 전부, 둘째 목소리까지, 규칙만 (who listens)")] = Heard.ALL,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """위험한 말을 얼마나 알아듣고 예사말에 얼마나 잘못 놀라는지 잽니다 (danger and false alarms)."""
    from companion.errors import InputError
    from companion.evaluation.cases import read_risk_cases
    from companion.evaluation.risk import evaluate_risk, summarise_risk
    from companion.wiring.language import danger_assessor

    cases = read_risk_cases(file)
    heard = danger_assessor(second=voices is not Heard.RULES, third=voices is Heard.ALL)
    results = evaluate_risk(cases, heard.assess)
    if out is not None:
        lines = [json_lines.dumps(result.row(), ensure_ascii=False) + "\n" for result in results]
        try:
            out.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise InputError("evaluate_cases.unwritable", file=out.name) from error
    figures = summarise_risk(results)
    if json:
        print_json(figures)
        return
    for line in _lines(figures):
        print_line(line)


def _lines(figures: Mapping[str, object]) -> Iterator[str]:
    """Yield the figures as sentences."""
    shown = {key: "-" if value is None else value for key, value in figures.items()}
    yield say("evaluate_risk.figures", **shown)
    for name in ("decided_by", "false_alarms_by_kind"):
        counts = cast("Mapping[str, int]", figures[name])
        if counts:
            yield say(f"evaluate_risk.{name}", counts=", ".join(f"{key} {count}" for key, count in counts.items()))
    for label, levels in cast("Mapping[str, Mapping[str, float]]", figures["recall"]).items():
        yield say("evaluate_risk.recall", label=label, **levels)
    for name in ("missed", "false_alarms"):
        ids = cast("list[str]", figures[name])
        if ids:
            yield say(f"evaluate_risk.{name}", ids=", ".join(ids))
