"""``companion instruments check``: says everything that is wrong with an instrument file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell

app: Final = typer.Typer(help="선별 도구를 봅니다 (screening instruments)", no_args_is_help=True)


@app.command("check")
def check(
    file: Annotated[Path | None, typer.Argument(help="살펴볼 파일. 없으면 모두 (file; all without one)")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """선별 도구 파일의 잘못을 한꺼번에 모두 알려 줍니다 (every problem at once)."""
    from companion.screening.parsing import parse_instrument

    parsed = [(name, parse_instrument(name, table)) for name, table in _tables(file)]
    problems = [problem for _, one in parsed for problem in one.problems]
    if json:
        print_json(
            {
                "instruments": [
                    {"file": name, "id": one.instrument.id, "version": one.instrument.version}
                    for name, one in parsed
                    if one.instrument is not None
                ],
                "problems": [
                    {"file": one.file, "key": one.key, "message": one.message, "detail": one.detail} for one in problems
                ],
            }
        )
    else:
        for problem in problems:
            print_line(say(problem.message, file=problem.file, entry=problem.key, detail=problem.detail))
        for name, one in parsed:
            if one.instrument is not None:
                whole = one.instrument
                tell("instruments.whole", file=name, title=whole.title, version=whole.version, digest=whole.digest[:12])
    if problems:
        raise typer.Exit(ExitCode.INPUT if file is not None else ExitCode.CONFIG)


def _tables(file: Path | None) -> list[tuple[str, dict[str, Any]]]:
    from companion.errors import InputError
    from companion.prompts import prompt_tables

    if file is None:
        return list(prompt_tables("instruments").items())
    try:
        return [(file.name, tomllib.loads(file.read_text(encoding="utf-8")))]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("instruments.unreadable", file=file.name) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("instruments.not_toml", file=file.name, where=str(error)) from error
