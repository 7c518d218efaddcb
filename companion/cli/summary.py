"""``companion summary``: what happened in one conversation, or in a week, in plain words, with the quotes behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line
from companion.cli.secret_entry import passphrase
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.core.summary import Quote, Summary


def summary(
    *,
    session: Annotated[str, typer.Option("--session", help="대화 번호의 끝자리, 또는 last (one conversation)")] = "",
    week: Annotated[bool, typer.Option("--week", help="지난 이레 (the last seven days; the default)")] = False,
    person: Annotated[str, typer.Option("--person", help="어르신: 이름이나 번호 (whose)")] = "",
    shared: Annotated[
        bool, typer.Option("--shared", help="다른 분께 드릴 것: 이름, 사는 곳, 번호를 가림 (for others, masked)")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """요약을 보여 줍니다: 기분, 이야기, 하기로 한 일, 활동, 점검, 위험, 잠과 식사 (summary for caregivers)."""
    from companion.config import load_settings
    from companion.wiring.people import person_here
    from companion.wiring.record import open_record
    from companion.wiring.summary import for_others, session_summary, week_summary

    if session and (week or person):
        raise InputError("summary.session_or_week")
    settings = load_settings()
    with open_record(passphrase, settings) as record:
        if session:
            person_id, made = session_summary(record, session)
        else:
            whose = record.people.find(person) if person else person_here(record, settings)
            person_id, made = whose.id, week_summary(record, whose)
        made = for_others(record, person_id, made) if shared else made
    if json:
        print_json(_fields(person_id, made))
        return
    print_line(
        say("summary.title", begin=f"{made.begins.astimezone():%Y-%m-%d}", end=f"{made.ends.astimezone():%Y-%m-%d}")
    )
    for line in made.lines:
        print_line(f"- {line.text}")
        for quote in line.quotes:
            print_line(say("summary.quote", words=quote.words, place=_place(quote)))
    print_line(say("summary.purpose"))


def _place(quote: Quote) -> str:
    turn = f" #{quote.turn}" if quote.turn else ""
    return f"{quote.at.astimezone():%m-%d %H:%M} {quote.session_id[-8:]}{turn}".rstrip()


def _fields(person_id: str, made: Summary) -> dict[str, object]:
    return {
        "person": person_id,
        "session": made.session_id,
        "begins": made.begins.isoformat(),
        "ends": made.ends.isoformat(),
        "lines": [
            {
                "kind": line.kind,
                "text": line.text,
                "numbers": dict(line.numbers),
                "quotes": [
                    {"session": one.session_id, "turn": one.turn, "at": one.at.isoformat(), "words": one.words}
                    for one in line.quotes
                ],
            }
            for line in made.lines
        ],
    }
