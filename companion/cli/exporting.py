"""``companion export csv|xlsx|pdf|fhir``: files about one person that somebody takes away; audited beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.output import print_json, tell
from companion.cli.secret_entry import passphrase, sealing_passphrase
from companion.core.access import Role
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.exchange.dossier import Dossier
    from companion.wiring.export_files import Finished
    from companion.wiring.exporting import Wish

app: Final = typer.Typer(
    help="한 분의 기록을 표나 보고서로 내보냅니다 (files for a clinician or the family)", no_args_is_help=True
)

_Who = Annotated[str, typer.Option("--person", help="번호의 끝자리, 이름이나 호칭 (end of the id, name or 호칭)")]
_Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="첫날 (first day)")]
_Until = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="마지막 날 (last day)")]
_Out = Annotated[Path | None, typer.Option("--out", help="파일이나 폴더 (file or folder)")]
_Seal = Annotated[bool, typer.Option("--seal", help="암호로 잠근 ZIP, AES-256 (sealed with a passphrase)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
_Raw = Annotated[bool, typer.Option("--raw-readings", help="측정값을 하나씩도 (readings one by one, too)")]


@app.command("csv")
def export_csv(  # noqa: PLR0913 - each is an option of the command line
    who: _Who,
    *,
    since: _Since = None,
    until: _Until = None,
    raw: _Raw = False,
    out: _Out = None,
    seal: _Seal = False,
    json: _Json = False,
) -> None:
    """점검과 답, 측정값, 알림을 CSV 파일 여럿으로 (a folder of tables)."""
    from companion.wiring.export_files import csv_of

    _export(who, "csv", _wish(since, until, raw=raw), csv_of, (out, seal, json))


@app.command("xlsx")
def export_xlsx(  # noqa: PLR0913 - each is an option of the command line
    who: _Who,
    *,
    since: _Since = None,
    until: _Until = None,
    raw: _Raw = False,
    out: _Out = None,
    seal: _Seal = False,
    json: _Json = False,
) -> None:
    """같은 표를 엑셀 파일 하나로 (one workbook)."""
    from companion.wiring.export_files import xlsx_of

    _export(who, "xlsx", _wish(since, until, raw=raw), xlsx_of, (out, seal, json))


@app.command("pdf")
def export_pdf(  # noqa: PLR0913 - each is an option of the command line
    who: _Who,
    *,
    since: _Since = None,
    until: _Until = None,
    family: Annotated[bool, typer.Option("--family", help="가족께 드리는 한 장 (one page in plain words)")] = False,
    full: Annotated[bool, typer.Option("--full", help="의료진용 전체 (whole, for a clinician)")] = False,
    reader: Annotated[
        str, typer.Option("--for", help="--family를 읽을 분: 어르신이 동의하셨으면 하신 말씀도 (named reader)")
    ] = "",
    out: _Out = None,
    seal: _Seal = False,
    json: _Json = False,
) -> None:
    """보고서: 의료진용 전체나 가족용 한 장. 따로 정하지 않으면 계정의 역할을 따릅니다 (a report on paper)."""
    from companion.wiring.export_files import family_pdf_of, letters, pdf_of

    if family and full:
        raise InputError("export.family_or_full")
    if reader and full:
        raise InputError("export.reader_of_family")

    letters()  # nothing is taken out of the record for a report that cannot be printed

    def made(dossier: Dossier) -> Finished:
        for_family = family or reader or (not full and dossier.made.role == Role.CAREGIVER)
        return family_pdf_of(dossier, reader=reader) if for_family else pdf_of(dossier)

    _export(who, "pdf", _wish(since, until), made, (out, seal, json))


@app.command("fhir")
def export_fhir(  # noqa: PLR0913 - each is an option of the command line
    who: _Who,
    *,
    since: _Since = None,
    until: _Until = None,
    lines: Annotated[
        bool, typer.Option("--ndjson", help="갈래마다 한 파일, 한 줄에 하나 (one resource a line, bulk style)")
    ] = False,
    out: _Out = None,
    seal: _Seal = False,
    json: _Json = False,
) -> None:
    """병원 시스템이 읽는 FHIR R4로. 두 번 보내도 달라지지 않습니다 (FHIR R4; may be sent twice)."""
    from companion.wiring.export_files import fhir_lines_of, fhir_of

    _export(who, "fhir", _wish(since, until, raw=True), fhir_lines_of if lines else fhir_of, (out, seal, json))


def _wish(since: datetime | None, until: datetime | None, *, raw: bool = False) -> Wish:
    from companion.wiring.exporting import Wish

    return Wish(None if since is None else since.date(), None if until is None else until.date(), raw)


def _export(
    who: str, kind: str, wish: Wish, make: Callable[[Dossier], Finished], asked: tuple[Path | None, bool, bool]
) -> None:
    """Take a person's dossier, make files of it, put them where they are wanted, and say where they are."""
    from companion.exchange.sealing import weakness
    from companion.wiring.access import viewer
    from companion.wiring.export_files import handed_over
    from companion.wiring.exporting import gathered
    from companion.wiring.record import open_record

    out, seal, json = asked
    secret = sealing_passphrase() if seal else None
    if secret is not None and (why := weakness(secret)) is not None:
        raise InputError(f"export.weak_{why}")
    with open_record(passphrase) as record:
        person = record.people.find(who)
        dossier = gathered(viewer(record), person, wish, kind=kind)
    made = make(dossier)
    path = handed_over(made, dossier, out, secret)
    if json:
        print_json(
            {
                "format": kind,
                "path": str(path),
                "sealed": seal,
                "person": person.id,
                "since": dossier.since.isoformat(),
                "until": dossier.until.isoformat(),
                "screenings": len(dossier.screenings),
                "left_out": [str(one.part) for one in dossier.left_out],
            }
        )
    for one in dossier.left_out:
        tell(f"export.left_out.{one.part}")
    tell("export.written_sealed" if seal else "export.written", path=path)
