"""``companion requests list|done|answer``: what the older adult asked of people, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase

if TYPE_CHECKING:
    from companion.core.errand import Standing
    from companion.store.errand_care import SeenErrand

app: Final = typer.Typer(help="어르신의 부탁 (requests)", no_args_is_help=True)

_SHORT: Final = 8
"""Characters of an id's end that are shown."""
_Which = Annotated[str, typer.Argument(help="부탁 번호의 끝자리 (end of the request's id)")]
_By = Annotated[str, typer.Option("--by", help="누가: 어르신이 아시는 이름 (your name)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.command("list")
def list_requests(
    *,
    everything: Annotated[bool, typer.Option("--all", help="끝난 것도 (settled ones too)")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="몇 건까지 (how many)")] = 50,
    json: _Json = False,
) -> None:
    """기다리는 부탁을 보여 줍니다 (open requests)."""
    from companion.store.errand_care import errands_seen
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        found = errands_seen(viewer(record), everything=everything, limit=limit)
    if json:
        print_json({"requests": [_fields(one) for one in found]})
        return
    if not found:
        tell("requests.none")
    for one in found:
        print_line(_line(one))


@app.command("done")
def done(which: _Which, by: _By = "", *, json: _Json = False) -> None:
    """부탁하신 일을 했다고 적습니다. 다음 대화에서 말씀드립니다 (it was done)."""
    from companion.core.errand import Standing

    _settle(which, Standing.DONE, by, "", json=json)


@app.command("answer")
def answer(
    which: _Which,
    words: Annotated[str, typer.Argument(help="어르신께 들려 드릴 한 문장 (what to tell)")],
    by: _By = "",
    *,
    declined: Annotated[bool, typer.Option("--declined", help="못 하는 일 (it cannot be done)")] = False,
    json: _Json = False,
) -> None:
    """답을 적습니다. 다음 대화에서 적힌 그대로 말씀드립니다 (an answer, told as written)."""
    from companion.core.errand import Standing

    _settle(which, Standing.DECLINED if declined else Standing.DONE, by, words, json=json)


def _settle(which: str, status: Standing, by: str, words: str, *, json: bool) -> None:
    from companion.wiring.access import whoever_is_here
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        seen = record.errand_care.settle(whoever_is_here(record), which, status, name=by, answer=words)
    if json:
        print_json(_fields(seen))
    else:
        tell("requests.settled", id=seen.errand.id[-_SHORT:], status=say(f"requests.status.{seen.errand.status}"))


def _line(seen: SeenErrand) -> str:
    one = seen.errand
    return say(
        "requests.line",
        id=one.id[-_SHORT:],
        at=f"{one.at.astimezone():%Y-%m-%d %H:%M}",
        person=seen.person,
        purpose=say(f"requests.purpose.{one.purpose}"),
        whom=one.whom,
        status=say(f"requests.status.{one.status}"),
        words=one.words,
        answer=one.answer,
    ).rstrip()


def _fields(seen: SeenErrand) -> dict[str, object]:
    one = seen.errand
    return {
        "id": one.id,
        "person": seen.person_id,
        "purpose": one.purpose,
        "whom": one.whom,
        "words": one.words,
        "at": one.at.isoformat(),
        "session": one.session_id,
        "status": one.status,
        "by": one.by,
        "answer": one.answer,
        "settled_at": None if one.settled_at is None else one.settled_at.isoformat(),
        "told_at": None if one.told_at is None else one.told_at.isoformat(),
    }
