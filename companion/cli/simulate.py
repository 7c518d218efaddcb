"""``companion simulate``: whole lives of a simulated person against the real session, and what went wrong in them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line

if TYPE_CHECKING:
    from companion.evaluation.lives.findings import Finding

_MOST_SESSIONS: Final = 10_000


def simulate(
    file: Annotated[
        Path, typer.Argument(metavar="PERSONA.toml", help="모의 어르신 (a simulated person)", show_default=False)
    ],
    *,
    sessions: Annotated[int, typer.Option(help="대화 수 (number of sessions)")] = 10,
    seed: Annotated[int, typer.Option(help="다른 수는 다른 삶 (another seed, another life)")] = 1,
    encoder: Annotated[
        bool, typer.Option("--encoder/--no-encoder", help="문장 인코더를 쓸지 (with the sentence encoder)")
    ] = True,
    transcript: Annotated[bool, typer.Option("--transcript", help="주고받은 말도 (print what was said)")] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """모의 어르신과 대화를 여러 번 하고, 되풀이하거나 잊거나 잘못 말하거나 위험했던 것을 봅니다 (simulated lives)."""
    from companion.errors import InputError
    from companion.evaluation.lives.checker import check, figures
    from companion.evaluation.lives.parsing import read_persona
    from companion.evaluation.lives.standard import FILE, load_standard
    from companion.prompts import prompt_table
    from companion.wiring.lives.living import live
    from companion.wiring.rehearsal.home import loaded

    if not 1 <= sessions <= _MOST_SESSIONS:
        raise InputError("simulate.sessions_unfit", most=_MOST_SESSIONS)
    persona, standard = read_persona(file), load_standard(prompt_table(FILE))
    shared = loaded(with_encoder=encoder)
    began = time.monotonic()
    life = live(persona, sessions, seed=seed, loaded=shared)
    rate = round(sessions / max(time.monotonic() - began, 1e-9) * 60, 1)
    findings = check(life, standard)
    summary = {**figures(life, findings), "sessions_per_minute": rate}
    if json:
        rows = [{**asdict(one), "fault": one.check.fault.value} for one in findings]
        print_json({**summary, "findings": rows})
        return
    if transcript:
        from companion.evaluation.lives.report import transcript_lines

        for line in transcript_lines(life):
            print_line(line)
    _print(summary, findings)


def _print(summary: dict[str, object], findings: Sequence[Finding]) -> None:
    print_line(say("simulate.life", **summary))
    print_line(say("simulate.faults", **cast("dict[str, int]", summary["faults"])))
    for one in findings:
        print_line(
            say("simulate.finding", session=one.session, turn=one.turn, check=one.check.value, detail=one.detail)
        )
    print_line(say("simulate.rate", rate=summary["sessions_per_minute"]))
