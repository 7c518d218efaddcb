"""``companion activities``: the scripts of small activities that ship, and what is wrong with a file of one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line

if TYPE_CHECKING:
    from companion.dialogue.activities.script import Script

app: Final = typer.Typer(help="작은 활동의 대본 (activities)", no_args_is_help=True)
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.command("list")
def list_activities(*, json: _Json = False) -> None:
    """함께할 수 있는 활동을 모두 보여 줍니다 (all activities)."""
    from companion.wiring.activities import scripts

    found = list(scripts().values())
    if json:
        print_json({"n": len(found), "activities": [_row(script) for script in found]})
        return
    for script in found:
        print_line(say("activities.line", id=script.id, title=script.title, kind=script.kind, minutes=script.minutes))
    print_line(say("activities.count", n=len(found)))


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="살펴볼 파일. 없으면 모두 (file; all without one)")] = None,
    *,
    json: _Json = False,
) -> None:
    """대본 파일의 잘못을 한꺼번에 모두 알려 줍니다 (every problem at once)."""
    from companion.dialogue.activities.parsing import script_problems

    tables = _tables(file)
    problems = [problem for name, table in tables for problem in script_problems(name, table)]
    if json:
        rows = [{"file": one.file, "key": one.key, "message": one.message, "detail": one.detail} for one in problems]
        print_json({"n": len(tables), "problems": rows})
    else:
        for one in problems:
            print_line(say(one.message, file=one.file, entry=one.key, detail=one.detail))
        if not problems:
            print_line(say("activities.whole", n=len(tables)))
    if problems:
        raise typer.Exit(ExitCode.INPUT if file is not None else ExitCode.CONFIG)


def _tables(file: Path | None) -> list[tuple[str, dict[str, Any]]]:
    from companion.errors import InputError
    from companion.prompts import prompt_tables

    if file is None:
        return list(prompt_tables("activities").items())
    try:
        return [(file.name, tomllib.loads(file.read_text(encoding="utf-8")))]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("activities.unreadable", file=file.name) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("activities.not_toml", file=file.name, where=str(error)) from error


def _row(script: Script) -> dict[str, object]:
    return {
        "id": script.id,
        "title": script.title,
        "kind": str(script.kind),
        "version": script.version,
        "minutes": script.minutes,
        "not_with": sorted(script.not_with),
        "holds_breath": script.holds_breath,
        "makes_plan": script.makes_plan,
        "citation": script.source.citation,
    }
