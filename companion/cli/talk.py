"""``companion talk``: a conversation by voice, typed, or from recordings."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.asking import ask_yes, at_terminal
from companion.cli.defects import keep_log
from companion.cli.exit_codes import ExitCode
from companion.cli.messages import explain, say
from companion.cli.output import tell
from companion.cli.secret_entry import passphrase
from companion.errors import InputError, StoreError, StoreUnreadable

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.session.conversation import Conversation, Outcome
    from companion.store.record import Record
    from companion.wiring.at_work import AtWork
    from companion.wiring.conversation import Loaded, Mode, Wish


def talk(  # noqa: PLR0913 - each is an option of the command line
    files: Annotated[
        list[Path] | None, typer.Argument(help="--audio 뒤에 녹음을 더 적습니다 (more recordings)")
    ] = None,
    *,
    text: Annotated[bool, typer.Option("--text", help="글로 이야기합니다 (typed)")] = False,
    audio: Annotated[list[Path] | None, typer.Option("--audio", help="녹음을 듣습니다 (recordings)")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="시범 대화 (demonstration)")] = False,
    save_audio: Annotated[Path | None, typer.Option("--save-audio", help="말벗의 소리를 WAV로 (save speech)")] = None,
    silent: Annotated[bool, typer.Option("--silent", help="글자로만 대답합니다 (words only)")] = False,
    profile: Annotated[str | None, typer.Option("--profile", help="프로필 (profile)")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="대화의 얼개를 적고 끝냅니다 (print the plan)")] = False,
) -> None:
    """말벗과 이야기합니다. 아무것도 고르지 않으면 마이크, 글, 시범 가운데 되는 것으로 합니다 (talk)."""
    if plan:
        _print_plan()
        return
    began = time.monotonic()
    keep_log()
    recordings = [*(audio or []), *(files or [])]
    if (text + demo + bool(recordings)) > 1 or (files and not audio):
        raise InputError("talk.modes_clash")
    with ExitStack() as stack:
        at_work, wish = _prepared(stack, recordings, text=text, demo=demo, profile=profile)
        wish = _with_output(wish, save_audio, silent=silent)
        code = _hold(at_work, wish, stack, began)
    raise typer.Exit(code)


def _print_plan() -> None:
    """Print the state machine of a session, one move a line: stage, event, stage."""
    from companion.cli.output import print_line
    from companion.dialogue.plan import moves

    for stage, event, following in moves():
        print_line(f"{stage}\t{event}\t{following}")


def _prepared(
    stack: ExitStack, recordings: Sequence[Path], *, text: bool, demo: bool, profile: str | None
) -> tuple[AtWork, Wish]:
    """Decide how the person is heard, and say it."""
    from companion.config import Settings, load_settings
    from companion.wiring.at_work import look
    from companion.wiring.conversation import Mode, Wish

    settings = load_settings()
    if profile is not None:
        settings = Settings.model_validate({**settings.model_dump(), "profile": profile})
    at_work = look(settings)
    if recordings:
        tell("talk.mode_audio", count=len(recordings))
        return at_work, Wish(Mode.AUDIO, tuple(recordings))
    if text:
        tell("talk.mode_text")
        return at_work, Wish(Mode.TEXT)
    mode = Mode.DEMO if demo else _what_is_here(at_work)
    if mode is Mode.DEMO:
        if demo:
            tell("talk.mode_demo")
        return at_work, Wish(mode, stack.enter_context(_demonstration(at_work)))
    return at_work, Wish(mode)


def _what_is_here(at_work: AtWork) -> Mode:
    """Return the best way of hearing the person here, and say why."""
    from companion.adapters.microphone_sounddevice import list_microphones
    from companion.errors import DeviceError
    from companion.wiring.conversation import Mode

    try:
        found = list_microphones()
        why = say("talk.no_microphone")
    except DeviceError as error:
        found, why = (), explain(error)
    if found:
        wanted = at_work.settings.audio.microphone
        tell("talk.mode_microphone", device=found[0].name if wanted is None else wanted)
        return Mode.MICROPHONE
    if _somebody_types():
        tell("talk.mode_text_because", why=why)
        return Mode.TEXT
    tell("talk.mode_demo_because", why=why)
    return Mode.DEMO


def _somebody_types() -> bool:
    """Return whether standard input is a terminal, or a pipe in which something already waits."""
    import select

    if sys.stdin is None or sys.stdin.closed:
        return False
    if sys.stdin.isatty():
        return True
    try:
        ready, _, _ = select.select([sys.stdin], [], [], 0.5)
        waiting = sys.stdin.buffer
        return bool(ready) and isinstance(waiting, BufferedReader) and bool(waiting.peek(1))
    except (OSError, ValueError):
        return False


@contextmanager
def _demonstration(at_work: AtWork) -> Iterator[tuple[Path, ...]]:
    """Make the older person's part of the demonstration, spoken by another voice, as recordings for a while."""
    import tempfile

    from companion.wiring.demonstration import speak_lines

    with tempfile.TemporaryDirectory(prefix="companion-") as folder:
        yield speak_lines(at_work, Path(folder))


