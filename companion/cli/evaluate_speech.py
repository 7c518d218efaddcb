"""``companion evaluate speech``: how well speech is recognised, and what is invented where nobody speaks."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, cast

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line


def speech(
    manifest: Annotated[
        Path, typer.Argument(help="id, file, transcript, source 열이 있는 TSV 목록 (list of clips)", show_default=False)
    ],
    *,
    noise: Annotated[
        Path | None, typer.Option(help="아무도 말하지 않는 소리의 목록 (list of noises)", show_default=False)
    ] = None,
    recognizer: Annotated[
        Path | None, typer.Option(help="음성 인식 모델 폴더 (recogniser folder)", show_default=False)
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU 스레드 수 (threads)", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """녹음된 말을 얼마나 바르게 알아듣는지 잽니다 (recognition, beside raw faster-whisper)."""
    from companion.evaluation.manifests import read_clips, read_noises
    from companion.evaluation.speech import evaluate_speech
    from companion.wiring.measuring import speech_instruments

    clips = read_clips(manifest)
    noises = () if noise is None else read_noises(noise)
    instruments = speech_instruments(folder=recognizer, threads=threads)
    figures = evaluate_speech(clips, noises, instruments, progress=_progress).summary()
    if json:
        print_json(figures)
        return
    shown = {key: "-" if value is None else value for key, value in figures.items()}
    print_line(say("evaluate.speech.figures", **shown))
    for source, rates in cast("Mapping[str, Mapping[str, object]]", figures["by_source"]).items():
        print_line(say("evaluate.speech.source", source=source or "-", **rates))


def _progress(done: int, of: int) -> None:
    """Show how far it is, on a terminal only."""
    if sys.stderr.isatty():
        line = say("evaluate.speech.progress", done=done, all=of)
        sys.stderr.write(f"\r{line}" + ("\n" if done == of else ""))
        sys.stderr.flush()
