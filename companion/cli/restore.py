"""``companion restore`` puts a backup in the place of the record; ``offer`` does so when the record is damaged."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.asking import agreed, at_terminal
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase, recovery_code
from companion.errors import StoreUnreadable

if TYPE_CHECKING:
    from companion.store.restore import Restored


def restore(
    file: Annotated[str, typer.Argument(help="백업 파일, 또는 newest (file, or newest)")],
    folder: Annotated[Path | None, typer.Option("--from", help="newest를 찾을 폴더 (folder)")] = None,
    *,
    code: Annotated[bool, typer.Option("--code", help="복구 번호로 엽니다 (open with the recovery code)")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="묻지 않습니다 (do not ask)")] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """백업으로 되돌립니다. 지금 기록은 지우지 않고 옆에 둡니다 (restore; the present record is kept)."""
    from companion.wiring import backup as wiring

    ask = cache(passphrase)
    path = wiring.chosen(file, ask, folder, by_code=code)
    if not agreed("restore.ask", yes=yes, file=path):
        tell("restore.left")
        return
    typed = recovery_code() if code else ""
    restored = wiring.restore(path, ask, typed)
    _say(restored, path, json=json)
    wiring.note_restored(restored, ask)


def offer(error: StoreUnreadable) -> bool:
    """Say what is wrong with the record, name the newest good backup, and on a terminal ask once whether to restore it.

    Returns:
        Whether it was restored, so that the record may be opened again.
    """
    from companion.wiring import backup as wiring

    tell(error.key, **error.fields)
    found = wiring.newest_good(passphrase)
    if found is None or found.described is None:
        tell("restore.none_to_offer", folder=wiring.default_folder())
        return False
    tell("restore.offered", made=found.described.made_at.astimezone().strftime("%Y-%m-%d %H:%M"), file=found.path)
    if not at_terminal() or not agreed("restore.ask", yes=False, file=found.path):
        return False
    restored = wiring.restore(found.path, passphrase)
    _say(restored, found.path, json=False)
    wiring.note_restored(restored, passphrase)
    return True


def _say(restored: Restored, path: Path, *, json: bool) -> None:
    made = restored.described.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    tell("restore.done", made=made, file=path)
    if restored.kept:
        tell("restore.kept", file=restored.kept[0])
    if restored.returned:
        tell("restore.returned", count=len(restored.returned), people=", ".join(restored.returned))
    if restored.recovery_code:
        tell("restore.new_code")
    if json:
        print_json(
            {
                "file": str(path),
                "made_at": restored.described.made_at.isoformat(),
                "rows": dict(restored.described.rows),
                "kept": [str(one) for one in restored.kept],
                "returned_people": list(restored.returned),
                "recovery_code": restored.recovery_code,
            }
        )
    elif restored.recovery_code:
        print_line(restored.recovery_code)
