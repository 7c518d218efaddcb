"""Puts a whole conversation together for ``companion talk``, and loads what it needs at the same time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from companion.core.record import Lately
from companion.errors import CompanionError
from companion.wiring import hearing, language, speaking
from companion.wiring.at_work import AtWork
from companion.wiring.clock import SystemClock
from companion.wiring.interludes import begun, interludes, outward
from companion.wiring.kept import danger_replies, kept_replies, known_sentences
from companion.wiring.reminders import zone_of

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.core.person import Person
    from companion.dialogue.flow import Dialogue, Setting
    from companion.ports import Clock, LanguageModel, Recognizer, Store, Voice
    from companion.safety.alerts import Contact
    from companion.safety.protocol_state import Earlier
    from companion.session.answering import Answerer, SituationFinder
    from companion.session.asked import AskedStore
    from companion.session.consenting import Wishes
    from companion.session.conversation import Conversation, Screen, Witness
    from companion.session.ear import Ear
    from companion.session.errands import ErrandStore
    from companion.session.interlude import Interlude
    from companion.session.speaking import Mouth
    from companion.wiring.activities import RecordActivities
    from companion.wiring.remembering import RecordMemories


class Mode(StrEnum):
    """How the person is heard."""

    MICROPHONE = "microphone"
    TEXT = "text"
    AUDIO = "audio"
    DEMO = "demo"

    @property
    def is_heard(self) -> bool:
        """Whether a recogniser is needed."""
        return self is not Mode.TEXT


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    mode: Mode
    files: tuple[Path, ...] = ()
    save_to: Path | None = None
    silent: bool = False
    """Words only: no voice."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, some of it from disk for seconds."""

    analyser: Analyser
    dialogue: Dialogue
    voice: Voice | None
    voice_trouble: CompanionError | None
    recognizer: Recognizer | None
    situations: SituationFinder | None
    language: LanguageModel | None


class Narrator(Protocol):
    """Tells an operator something by its key."""

    def __call__(self, key: str, **fields: object) -> None:
        """Tell it."""
        ...


def load(at_work: AtWork, wish: Wish) -> Loaded:
    """Load everything that ``wish`` needs, the slow things side by side.

    Raises:
        ArtifactError: The recogniser's files are missing or damaged. A voice that cannot be had is no error.
        InputError: A recording is missing, empty or none.
        PromptError: The shipped data is broken.
    """
    hearing.check_recordings(wish.files)
    with ThreadPoolExecutor(max_workers=3, thread_name_prefix="loading") as threads:
        recognizing = threads.submit(hearing.recognizer, at_work) if wish.mode.is_heard else None
        words = language.analyser()
        voicing = None if wish.silent else threads.submit(_voice, at_work, words)
        talking = language.dialogue(words)
        finding = threads.submit(language.situations, talking)
        writing = threads.submit(language.language_model, at_work) if at_work.generation else None
        voice, trouble = voicing.result() if voicing else (None, None)
        return Loaded(
            analyser=words,
            dialogue=talking,
            voice=voice,
            voice_trouble=trouble,
            recognizer=recognizing.result() if recognizing else None,
            situations=finding.result(),
            language=writing.result() if writing else None,
        )


def _voice(at_work: AtWork, words: Analyser) -> tuple[Voice | None, CompanionError | None]:
    try:
        return speaking.make_voice(at_work, speaking.voice_name(at_work), speaking.pronunciation(words)), None
    except CompanionError as error:
        return None, error


def chance() -> float:
    """Return a number in [0, 1)."""
    return secrets.randbelow(2**30) / 2**30