def _with_output(wish: Wish, save_audio: Path | None, *, silent: bool) -> Wish:
    if save_audio is not None:
        tell("talk.saving", folder=save_audio)
    return replace(wish, save_to=save_audio, silent=silent)


def _hold(at_work: AtWork, wish: Wish, stack: ExitStack, began: float) -> ExitCode:
    from companion.wiring.conversation import Mode, load
    from companion.wiring.people import person_here

    if wish.mode in (Mode.MICROPHONE, Mode.TEXT):
        began += _offer_setup(at_work)
    record = _record(stack, at_work)
    person = person_here(record, at_work.settings)
    loaded = load(at_work, wish)
    _say_what_is_at_work(at_work, loaded)
    tell("talk.ready", seconds=time.monotonic() - began)
    outcome = asyncio.run(_converse(at_work, wish, loaded, (record, person)))
    return _summed_up(outcome, kept=record.conversations.is_kept(outcome.session_id))


def _record(stack: ExitStack, at_work: AtWork) -> Record:
    """Open the record; where it is damaged, offer the newest good backup first."""
    from companion.cli.restore import offer
    from companion.wiring.record import open_record

    try:
        return stack.enter_context(open_record(passphrase, at_work.settings))
    except StoreUnreadable as error:
        if not offer(error):
            raise typer.Exit(ExitCode.STORE) from None
    return stack.enter_context(open_record(passphrase, at_work.settings))


def _offer_setup(at_work: AtWork) -> float:
    """Where nobody was set up and somebody sits at the terminal, offer the setup once; return the seconds it took."""
    from companion.cli.setup import set_up_now
    from companion.wiring.record import record_place

    asked = time.monotonic()
    if at_terminal() and not record_place(at_work.settings).exists and ask_yes("setup.offer", default=True):
        set_up_now()
    return time.monotonic() - asked


def _say_what_is_at_work(at_work: AtWork, loaded: Loaded) -> None:
    voice = say("talk.words_only") if loaded.voice is None else loaded.voice.name
    driver = say("profile.driver.guarded" if at_work.generation else "profile.driver.bank")
    tell("talk.profile", profile=at_work.profile.id, reason=say(at_work.reason), driver=driver, voice=voice)
    if loaded.voice_trouble is not None:
        tell("talk.no_voice", why=explain(loaded.voice_trouble))


