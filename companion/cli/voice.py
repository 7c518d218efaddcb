"""``companion voice list|say|prepare``: which voices there are, hearing one, and making fixed sentences ahead."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer

from companion.cli.output import print_json, print_line, tell

app: Final = typer.Typer(help="목소리를 고르고 들어 봅니다 (voices)", no_args_is_help=True)

_MB: Final = 1_000_000

VoiceName = Annotated[
    str | None,
    typer.Option("--voice", help="목소리 하나 또는 섞은 것 (voice or blend)", show_default=False),
]
Speed = Annotated[float | None, typer.Option(help="빠르기, 1.0이 보통 (speed, 1.0 is usual)", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.command("list")
def list_voices(*, json: Json = False) -> None:
    """쓸 수 있는 목소리와 만든 이를 보여 줍니다 (voices and whom they are owed to)."""
    from companion.wiring.at_work import look
    from companion.wiring.speaking import voice_name
    from companion.wiring.voices import voice_states

    chosen = voice_name(look())
    states = voice_states()
    if json:
        voices = [
            {"name": entry.name, "engine": entry.engine, "ready": ready, "about": entry.about, "credit": entry.credit}
            for entry, ready in states
        ]
        print_json({"chosen": chosen, "voices": voices})
        return
    for entry, ready in states:
        mark = "*" if entry.name == chosen else " "
        print_line(f"{mark} {entry.name:14} {'O' if ready else 'X'}  {entry.about}  ({entry.credit})")
    if chosen not in {entry.name for entry, _ in states}:
        print_line(f"* {chosen}")


@app.command("say")
def say_text(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="말할 글 (what to say)", show_default=False)],
    *,
    voice: VoiceName = None,
    speed: Speed = None,
    out: Annotated[Path | None, typer.Option(help="소리를 담을 WAV 파일 (write a file)", show_default=False)] = None,
) -> None:
    """글을 소리 내어 읽거나 파일에 담습니다 (say it aloud, or write it to a file)."""
    from companion.errors import InputError
    from companion.wiring.voices import say_once

    said = say_once(text, voice=voice, speed=speed, out=out)
    if said.dropped:
        tell("voice.dropped", dropped=" ".join(said.dropped))
    if not said.seconds:
        raise InputError("voice.nothing_to_say")
    if out is not None:
        tell("voice.saved", seconds=said.seconds, file=out)


@app.command("prepare")
def prepare(*, voice: VoiceName = None, json: Json = False) -> None:
    """늘 쓰는 문장을 미리 소리로 만들어 둡니다. 중단해도 이어서 합니다 (make kept sounds; resumes)."""
    from rich.console import Console
    from rich.progress import Progress

    from companion.wiring.voices import prepare_sounds

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        done = asyncio.run(
            prepare_sounds(voice, tell, lambda made, of: bar.update(task, completed=made, total=of)),
        )
    if json:
        print_json({"made": done.made, "there": done.there, "bytes": done.size_bytes, "voice": done.voice})
    elif done.keeps:
        tell("voice.prepared", made=done.made, there=done.there, megabytes=done.size_bytes / _MB)
    else:
        tell("voice.no_keeping", voice=done.voice)
