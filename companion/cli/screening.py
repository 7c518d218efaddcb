"""``companion screen``: administers one screening instrument alone, by voice, typed, or from recordings."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.defects import keep_log
from companion.cli.exit_codes import ExitCode
from companion.cli.output import print_json, print_line, tell
from companion.cli.screening_words import answer_fields, answer_line, score_fields, score_lines
from companion.cli.secret_entry import passphrase
from companion.errors import InputError, NotAllowed

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.screening.instrument import Instrument
    from companion.screening.offering import Choice
    from companion.screening.requests import Outcome
    from companion.session.screening import ScreeningInterlude
    from companion.store.record import Record
    from companion.wiring.at_work import AtWork
    from companion.wiring.conversation import Bench, Loaded, Wish


def screen(  # noqa: PLR0913 - each is an option of the command line
    files: Annotated[
        list[Path] | None, typer.Argument(help="--audio 뒤에 녹음을 더 적습니다 (more recordings)")
    ] = None,
    *,
    instrument: Annotated[str, typer.Option("--instrument", help="phq9, gds15, gad7 (instrument)")] = "phq9",
    text: Annotated[bool, typer.Option("--text", help="글로 대답합니다 (typed)")] = False,
    audio: Annotated[list[Path] | None, typer.Option("--audio", help="녹음을 듣습니다 (recordings)")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="짧은 검사에 걸리지 않아도 끝까지 (no gate)")] = False,
    silent: Annotated[bool, typer.Option("--silent", help="글자로만 (words only)")] = False,
    json: Annotated[bool, typer.Option("--json", help="결과를 한 줄 JSON으로 (result as one line of JSON)")] = False,
) -> None:
    """선별 도구 하나를 소리로 여쭙니다. 진단이 아니라 자가 점검입니다 (administer one screener)."""
    from companion.wiring.instruments import instruments

    keep_log()
    recordings = [*(audio or []), *(files or [])]
    if (text and recordings) or (files and not audio):
        raise InputError("talk.modes_clash")
    known = instruments()
    if instrument not in known:
        raise InputError("screen.unknown_instrument", name=instrument, known=", ".join(known))
    chosen = known[instrument]
    with ExitStack() as stack:
        if json:
            stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        outcome = _administered(chosen, _wish(recordings, text=text, silent=silent), stack, whole=whole)
    _told(chosen, outcome, json=json)


def _wish(recordings: Sequence[Path], *, text: bool, silent: bool) -> Wish:
    from companion.wiring.conversation import Mode, Wish

    mode = Mode.AUDIO if recordings else Mode.TEXT if text else Mode.MICROPHONE
    return Wish(mode, tuple(recordings), silent=silent)


def _administered(instrument: Instrument, wish: Wish, stack: ExitStack, *, whole: bool) -> Outcome:
    from companion.core.consent import Item
    from companion.wiring.at_work import look
    from companion.wiring.conversation import load
    from companion.wiring.people import person_here
    from companion.wiring.record import open_record

    at_work = look()
    record = stack.enter_context(open_record(passphrase, at_work.settings))
    person = person_here(record, at_work.settings)
    if record.consents.standing(person.id, Item.HEALTH) is None:
        raise NotAllowed("consent.missing_health")
    choice = _chosen(record, person, instrument, wish)
    loaded = load(at_work, wish)
    bench = _bench(at_work, wish, record, person)
    outcome = asyncio.run(_held(bench, loaded, record, choice, whole=whole))
    if outcome is None:
        raise typer.Exit(ExitCode.STORE)
    return outcome


def _chosen(record: Record, person: Person, instrument: Instrument, wish: Wish) -> Choice:
    """Return whether the instrument is begun or gone on with.

    Raises:
        InputError: Safety holds the rest of it back for now.
    """
    from companion.screening.due import Permission
    from companion.wiring.screening_session import chosen, ledger

    choice = chosen(ledger(record, person.id, mode=wish.mode), instrument)
    if choice.permission is Permission.SUSPENDED:
        raise InputError("screen.held_back")
    if choice.permission is Permission.RESUME:
        tell("screen.gone_on_with")
    return choice


async def _held(bench: Bench, loaded: Loaded, record: Record, choice: Choice, *, whole: bool) -> Outcome | None:
    """Hold it; None where nothing could be kept of it."""
    from companion.core.record import NewSession
    from companion.screening.interview import Manner
    from companion.screening.record import Asker
    from companion.wiring.alerts import watching
    from companion.wiring.clock import SystemClock
    from companion.wiring.conversation import Making, conversation
    from companion.wiring.screening_session import OneScreening, screening_interlude

    made: list[ScreeningInterlude] = []

    def make(making: Making) -> ScreeningInterlude:
        made.append(screening_interlude(making, record, bench.person))
        return made[0]

    manner = Manner(asked_by=Asker.OPERATOR, address=bench.person.address, gate=not whole)
    async with (
        watching(record, lambda error: tell(error.key, **error.fields)) as alarm,
        conversation(replace(bench, alarm=alarm, interludes=(make,)), loaded) as (talking, _),
    ):
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, talking.stop)
        new = NewSession(bench.person.id, SystemClock().now(), bench.wish.mode, bench.at_work.profile.id, "screening")
        await talking.run_only(new, OneScreening(made[0], choice, manner))
        return made[0].outcome


def _bench(at_work: AtWork, wish: Wish, record: Record, person: Person) -> Bench:
    from companion.cli.screen import TerminalScreen
    from companion.core.consent import Item
    from companion.wiring.alerts import told_contacts
    from companion.wiring.conversation import Bench, Mode
    from companion.wiring.people import consent_words
    from companion.wiring.wishes import RecordWishes

    return Bench(
        at_work=at_work,
        wish=wish,
        store=record.conversations,
        screen=TerminalScreen(listening_cue=wish.mode in (Mode.MICROPHONE, Mode.TEXT)),
        tell=tell,
        person=person,
        first_time=False,
        keeps=lambda: record.consents.standing(person.id, Item.CONVERSATION) is not None,
        wishes=RecordWishes(record, person, consent_words()),
        contacts=lambda: told_contacts(record, person.id),
    )


def _told(instrument: Instrument, outcome: Outcome, *, json: bool) -> None:
    """Show every answer with its words, option, decider and confidence, then what they come to."""
    from companion.screening.scoring import score_of

    found = score_of(instrument, outcome.screening.answers, gated=outcome.screening.gated)
    answers = list(outcome.screening.current().values())
    if json:
        print_json(
            {
                "instrument": instrument.id,
                "version": instrument.version,
                "digest": instrument.digest,
                "status": str(outcome.screening.status),
                "answers": [answer_fields(answer) for answer in answers],
                "score": score_fields(found),
            }
        )
        return
    for answer in answers:
        print_line(answer_line(answer))
    for line in score_lines(found):
        print_line(line)
    tell(f"screen.status.{outcome.screening.status}")