@dataclass(frozen=True, slots=True)
class Bench:
    """What a conversation is put together from, besides what was loaded."""

    at_work: AtWork
    wish: Wish
    store: Store
    screen: Screen
    tell: Narrator
    person: Person
    first_time: bool
    keeps: Callable[[], bool]
    """Whether the person agrees, now, that the conversation is kept."""
    wishes: Wishes
    """What the person agreed to, and what they take back aloud."""
    lately: Lately = field(default_factory=Lately)
    """What the sessions before leave for this one."""
    asks_consent: bool = False
    """Whether somebody is there who can answer a question of consent."""
    earlier: Earlier | None = None
    """A danger of the session before: the conversation opens with it."""
    contacts: Callable[[], Sequence[Contact]] = tuple
    """Who would really be told of a danger, now."""
    alarm: Callable[[], None] = lambda: None
    """Called when an alert was committed."""
    interludes: tuple[Callable[[Making], Interlude], ...] = ()
    """Make what else may be begun inside the conversation, the more urgent first."""
    pressing: tuple[Interlude, ...] = ()
    """What is begun before all else: a danger that a device measured."""
    witnesses: tuple[Callable[[Making], Witness], ...] = ()
    """Make who is told of each turn."""
    errands: ErrandStore | None = None
    """What the person asks of people; None where nobody could see to it."""
    asked: AskedStore | None = None
    """What the person asks to be told at some time; None where nobody is there who could be told."""
    runs: bool = False
    """Whether the device lives on after the conversation, and says by itself what is due."""
    greeting: str = ""
    """What the conversation is opened with where it was not begun by ``companion talk``."""
    clock: Clock = field(default_factory=SystemClock)
    memories: RecordMemories | None = None
    """What is remembered of the person; None where nobody is there who could be remembered."""
    activities: RecordActivities | None = None
    """What was done with the person; None where nothing is to be offered."""
    remember: Callable[[Mapping[str, object]], None] = lambda _: None
    """Keeps how the person wants to be spoken to.

    Raises:
        CompanionError: It cannot be kept.
    """
    ear: Ear | None = None
    """What is listened with; None for that of the wish."""
    chance: Callable[[], float] = chance
    """Returns a number in [0, 1)."""
    begins_unasked: bool = True
    """Whether anything is begun that the person did not ask for."""


@dataclass(frozen=True, slots=True)
class Making:
    """What an interlude or a witness is made with, inside the running event loop."""

    loaded: Loaded
    answerer: Answerer
    attend: Callable[[bool], None]
    """Tells the ear that a screening question is being answered."""
    trouble: Callable[[CompanionError], None]
    mode: str
    somebody_answers: bool
    """Whether somebody is there who can answer a question."""


@dataclass(frozen=True, slots=True)
class Senses:
    """An ear and a mouth that outlive a conversation."""

    ear: Ear
    mouth: Mouth


def make_room() -> Callable[[], bool]:
    """Hold room back beside the record and return what gives it up."""
    from companion.config import home_folder
    from companion.store.reserve import Reserve

    reserve = Reserve(home_folder() / "reserve")
    reserve.take()
    return reserve.release


@asynccontextmanager
async def conversation(
    bench: Bench, loaded: Loaded, senses: Senses | None = None
) -> AsyncIterator[tuple[Conversation, Mouth]]:
    """Put the conversation together inside the running event loop, and let every device go at the end.

    Args:
        bench: What it is put together from.
        loaded: What was loaded.
        senses: Ear and mouth, ready, where they are used before and after it too.

    Raises:
        InputError: A recording cannot be used.
    """
    from companion.session.answering import Answerer
    from companion.session.conversation import Conversation, Parts
    from companion.session.keeping import Keeper
    from companion.session.listening import VoiceEar

    clock = bench.clock
    ear = make_ear(bench, loaded, clock) if senses is None else senses.ear
    mouth = make_mouth(bench, loaded, clock) if senses is None else senses.mouth

    def trouble(error: CompanionError) -> None:
        bench.tell(error.key, **error.fields)

    between = interludes(bench, loaded, now=clock.now, chance=bench.chance, on_trouble=trouble)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="understanding") as thread:
        answerer = Answerer(language=loaded.language, situations=loaded.situations, thread=thread)
        making = Making(
            loaded=loaded,
            answerer=answerer,
            attend=ear.expect_screening_answer if isinstance(ear, VoiceEar) else lambda _question: None,
            trouble=trouble,
            mode=bench.wish.mode,
            somebody_answers=bench.asks_consent,
        )
        parts = Parts(
            ear=ear,
            mouth=mouth,
            dialogue=loaded.dialogue,
            answerer=answerer,
            keeper=Keeper(bench.store, on_trouble=trouble, on_kept=between.on_kept, make_room=make_room()),
            screen=bench.screen,
            clock=clock,
            chance=bench.chance,
            setting=lambda: setting_now(bench, loaded.dialogue, clock),
            interludes=begun(
                bench,
                *outward(bench, *between.recalled),
                *between.first,
                *(make(making) for make in bench.interludes),
                *between.last,
            ),
            pressing=bench.pressing,
            witnesses=tuple(make(making) for make in bench.witnesses),
            openers=speaking.openers(),
            alarm=bench.alarm,
        )
        try:
            async with preparing_the_rest(ear, mouth, wanted=senses is None and await ready_for_danger(bench, mouth)):
                yield Conversation(parts, patience=patience(bench)), mouth
        finally:
            if senses is None:
                await ear.close()
                await mouth.close()


