"""The interlude of activities: offered where one fits, run as long as the person likes, kept with what it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from companion.core.life import Activity, Memory, Outcome
from companion.core.turn import Feeling, Reply, ReplySource
from companion.dialogue.activities.offering import Now, fitting, of_kind
from companion.dialogue.activities.running import ActivityWords, Finished, Manner, Move, Run, run
from companion.dialogue.activities.script import Condition, Kind, Script, Slot
from companion.dialogue.memory.reader import FactReader
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Command, Exchange, Response
from companion.safety.risk import Level
from companion.session.ear import ENDED, SILENCE, Listened, Utterance
from companion.session.interlude import Floor, Moment

_LIGHT: Final = frozenset({Feeling.NEUTRAL, Feeling.JOY, Feeling.GRATITUDE})
_LULL: Final = 10
"""Letters of an utterance with which nobody is in the middle of a story."""


class ActivityStore(Protocol):
    """Activities of one person. Blocking; every method raises ``StoreError`` where the record cannot be used."""

    def keeps(self) -> bool:
        """Return whether activities may be kept."""
        ...

    def keeps_mood(self) -> bool:
        """Return whether moods may be kept: nobody is asked for a number that goes nowhere."""
        ...

    def before(self) -> Sequence[Activity]:
        """Return what was offered and done, oldest first."""
        ...

    def begin(self, activity: Activity) -> str:
        """Commit that one was offered; return its id."""
        ...

    def finish(self, activity_id: str, activity: Activity) -> None:
        """Commit what came of it."""
        ...

    def conditions(self) -> frozenset[Condition]:
        """Return what in the record speaks against activities."""
        ...

    def plan(self, memory: Memory) -> None:
        """Remember what was agreed on, to be asked about."""
        ...


@dataclass(frozen=True, slots=True)
class Repertoire:
    """What can be offered and how it is said: built once, holding nothing of a person."""

    scripts: tuple[Script, ...]
    words: ActivityWords
    reader: FactReader
    """Resolves the day on which something is to be done."""
    part_of: Callable[[int], str]
    """Returns the part of the day of an hour."""


class Doing:
    """Lives as long as a conversation.

    Args:
        store: Of the person who talks.
        repertoire: What can be offered.
        now: The wall clock; aware.
        chance: A number in [0, 1) for the choice among variants.
        offers: Whether anything is offered unasked: not where an earlier danger is still open.
    """

    def __init__(
        self,
        store: ActivityStore,
        repertoire: Repertoire,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        offers: bool = True,
    ) -> None:
        self._store = store
        self._repertoire = repertoire
        self._now = now
        self._chance = chance
        self._offers = offers
        self._script: Script | None = None
        self._asked_for = False

    @property
    def offer(self) -> Offer:
        """An activity."""
        return Offer.ACTIVITY

    def due(self, moment: Moment) -> bool:
        """Return whether an activity fits now: where nobody is in the middle of a story."""
        last = moment.state.turns[-1] if moment.state.turns else None
        if not self._offers or last is None or last.understanding is None or not _is_lull(last, moment):
            return False
        self._script = fitting(
            self._repertoire.scripts,
            self._so(last.understanding.feeling, last.understanding.topic),
            self._store.before(),
        )
        self._asked_for = False
        return self._script is not None

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks for an activity; never while there is danger in it."""
        if response.risk.level is not Level.NONE or response.command is not None:
            return False
        kind = self._kind(response, utterance)
        if kind is False or not _is_calm(response.state.turns):
            return False
        wanted = kind if isinstance(kind, Kind) else None
        self._script = of_kind(self._repertoire.scripts, wanted, self._so(), self._store.before())
        self._asked_for = wanted is not None
        return True

    def _kind(self, response: Response, utterance: Utterance) -> Kind | bool:
        """Return the kind that the person said yes to, or asks for; True for any, False for none."""
        if response.begins is not None:
            return Kind(response.begins.name)
        return self._repertoire.words.wanted(utterance.heard.text)

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Offer or begin it, and bring it to its end.

        Raises:
            StoreError: It could not be written.
        """
        script = self._script
        if script is None:
            await floor.utter(self._reply("nothing_fits"), utterance)
            return None
        return await _Held(self, floor, script, offered=not self._asked_for or script.holds_breath).run(utterance)

    def trouble(self) -> Reply:
        """Return what is said where it could not be carried out."""
        return self._reply("trouble")

    def _so(self, feeling: str = Feeling.NEUTRAL, topic: str = "") -> Now:
        now = self._now()
        return Now(now, feeling, topic, self._repertoire.part_of(now.hour), self._store.conditions())

    def _reply(self, key: str) -> Reply:
        return Reply(self._repertoire.words.one(key, self._chance()), ReplySource.FIXED, f"activity.{key}")


class _Held:
    """One activity, from its offer to what came of it."""

    def __init__(self, doing: Doing, floor: Floor, script: Script, *, offered: bool) -> None:
        self._store = doing._store  # noqa: SLF001 - a part of the same thing
        self._words = doing._repertoire.words  # noqa: SLF001
        self._reader = doing._repertoire.reader  # noqa: SLF001
        self._now, self._chance = doing._now, doing._chance  # noqa: SLF001
        self._floor = floor
        self._script = script
        self._offered = offered
        self._kept_id = ""
        self._begun = Activity(script.id, Outcome.OFFERED, self._now(), version=script.version)

    async def run(self, utterance: Utterance | None) -> Utterance | None:
        """Return what the person said that is not answered here."""
        manner = Manner(
            asks_mood=self._store.keeps_mood(),
            offered=self._offered,
            keeps=self._store.keeps(),
            chance=self._chance(),
        )
        running = run(self._script, self._words, manner)
        pending = utterance
        move = next(running)
        while True:
            listened = await self._take(move, pending)
            pending = listened if isinstance(listened, Utterance) else None
            if listened is ENDED or (pending is not None and self._comes_first(pending)):
                running.close()
                self._finish(Finished(Outcome.STOPPED))
                return pending
            finished, following = _advance(running, self._said(pending))
            if finished is not None:
                self._finish(finished)
                return pending if finished.unanswered else None
            if following is not None:
                move = following

    async def _take(self, move: Move, pending: Utterance | None) -> Listened:
        """Say one thing, and wait as long as it wants."""
        reply = Reply(move.text, ReplySource.FIXED, move.id)
        await self._floor.utter(reply, pending, committed=self._keep_offer)
        if move.asks:
            return await self._floor.listen()
        return await self._floor.rest(move.rest_seconds) if move.rest_seconds else SILENCE

    def _comes_first(self, utterance: Utterance) -> bool:
        """Whether the conversation must answer it. A bare "그만" ends the activity only."""
        asked = self._floor.command_in(utterance)
        if asked is not None and asked.command is Command.STOP and not asked.farewell:
            return False
        return self._floor.comes_first(utterance)

    def _said(self, utterance: Utterance | None) -> str | None:
        return None if utterance is None else utterance.heard.text

    def _keep_offer(self) -> None:
        """Keep with its first words that it was offered: a power cut does not lose it."""
        if not self._kept_id and self._store.keeps():
            self._begun = replace(self._begun, session_id=self._floor.session_id)
            self._kept_id = self._store.begin(self._begun)

    def _finish(self, finished: Finished) -> None:
        """Keep what came of it, and what was agreed on."""
        if not self._kept_id or not self._store.keeps():
            return
        plan = ", ".join(finished.kept[slot] for slot in Slot if slot in finished.kept)
        done = replace(
            self._begun,
            outcome=finished.outcome,
            mood_before=finished.mood_before,
            mood_after=finished.mood_after,
            plan=plan,
        )
        self._store.finish(self._kept_id, done)
        if finished.outcome is Outcome.DONE and finished.kept.get(Slot.WHEN):
            self._store.plan(self._agreed(finished, plan))

    def _agreed(self, finished: Finished, plan: str) -> Memory:
        """Return what was agreed on as a plan that is asked about; where no day was said, tomorrow."""
        now = self._now()
        days = self._reader.days(finished.kept[Slot.WHEN], now)
        due = days[0].due if days else now + timedelta(days=1)
        value = finished.picked or self._script.title
        return Memory(
            kind="plan",
            aspect="activity",
            value=value,
            fact=self._reader.written.text("plan", "activity", "", value),
            at=now,
            sentence=plan,
            turn_id=self._floor.turn_id,
            due_at=due if due > now else now + timedelta(hours=2),
        )


def _advance(running: Run, said: str | None) -> tuple[Finished | None, Move | None]:
    """Send what was said; return what came of the activity, or its next move."""
    try:
        return None, running.send(said)
    except StopIteration as stopped:
        finished: Finished = stopped.value
        return finished, None


def _is_calm(turns: Sequence[Exchange]) -> bool:
    """Whether no danger was heard in what is remembered of this conversation."""
    return all(turn.risk.level is Level.NONE for turn in turns)


def _is_lull(last: Exchange, moment: Moment) -> bool:
    """Whether the talk has slowed down, or something weighs that an activity is for: nobody is cut off in a story."""
    feeling = last.understanding.feeling if last.understanding is not None else Feeling.NEUTRAL
    return moment.silent or feeling not in _LIGHT or len(last.heard.replace(" ", "")) <= _LULL