async def _converse(at_work: AtWork, wish: Wish, loaded: Loaded, kept: tuple[Record, Person]) -> Outcome:
    from companion.cli.screen import TerminalScreen
    from companion.core.consent import Item
    from companion.core.record import NewSession
    from companion.wiring.activities import RecordActivities
    from companion.wiring.alerts import told_contacts, watching
    from companion.wiring.clock import SystemClock
    from companion.wiring.conversation import Bench, Mode, conversation
    from companion.wiring.daily import RecordAsked, RecordErrands
    from companion.wiring.measured import asking_after_readings
    from companion.wiring.people import consent_words, remember_speech
    from companion.wiring.record import left_open
    from companion.wiring.remembering import RecordMemories
    from companion.wiring.screening_session import observer, screening_interlude
    from companion.wiring.stopping import obeying
    from companion.wiring.wishes import RecordWishes

    record, person = kept

    def keeps() -> bool:
        return record.consents.standing(person.id, Item.CONVERSATION) is not None

    if not keeps():
        tell("talk.nothing_kept")
    contacts = told_contacts(record, person.id)
    if not contacts:
        tell("doctor.no_contacts")
    # The voice of the demonstration is nobody in danger: nobody is told, and nobody is promised to be.
    shown_only = wish.mode is Mode.DEMO
    can_answer = wish.mode is Mode.MICROPHONE or (wish.mode is Mode.TEXT and at_terminal())
    memories = RecordMemories(record, person, SystemClock().now)
    bench = Bench(
        at_work=at_work,
        wish=wish,
        store=record.conversations,
        screen=TerminalScreen(listening_cue=wish.mode in (Mode.MICROPHONE, Mode.TEXT)),
        tell=tell,
        person=person,
        first_time=record.conversations.session_count(person.id) == 0,
        lately=record.conversations.lately(person.id),
        keeps=keeps,
        wishes=RecordWishes(record, person, consent_words()),
        asks_consent=can_answer,
        earlier=left_open(record, person.id),
        # Nobody is screened by the voice of the demonstration.
        interludes=() if shown_only else (lambda making: screening_interlude(making, record, person),),
        pressing=() if shown_only else (asking_after_readings(record, person, SystemClock().now, _record_in_trouble),),
        witnesses=() if shown_only else (lambda making: observer(making, record, person),),
        errands=None if shown_only else RecordErrands(record, person.id),
        asked=None if shown_only else RecordAsked(record, person.id),
        remember=(lambda _: None) if shown_only else partial(remember_speech, record, person),
        contacts=tuple if shown_only else lambda: told_contacts(record, person.id),
        memories=None if shown_only else memories,
        activities=None if shown_only else RecordActivities(record, memories),
    )
    async with (
        watching(record, _alerts_in_trouble) as alarm,
        conversation(replace(bench, alarm=alarm), loaded) as (
            talking,
            _,
        ),
        obeying(talking.stop, SystemClock().now),
    ):
        _end_kindly_on_signals(talking)
        return await talking.run(
            NewSession(
                person_id=person.id,
                started_at=SystemClock().now(),
                mode=wish.mode,
                profile=at_work.profile.id,
                reply_driver="model" if at_work.generation else "bank",
            )
        )


def _alerts_in_trouble(error: StoreError) -> None:
    tell("alerts.trouble")
    tell(error.key, **error.fields)


def _record_in_trouble(error: StoreError) -> None:
    tell(error.key, **error.fields)


def _end_kindly_on_signals(talking: Conversation) -> None:
    """The first Ctrl-C or SIGTERM says goodbye; the second ends at once, with everything kept so far."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    asked = False

    def on_signal() -> None:
        nonlocal asked
        if asked and task is not None:
            task.cancel()
        asked = True
        talking.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)


def _summed_up(outcome: Outcome, *, kept: bool) -> ExitCode:
    from companion.session.conversation import Ending

    minutes, seconds = divmod(round(outcome.seconds), 60)
    length = say("talk.minutes", minutes=minutes, seconds=seconds)
    if kept and outcome.session_id is not None:
        tell("talk.summary", turns=outcome.turns, minutes=length, id=outcome.session_id[-8:])
    else:
        tell("talk.summary_unkept", turns=outcome.turns, minutes=length)
    if outcome.unwritten:
        tell("talk.summary_unwritten", unwritten=outcome.unwritten)
        return ExitCode.STORE
    return ExitCode.DEVICE if outcome.ended_by is Ending.DEVICE else ExitCode.OK
