"""``companion screenings list|show|observations``: what was asked and answered, to whoever may see it.

Answers stand as they were said; totals are computed from them each time and never shown where they would not be true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.screening_words import answer_fields, answer_line, score_fields, score_lines
from companion.cli.secret_entry import passphrase
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.screening.instrument import Instrument
    from companion.screening.scoring import Change, Score
    from companion.store.screenings import KeptObservation, KeptScreening
    from companion.store.viewing import Viewer

app: Final = typer.Typer(help="마음 점검 기록을 봅니다 (kept screenings)", no_args_is_help=True)

_SHORT: Final = 8
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
_Limit = Annotated[int, typer.Option(min=1, help="몇 개까지 (how many)")]


@app.command("list")
def list_screenings(limit: _Limit = 20, *, json: _Json = False) -> None:
    """최근 점검부터 보여 줍니다 (newest first)."""
    with _viewer() as viewer:
        found = () if viewer is None else viewer.screenings(limit=limit)
    if json:
        print_json({"screenings": [_summary_fields(one) for one in found]})
        return
    if not found:
        tell("screenings.none_yet")
    for one in found:
        print_line(_summary_line(one))


@app.command("show")
def show_screening(
    screening: Annotated[str, typer.Argument(help="점검 번호의 끝자리, 또는 last (end of the id, or last)")] = "last",
    *,
    json: _Json = False,
) -> None:
    """한 점검을 문항마다 말씀 그대로 보여 줍니다 (one screening, item by item)."""
    with _viewer() as viewer:
        if viewer is None:
            raise InputError("store.no_such_screening", id=screening)
        kept, before = viewer.screening(screening)
    found, change = score_now(kept), _change(kept, before)
    if json:
        fields = {
            "answers": [answer_fields(one) for one in kept.screening.answers],
            "score": None if found is None else score_fields(found),
            "change": None if change is None else _change_fields(change),
        }
        print_json({**_summary_fields(kept), **fields})
        return
    for line in _head_lines(kept):
        print_line(line)
    _print_answers(kept)
    if found is None:
        print_line(say("screenings.other_version", version=kept.screening.version))
        return
    for line in score_lines(found):
        print_line(line)
    if change is not None and before is not None:
        print_line(_change_line(change, before))


@app.command("observations")
def list_observations(limit: _Limit = 50, *, json: _Json = False) -> None:
    """이야기 중에 비친 말씀을 보여 줍니다. 점수가 아닙니다 (signs in free talk, never scores)."""
    with _viewer() as viewer:
        found = () if viewer is None else viewer.observations(limit=limit)
    if json:
        print_json({"observations": [_observation_fields(one) for one in found]})
        return
    tell("screenings.observations_are" if found else "screenings.no_observations")
    for one in found:
        sign = one.observation
        offered = say("screenings.offered") if one.offered else ""
        print_line(
            say(
                "screenings.observation",
                at=_local(one.at),
                sign=say(f"screenings.sign.{sign.sign}"),
                touches=sign.touches,
                quote=sign.quote,
                offered=offered,
            )
        )


@contextmanager
def _viewer() -> Iterator[Viewer | None]:
    """Open the record for whoever is signed in; None where there is none yet, and none is made by looking."""
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record, record_place

    if not record_place().exists:
        yield None
        return
    with open_record(passphrase) as record:
        yield viewer(record)


def score_now(kept: KeptScreening) -> Score | None:
    """Return what the answers come to; None where they were given to another version of the instrument."""
    from companion.screening.scoring import score_of

    instrument = _instrument(kept)
    if instrument is None:
        return None
    return score_of(instrument, kept.screening.answers, gated=kept.screening.gated)


@cache
def _known() -> Mapping[str, Instrument]:
    from companion.wiring.instruments import instruments

    return instruments()


def _instrument(kept: KeptScreening) -> Instrument | None:
    found = _known().get(kept.screening.instrument)
    return found if found is not None and found.digest == kept.screening.digest else None


def _change(kept: KeptScreening, before: KeptScreening | None) -> Change | None:
    from companion.screening.scoring import change

    instrument = _instrument(kept)
    if before is None or instrument is None:
        return None
    then, now = score_now(before), score_now(kept)
    return None if then is None or now is None else change(instrument, then, now)


def _status(kept: KeptScreening) -> str:
    from companion.screening.due import Past, standing
    from companion.wiring.clock import SystemClock

    return standing(Past(kept.screening, kept.ended_at or kept.gone_on_at), SystemClock().now())


def _title(kept: KeptScreening) -> str:
    instrument = _instrument(kept)
    return kept.screening.instrument if instrument is None else instrument.title


def _local(at: datetime | None) -> str:
    return "-" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")


def _summary_line(kept: KeptScreening) -> str:
    found = score_now(kept)
    total = "" if found is None or found.total is None else say("screenings.sum", total=score_fields(found)["total"])
    answered = sum(one.option is not None for one in kept.screening.current().values())
    return say(
        "screenings.line",
        id=kept.id[-_SHORT:],
        at=_local(kept.at),
        title=_title(kept),
        status=say(f"screen.status.{_status(kept)}"),
        answered=answered,
        sum=total,
    )


def _head_lines(kept: KeptScreening) -> Iterator[str]:
    screening, status = kept.screening, _status(kept)
    yield say(
        "screenings.head",
        title=_title(kept),
        version=screening.version,
        at=_local(kept.at),
        asker=say(f"screenings.asker.{screening.asked_by}"),
        mode=say(f"screenings.mode.{kept.mode}"),
    )
    yield say(f"screen.status.{status}")
    if screening.suspended_by:
        is_held = status == "suspended"
        yield say(
            "screenings.suspended" if is_held else "screenings.was_suspended",
            at=_local(kept.suspended_at),
            why=say(f"screenings.why.{screening.suspended_by}"),
            until=_local(kept.not_before),
        )
    if kept.ended_at is not None:
        yield say("screenings.ended", at=_local(kept.ended_at))


def _print_answers(kept: KeptScreening) -> None:
    for answer in kept.screening.answers:
        line = answer_line(answer)
        print_line(say("screenings.superseded", line=line) if answer.superseded else line)
        if len(answer.replies) > 1:
            for one in answer.replies:
                print_line(say("screenings.exchange", asked=one.asked, reply=one.reply))


def _change_line(change: Change, before: KeptScreening) -> str:
    kind = "unknown" if change.reliable is None else "reliable" if change.reliable else "noise"
    meaning = say(f"screenings.change.{kind}", source=change.source)
    points = _change_fields(change)["points"]
    return say("screenings.change_line", at=_local(before.at), points=f"{points:+g}", meaning=meaning)


def _change_fields(change: Change) -> Mapping[str, object]:
    return {"points": float(change.points), "reliable": change.reliable, "source": change.source}


def _summary_fields(kept: KeptScreening) -> dict[str, object]:
    screening = kept.screening
    return {
        "id": kept.id,
        "person": kept.person_id,
        "number": kept.number,
        "instrument": screening.instrument,
        "version": screening.version,
        "digest": screening.digest,
        "status": str(_status(kept)),
        "asked_by": str(screening.asked_by),
        "mode": kept.mode,
        "at": kept.at.isoformat(),
        "gone_on_at": kept.gone_on_at.isoformat(),
        "ended_at": None if kept.ended_at is None else kept.ended_at.isoformat(),
        "suspended_at": None if kept.suspended_at is None else kept.suspended_at.isoformat(),
        "suspended_by": screening.suspended_by,
        "not_before": None if kept.not_before is None else kept.not_before.isoformat(),
        "session": kept.session_id,
        "reply_count": screening.replies,
        "gated": screening.gated,
        "whole": screening.whole,
    }


def _observation_fields(kept: KeptObservation) -> dict[str, object]:
    sign = kept.observation
    return {
        "id": kept.id,
        "person": kept.person_id,
        "at": kept.at.isoformat(),
        "sign": sign.sign,
        "touches": sign.touches,
        "quote": sign.quote,
        "rule": sign.rule,
        "turn": kept.turn_id,
        "led_to": kept.offered,
    }
