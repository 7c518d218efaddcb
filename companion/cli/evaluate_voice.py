"""``companion evaluate voice``: how well what 말벗 says is understood, by a recogniser that listens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line


def voice(
    cases: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="id, text, spoken, kind 줄들 (cases)", show_default=False)
    ],
    *,
    name: Annotated[str | None, typer.Option("--voice", help="목소리 (voice or blend)", show_default=False)] = None,
    speed: Annotated[float | None, typer.Option(help="빠르기, 1.0이 보통 (speed)", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option(help="소리를 담을 폴더 (keep the sounds)", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """말벗이 하는 말이 얼마나 잘 들리는지 잽니다 (the product speaks, Whisper listens)."""
    from companion.evaluation.cases import read_voice_cases
    from companion.evaluation.voice import evaluate_voice
    from companion.wiring.measuring_voice import voice_instruments

    read = read_voice_cases(cases)
    figures = evaluate_voice(read, voice_instruments(name, speed=speed, out=out), progress=_progress).summary()
    if json:
        print_json(figures)
        return
    print_line(
        say("evaluate_voice.figures", **{key: "-" if value is None else value for key, value in figures.items()})
    )
    for kind, rate in cast("dict[str, Any]", figures["cer_by_kind"]).items():
        print_line(say("evaluate_voice.kind", kind=kind or "-", cer=rate))
    worst = cast("list[str]", figures["worst"])
    if worst:
        print_line(say("evaluate_voice.worst", worst=", ".join(worst)))


def _progress(done: int, of: int) -> None:
    """Show how far it is, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{say('evaluate_voice.progress', done=done, all=of)}" + ("\n" if done == of else ""))
        sys.stderr.flush()
