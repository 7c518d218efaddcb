"""``companion run``: the daily life of the device, until somebody stops it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.asking import at_terminal
from companion.cli.defects import keep_log
from companion.cli.exit_codes import ExitCode
from companion.cli.messages import explain, say
from companion.cli.output import tell
from companion.cli.secret_entry import passphrase
from companion.errors import InputError, StoreError

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.session.living import Life, LifeEnd
    from companion.store.record import Record
    from companion.wiring.at_work import AtWork
    from companion.wiring.conversation import Bench, Loaded, Wish
    from companion.wiring.life import LifeClock


def run(
    *,
    text: Annotated[bool, typer.Option("--text", help="글로 이야기합니다 (typed)")] = False,
    silent: Annotated[bool, typer.Option("--silent", help="글자로만 말합니다 (words only)")] = False,
    profile: Annotated[str | None, typer.Option("--profile", help="프로필 (profile)")] = None,
    until: Annotated[str, typer.Option("--until", help="이때까지: 18:00 (until)")] = "",
    clock: Annotated[str, typer.Option("--clock", help="이때부터인 것처럼: 2026-12-01T06:00 (test)", hidden=True)] = "",
    pace: Annotated[float, typer.Option("--pace", min=0.01, help="몇 배로 빠르게 (test)", hidden=True)] = 1.0,
) -> None:
    """말벗을 켜 둡니다: 정한 때에 먼저 말을 걸고, 부르면 대답하고, 알림을 보냅니다 (daily life; for a service)."""
    from companion.wiring.life import only_one

    keep_log()
    if (clock or pace != 1.0) and not text:
        raise InputError("run.clock_is_for_text")
    by = _clock(clock, pace)
    with ExitStack() as stack:
        stack.enter_context(only_one())
        ended = _live(stack, by, _until(until, by), text=text, silent=silent, profile=profile)
    raise typer.Exit(ended)


def _clock(start: str, pace: float) -> LifeClock:
    from companion.wiring.clock import HurriedClock, SystemClock

    if not start and pace == 1.0:
        return SystemClock()
    try:
        begins = datetime.fromisoformat(start) if start else datetime.now()  # noqa: DTZ005 - the zone is added next
    except ValueError:
        raise InputError("run.time_unfit", time=start) from None
    return HurriedClock(begins if begins.tzinfo else begins.astimezone(), pace)


def _until(typed: str, clock: LifeClock) -> datetime | None:
    """Return when to end: a time of day is the next one."""
    from companion.core.schedule import clock_time

    if not typed:
        return None
    now = clock.now()
    try:
        if "T" in typed:
            ends = datetime.fromisoformat(typed)
            return ends if ends.tzinfo else ends.replace(tzinfo=now.tzinfo)
        ends = datetime.combine(now.date(), clock_time(typed), now.tzinfo)
    except ValueError:
        raise InputError("run.time_unfit", time=typed) from None
    return ends if ends > now else ends + timedelta(days=1)


def _live(
    stack: ExitStack, clock: LifeClock, until: datetime | None, *, text: bool, silent: bool, profile: str | None
) -> ExitCode:
    from companion.config import Settings, load_settings
    from companion.wiring.at_work import look
    from companion.wiring.conversation import Mode, Wish, load
    from companion.wiring.people import person_here
    from companion.wiring.record import open_record

    settings = load_settings()
    if profile is not None:
        settings = Settings.model_validate({**settings.model_dump(), "profile": profile})
    at_work = look(settings)
    record = stack.enter_context(open_record(passphrase, settings, now=clock.now))
    person = person_here(record, settings)
    wish = Wish(Mode.TEXT if text else Mode.MICROPHONE, silent=silent)
    loaded = load(at_work, wish)
    voice = say("talk.words_only") if loaded.voice is None else loaded.voice.name
    if loaded.voice_trouble is not None:
        tell("talk.no_voice", why=explain(loaded.voice_trouble))
    daily = settings.daily
    tell("run.ready", profile=at_work.profile.id, voice=voice, begin=daily.quiet_from, end=daily.quiet_until)
    ended = asyncio.run(_alive(at_work, wish, loaded, (record, person), clock, until))
    tell(f"run.ended.{ended}")
    return ExitCode.DEVICE if ended == "device" else ExitCode.OK


async def _alive(
    at_work: AtWork,
    wish: Wish,
    loaded: Loaded,
    kept: tuple[Record, Person],
    clock: LifeClock,
    until: datetime | None,
) -> LifeEnd:
    from companion.wiring.alerts import watching
    from companion.wiring.clock import HurriedClock, SystemClock
    from companion.wiring.life import LifeBench, life
    from companion.wiring.sensors import in_touch
    from companion.wiring.stopping import obeying

    record, person = kept
    async with watching(record, _alerts_in_trouble, clock) as alarm, in_touch(record, person, clock, tell):
        bench = _bench(at_work, wish, record, person, (clock, alarm))
        async with life(LifeBench(bench, record, clock, until), loaded) as living:
            _end_kindly_on_signals(living)
            if isinstance(clock, HurriedClock):
                clock.restart()
            async with obeying(living.end_talk, SystemClock().now):
                return await living.run()


def _bench(
    at_work: AtWork, wish: Wish, record: Record, person: Person, moment: tuple[LifeClock, Callable[[], None]]
) -> Bench:
    from companion.cli.screen import TerminalScreen
    from companion.core.consent import Item
    from companion.wiring.activities import RecordActivities
    from companion.wiring.alerts import told_contacts
    from companion.wiring.conversation import Bench, Mode
    from companion.wiring.daily import RecordAsked, RecordErrands
    from companion.wiring.measured import asking_after_readings
    from companion.wiring.people import consent_words, remember_speech
    from companion.wiring.remembering import RecordMemories
    from companion.wiring.screening_session import observer, screening_interlude
    from companion.wiring.wishes import RecordWishes

    clock, alarm = moment
    memories = RecordMemories(record, person, clock.now)
    return Bench(
        at_work=at_work,
        wish=wish,
        store=record.conversations,
        screen=TerminalScreen(listening_cue=at_terminal()),
        tell=tell,
        person=person,
        first_time=False,
        keeps=lambda: record.consents.standing(person.id, Item.CONVERSATION) is not None,
        wishes=RecordWishes(record, person, consent_words()),
        asks_consent=wish.mode is Mode.MICROPHONE or at_terminal(),
        contacts=lambda: told_contacts(record, person.id),
        alarm=alarm,
        interludes=(lambda making: screening_interlude(making, record, person),),
        pressing=(asking_after_readings(record, person, clock.now, _readings_in_trouble),),
        witnesses=(lambda making: observer(making, record, person),),
        errands=RecordErrands(record, person.id),
        asked=RecordAsked(record, person.id),
        runs=True,
        remember=partial(remember_speech, record, person),
        memories=memories,
        activities=RecordActivities(record, memories),
        clock=clock,
    )


def _alerts_in_trouble(error: StoreError) -> None:
    tell("alerts.trouble")
    tell(error.key, **error.fields)


def _readings_in_trouble(error: StoreError) -> None:
    tell(error.key, **error.fields)


def _end_kindly_on_signals(living: Life) -> None:
    """The first SIGTERM or Ctrl-C ends kindly; the second ends at once, with everything kept so far."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    asked = False

    def on_signal() -> None:
        nonlocal asked
        if asked and task is not None:
            task.cancel()
        asked = True
        living.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
