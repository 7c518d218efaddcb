"""``companion release``: de-identified data for research, the ledger of what was given, and who has left it since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.core.research import KeptRelease, Withdrawn
    from companion.wiring.releasing import Done

app = typer.Typer(help="연구용 자료 (research releases)")
_SHORT = 8
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.callback(invoke_without_command=True)
def release(
    context: typer.Context,
    *,
    policy: Annotated[Path | None, typer.Option("--policy", help="정책 파일 TOML (policy)")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="새로 만들 폴더 (folder)")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="쓰지 않고 결과만 봅니다 (write nothing)")] = False,
    json: _Json = False,
) -> None:
    """연구에 동의하신 분들의 자료를 누구인지 알 수 없게 내보냅니다 (de-identified release)."""
    if context.invoked_subcommand is not None:
        return
    if policy is None or (out is None and not dry_run):
        raise InputError("release.needs_policy")
    from companion.wiring.releasing import release as make_release

    done = make_release(policy, out or Path(), ask=passphrase, dry_run=dry_run)
    if done.problems:
        for problem in done.problems:
            sentence = say(f"release.problem.{problem.code}", detail=problem.detail)
            tell("release.problem_line", place=problem.place or policy.name, problem=sentence)
        tell("release.policy_flawed", count=len(done.problems))
        raise typer.Exit(ExitCode.INPUT)
    if json:
        print_json(_fields(done))
        return
    _tell(done)


@app.command("list")
def list_releases(
    *,
    json: _Json = False,
    dcat: Annotated[bool, typer.Option("--dcat", help="DCAT 목록, JSON-LD 한 줄 (catalogue)")] = False,
) -> None:
    """지금까지 내보낸 자료를 보여 줍니다 (what was released to whom)."""
    from companion.wiring.record import open_record
    from companion.wiring.releasing import catalogue_of, releases

    with open_record(passphrase) as record:
        if dcat:
            print_json(catalogue_of(record))
            return
        found = releases(record)
        today = record.database.now().date()
    if json:
        print_json({"releases": [_kept_fields(one) for one in found]})
        return
    if not found:
        tell("release.none_yet")
    for one in found:
        state = say("release.state.expired" if one.has_expired(today) else "release.state.current")
        print_line(say("release.line", **_shown(one), state=state))


@app.command("withdrawals")
def withdrawals(
    *,
    told: Annotated[
        str,
        typer.Option("--told", help="받는 곳에 알린 자료의 번호 끝자리 (its recipient was told)", show_default=False),
    ] = "",
    json: _Json = False,
) -> None:
    """동의를 거두신 분이 들어 있는 자료와 알릴 곳을 보여 줍니다 (whose recipients have to be told)."""
    from companion.wiring.record import open_record
    from companion.wiring.releasing import note_told
    from companion.wiring.releasing import withdrawals as left

    with open_record(passphrase) as record:
        found = [note_told(record, told)] if told else left(record)
    if json:
        print_json({"told_now": bool(told), "releases": [_withdrawn_fields(one) for one in found]})
        return
    if told:
        tell("release.told", recipient=found[0].release.release.recipient, count=len(found[0].untold))
        return
    if not found:
        tell("release.nobody_left")
    for one in found:
        print_line(say("release.withdrawn", **_shown(one.release), untold=len(one.untold), told=len(one.told)))
        for pseudonym in one.untold:
            print_line(f"  {pseudonym}")


def _tell(done: Done) -> None:
    loss = done.loss
    assert loss is not None  # noqa: S101 - a policy without problems came to something
    levels = ", ".join(say(f"release.level.{name}", level=level) for name, level in (done.levels or {}).items())
    shown = loss.screenings
    print_line(say("release.people", considered=loss.considered, people=loss.people, suppressed=loss.suppressed))
    print_line(say("release.reached", k=done.k, l=done.l, levels=levels))
    print_line(say("release.screenings", **shown))
    if done.made is None:
        tell("release.dry_run")
        return
    for name, rows in done.made.rows.items():
        print_line(f"{name}\t{rows}")
    tell("release.made", folder=done.folder, id=done.made.release_id[-_SHORT:])


def _fields(done: Done) -> dict[str, Any]:
    from dataclasses import asdict

    assert done.loss is not None  # noqa: S101 - a policy without problems came to something
    made = done.made
    return {
        "made": made is not None,
        "release": None if made is None else made.release_id,
        "folder": None if done.folder is None else str(done.folder),
        "manifest_sha256": None if made is None else made.manifest_digest,
        "k": done.k,
        "l": done.l,
        "rows": None if made is None else dict(made.rows),
        "loss": asdict(done.loss),
    }


def _shown(one: KeptRelease) -> dict[str, object]:
    release = one.release
    return {
        "id": release.id[-_SHORT:],
        "made": f"{one.made_at.astimezone():%Y-%m-%d}",
        "title": release.title,
        "recipient": release.recipient,
        "people": one.people,
        "expires": release.expires,
        "k": release.k,
    }


def _kept_fields(one: KeptRelease) -> dict[str, Any]:
    release = one.release
    same = ("id", "title", "recipient", "purpose", "legal_basis", "terms", "k", "l", "software")
    return {name: getattr(release, name) for name in same} | {
        "made_at": one.made_at.isoformat(),
        "expires": release.expires.isoformat(),
        "people": one.people,
        "rows": dict(release.rows),
        "formats": list(release.formats),
        "policy_sha256": release.policy_digest,
        "manifest_sha256": release.manifest_digest,
    }


def _withdrawn_fields(one: Withdrawn) -> dict[str, Any]:
    release = one.release.release
    return {
        "release": release.id,
        "recipient": release.recipient,
        "expires": release.expires.isoformat(),
        "untold": list(one.untold),
        "told": list(one.told),
    }