def setting_now(bench: Bench, dialogue: Dialogue, clock: Clock) -> Setting:
    """Return what is so at this moment: consents and contacts may have changed since the last turn."""
    now, last = clock.now().astimezone(zone_of(bench.person)), bench.lately.last_at
    setting = dialogue.setting(
        now,
        address=bench.memories.person.address if bench.memories is not None else bench.person.address,
        first_time=bench.first_time and bench.earlier is None,
        generation=bench.at_work.generation,
        keeps=bench.keeps(),
        earlier=bench.earlier,
        said_lately=bench.lately.said,
        days_since=None if last is None else (now.date() - last.astimezone(now.tzinfo).date()).days,
    )
    does = bench.begins_unasked and None not in (bench.activities, bench.memories)
    born = "" if bench.memories is None else bench.memories.birthday()
    told = tuple(bench.contacts())
    return replace(setting, contacts=told, greeting=bench.greeting, activities=does, birthday=born)


def patience(bench: Bench) -> float:
    """Return seconds of silence before something is said; somebody who types is given longer."""
    seconds = bench.at_work.settings.silence.prompt_after_seconds
    return seconds * 15 if bench.wish.mode is Mode.TEXT else seconds


def make_ear(bench: Bench, loaded: Loaded, clock: Clock) -> Ear:
    """Return what the session listens with.

    Raises:
        InputError: A recording cannot be used.
    """
    if bench.ear is not None:
        return bench.ear
    if bench.wish.mode is Mode.TEXT or loaded.recognizer is None:
        import sys

        from companion.session.keyboard import KeyboardEar

        return KeyboardEar(sys.stdin, now=clock.monotonic)
    if bench.wish.mode is Mode.MICROPHONE:
        return hearing.microphone_ear(bench.at_work, loaded.recognizer, clock=clock, notices=bench.tell)
    return hearing.recorded_ear(bench.at_work, bench.wish.files, loaded.recognizer, clock=clock, notices=bench.tell)


def make_mouth(bench: Bench, loaded: Loaded, clock: Clock) -> Mouth:
    """Return what the session speaks with."""

    def notice(key: str, fields: dict[str, object]) -> None:
        bench.tell(key, **fields)

    def remember(speech: Mapping[str, object]) -> None:
        try:
            bench.remember(speech)
        except CompanionError as error:  # it speaks as asked all the same, until the session ends
            bench.tell(error.key, **error.fields)

    telling = speaking.Telling(
        trouble=lambda error: bench.tell(error.key, **error.fields),
        back=lambda: bench.tell("talk.speaker_back"),
        notice=notice,
    )
    making = speaking.Making(
        voice=loaded.voice,
        analyser=loaded.analyser,
        known="" if loaded.voice is None else known_sentences(),
        save_to=bench.wish.save_to,
        address=bench.person.address,
        remembered=bench.person.speech,
        remember=remember,
    )
    return speaking.mouth(bench.at_work, making, clock=clock, telling=telling)


@asynccontextmanager
async def preparing_the_rest(ear: Ear, mouth: Mouth, *, wanted: bool) -> AsyncIterator[None]:
    """While the conversation lasts, make the other fixed sentences ahead whenever nobody speaks."""
    if not wanted:
        yield
        return
    preparing = asyncio.create_task(mouth.prepare(kept_replies(), busy=lambda: ear.busy))
    try:
        yield
    finally:
        preparing.cancel()
        with suppress(asyncio.CancelledError):
            await preparing


async def ready_for_danger(bench: Bench, mouth: Mouth) -> bool:
    """Where somebody will hear it, have the sentences of danger ready before the first word is listened to.

    Returns:
        Whether somebody will hear it.
    """
    if bench.wish.save_to is not None or not await mouth.open():
        return False
    told = False

    def progress(done: int, of: int) -> None:
        nonlocal told
        if not told and done < of:
            told = True
            bench.tell("talk.preparing", count=of)

    await mouth.prepare(danger_replies(), progress=progress)
    return True
