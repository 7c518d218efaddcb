"""``companion backup`` makes a backup of the record, ``companion backups`` lists those that are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase

if TYPE_CHECKING:
    from companion.store.backup import Backup

_MB = 1_000_000


def backup(
    to: Annotated[Path | None, typer.Option("--to", help="백업을 둘 폴더 (folder)")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """대화 기록을 암호화된 그대로 백업하고, 되살려 보아 확인합니다 (back up the record, verified by restoring it)."""
    from companion.wiring.backup import back_up

    made = back_up(passphrase, to)
    tell("backup.made", file=made.backup.path, size=made.backup.size / _MB)
    tell("backup.key_not_inside")
    if made.removed:
        tell("backup.removed", count=len(made.removed))
    if json:
        print_json({**fields_of(made.backup), "removed": [str(path) for path in made.removed]})
    else:
        print_line(str(made.backup.path))


def backups(
    folder: Annotated[Path | None, typer.Option("--from", help="백업이 있는 폴더 (folder)")] = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="속까지 살펴보지 않습니다 (do not read every byte)")] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """백업을 새것부터 보여 주고 온전한지 살펴봅니다 (list backups, newest first, each looked through)."""
    from companion.wiring.backup import default_folder, kept_backups

    found = kept_backups(folder, quick=quick)
    if json:
        print_json({"folder": str(folder or default_folder()), "backups": [fields_of(one) for one in found]})
        return
    if not found:
        tell("backup.none_yet", folder=folder or default_folder())
    for one in found:
        print_line(_line(one))


def fields_of(backup: Backup) -> dict[str, object]:
    """Return a backup as a command run with ``--json`` shows it."""
    fields: dict[str, object] = {"file": str(backup.path), "bytes": backup.size, "state": backup.state}
    if (described := backup.described) is not None:
        fields |= {
            "made_at": described.made_at.isoformat(),
            "number": described.number,
            "revision": described.revision,
            "key_generation": described.generation,
            "rows": dict(described.rows),
        }
    return fields


def _line(backup: Backup) -> str:
    described = backup.described
    made = "-" if described is None else described.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return say(
        "backup.line",
        made=made,
        state=say(f"backup.state.{backup.state}"),
        size=backup.size / _MB,
        file=backup.path,
    )
