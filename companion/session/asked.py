"""Takes down what the person wants to be told at some time, tells what is taken down, and drops it when they say so.

It is said back with the time as it was understood and kept only after a yes. Who asked is told so at that time, by
``companion run``; where only a conversation is held, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from companion.core.life import Reminder
from companion.core.turn import Reply
from companion.dialogue.consenting import Reaction
from companion.dialogue.daily.answers import OfferAnswers
from companion.dialogue.daily.asked_words import Asked, AskedWords, is_daily, next_of, schedule_of
from companion.dialogue.daily.asking import AskingFinder, Wished
from companion.dialogue.daily.hours import When
from companion.dialogue.daily.rules import Kind
from companion.dialogue.knowing import ASKED_CALENDAR
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import StoreError
from companion.safety.risk import Level
from companion.session.ear import SILENCE, Utterance
from companion.session.interlude import Floor, Moment, Permission

_MOST_TRIES: Final = 5
"""How often it is said back at most, while the hour is put right."""
_ASKED_OTHERWISE: Final = frozenset({ASKED_CALENDAR, "question.say_something"})
"""Questions that sound like a wish to be told: 오늘이 며칠인지 말해 줘, 너도 뭔 말을 좀 해 봐라."""
_HINTED: Final = "other.gist.ask_remind"
"""Beginning of the ids of what is said to somebody who wants to be told something, but says too little of it."""
_OPEN_TURNS: Final = 3
"""Turns in which what was missing may follow."""


class AskedStore(Protocol):
    """What one person asked to be told. What is written is on the disk on return."""

    def may_keep(self) -> bool:
        """Return whether it may be written down now.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def keep(self, reminder: Reminder) -> str:
        """Commit it and return its id.

        Raises:
            StoreError: It could not be written.
        """
        ...

    def all(self) -> Sequence[Reminder]:
        """Return all that was asked for and not dropped, also what is over.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def drop(self, reminder_id: str) -> None:
        """Remove it for good.

        Raises:
            StoreError: It could not be written.
        """
        ...


class AskedToTell:
    """The interlude; lives as long as a conversation.

    Args:
        store: The record.
        finder: Tells what is asked from what only sounds like it.
        words: How it is said.
        answers: Tells a yes from a no.
        permission: Asked for where nothing may be written down yet.
        now: The wall clock; aware, in the person's zone.
        address: Who asked, as the reminder says who set it.
        runs: Whether this conversation is part of a device that says it at its time.
    """

    def __init__(  # noqa: PLR0913 - each is something that it needs of the outside
        self,
        store: AskedStore,
        finder: AskingFinder,
        words: AskedWords,
        *,
        answers: OfferAnswers,
        permission: Permission,
        now: Callable[[], datetime],
        address: str,
        runs: bool,
    ) -> None:
        self._store = store
        self._finder = finder
        self._words = words
        self._answers = answers
        self._permission = permission
        self._now = now
        self._address = address
        self._runs = runs
        self._last = ""
        """Id of what was spoken of last."""
        self._kept: Wished | None = None
        """What was written down last in this conversation."""
        self._open = 0
        """Turns in which the rest of a wish may still be said."""
        self._begun = Wished(When(None), "")
        """What was said of it so far."""

    @property
    def offer(self) -> Offer:
        """A reminder; it is never begun unasked here."""
        return Offer.REMINDER

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - it comes from the person
        """Return False: the person asks for it."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks to be told something, what is kept, or that it be dropped."""
        if response.risk.level is not Level.NONE or response.command is not None or utterance.heard.ask_again:
            return False
        if response.understanding is not None and response.understanding.situation in _ASKED_OTHERWISE:
            return False
        text, wished = utterance.heard.text, self._finder.find(utterance.heard.text, self._now())
        if wished is not None and response.understanding is not None:
            wished = wished if self._finder.is_meant(wished, response.understanding.noticed.wants) else None
        if wished is not None or self._finder.lists(text) or self._puts_right(text):
            self._open = 0
            return True
        if self._is_begun(response, text) or self._asked_about(text):
            return True
        return self._finder.cancels(text, just_spoken_of=bool(self._last)) and bool(self._pending())

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Take it down, tell what is taken down, or drop it.

        Raises:
            StoreError: It could not be read or written.
        """
        if utterance is None:
            return None
        text, now = utterance.heard.text, self._now()
        if (changed := self._puts_right(text)) is not None:
            return await self._take(floor, utterance, changed, instead_of=self._last)
        wished = self._finder.find(text, now)
        if wished is None and self._open:
            return await self._complete(floor, utterance)
        if wished is not None:
            return await self._taken_down(floor, utterance, wished)
        if self._finder.lists(text) or self._asked_about(text):
            pending = self._asked_about(text) or self._pending()
            self._last = pending[0][1].id if len(pending) == 1 else ""
            await floor.utter(self._words.listed(pending, now), utterance)
            return None
        return await self._drop(floor, utterance)

    def trouble(self) -> Reply:
        """Return what is said where it could not be written down."""
        return self._words.say(Asked.TROUBLE)

    def answers(self, text: str) -> bool:
        """Return whether something is still to be said of which a question asks when it is."""
        try:
            return bool(self._asked_about(text))
        except StoreError:
            return False

    def told(self, text: str) -> str:
        """Return what is still to be said, as one sentence: what a question names a word of, else all of it.

        Raises:
            StoreError: It cannot be read.
        """
        pending = self._pending()
        said = self._finder.words_of(text)
        named = [one for one in pending if any(word in str(one[1].schedule.get("what", "")) for word in said)]
        meant = named or pending
        self._last = meant[0][1].id if len(meant) == 1 else ""
        return self._words.listed(meant, self._now()).text if meant else ""

    # ---- taking down -----------------------------------------------------------------------------------------------

    def _is_begun(self, response: Response, text: str) -> bool:
        """Whether some of a wish was said, now or just before, and this adds to it: 약 먹을 거. 여섯 시."""
        hinted = response.reply.id.startswith(_HINTED)
        if hinted:
            self._open, self._begun = _OPEN_TURNS, Wished(When(None), "")
        elif self._open:
            self._open -= 1
        if not self._open or self._finder.is_no_wish(text):
            return False
        when, what = self._finder.hours.find(text, self._now()), self._finder.thing(text)
        self._begun = Wished(when or self._begun.when, what or self._begun.what)
        return when is not None or bool(what)

    async def _taken_down(self, floor: Floor, utterance: Utterance, wished: Wished) -> Utterance | None:
        """Take a wish down where that is allowed; what it is about is asked for where nothing names it."""
        if self._finder.is_bare(wished.what):
            self._begun = wished
            return await self._complete(floor, utterance)
        allowed, heard = await self._allowed(floor, utterance)
        return await self._take(floor, heard, wished) if allowed else heard

    async def _allowed(self, floor: Floor, utterance: Utterance) -> tuple[bool, Utterance | None]:
        if self._store.may_keep():
            return True, utterance
        return await self._permission.permitted(floor, utterance, self._words.say(Asked.NOT_KEPT))

    async def _complete(self, floor: Floor, utterance: Utterance) -> Utterance | None:
        """Ask what is missing of a wish, and take it down."""
        wished, self._open = self._begun, 0
        allowed, asked = await self._allowed(floor, utterance)
        if not allowed:
            return asked
        if wished.what and not self._finder.is_bare(wished.what):
            return await self._take(floor, asked, wished)
        await floor.utter(self._words.say(Asked.WHAT), asked)
        heard = await floor.hear()
        if heard is None or floor.comes_first(heard):
            return heard
        text = heard.heard.text
        when, what = self._finder.hours.find(self._finder.hours.put_right(text), self._now()), self._finder.named(text)
        if when is not None and not what:
            self._open, self._begun = _OPEN_TURNS, Wished(when, "")
            return heard
        return await self._take(floor, heard, Wished(when or wished.when, what)) if what else heard

    def _puts_right(self, text: str) -> Wished | None:
        """Return what was written down last at the time that is meant instead: 아니, 여덟 시로 바꿔 주세요."""
        if not self._last or self._kept is None or not self._finder.hours.puts_right(text):
            return None
        return self._changed(self._kept, text)

    async def _take(
        self, floor: Floor, utterance: Utterance | None, wished: Wished, *, instead_of: str = ""
    ) -> Utterance | None:
        """Ask for the time where it is missing or over, say it back, and keep it after a yes."""
        for _ in range(_MOST_TRIES):
            await floor.utter(self._question(wished), utterance)
            listened = await floor.listen()
            if listened is SILENCE:
                utterance = None
                continue
            if not isinstance(listened, Utterance) or floor.comes_first(listened):
                return listened if isinstance(listened, Utterance) else None
            utterance = listened
            answered = self._answers.read(utterance.heard.text)
            reaction = answered.reaction
            changed = self._changed(wished, utterance.heard.text)
            # Also behind a yes: 네, 그래 주세요. 아, 열한 시로 해 줘요.
            puts_right = reaction is not Reaction.YES or self._finder.hours.puts_right(utterance.heard.text)
            if changed is not None and puts_right and (reaction is not Reaction.YES or changed.when != wished.when):
                wished = changed
            elif reaction is Reaction.YES and wished.when.at is not None:
                await self._keep(floor, utterance, self._finder.with_more(wished, utterance.heard.text))
                if instead_of:
                    self._store.drop(instead_of)
                return utterance.going_on(answered.rest)
            elif reaction is Reaction.NO:
                await floor.utter(self._words.say(Asked.LEFT), utterance)
                return utterance.going_on(answered.rest)
            elif reaction is not Reaction.AGAIN:
                return utterance
        return utterance

    def _question(self, wished: Wished) -> Reply:
        at = wished.when.at
        if at is None:
            return self._words.say(Asked.PAST if wished.when.past else Asked.WHICH_TIME)
        return self._words.say(Asked.CONFIRM, when=self._when(wished, at), what=wished.what)

    def _when(self, wished: Wished, at: datetime) -> str:
        return self._words.when(at, self._now(), daily=wished.when.daily)

    def _changed(self, wished: Wished, text: str) -> Wished | None:
        """Return it at the time that an answer names: 아니 일곱 시에; on the day and the half of it named before."""
        hours, said = self._finder.hours, self._finder.hours.put_right(text)
        when = hours.find(said, self._now(), wished.when.day)
        if when is None:
            return None
        when = hours.on_the_half_of(wished.when.at, when, said)
        return replace(wished, when=replace(when, daily=when.daily or wished.when.daily))

    async def _keep(self, floor: Floor, utterance: Utterance, wished: Wished) -> None:
        at, now = wished.when.at, self._now()
        if at is None:
            return
        said = self._words.due(at, wished.what, daily=wished.when.daily)
        schedule = schedule_of(at, wished.what, daily=wished.when.daily)
        self._kept = wished
        self._last = self._store.keep(Reminder(Kind.ASKED, said, self._address, now, schedule))
        key = Asked.KEPT_RUNNING if self._runs else Asked.KEPT_TALKING
        await floor.utter(self._words.say(key, when=self._when(wished, at)), utterance)

    # ---- dropping --------------------------------------------------------------------------------------------------

    async def _drop(self, floor: Floor, utterance: Utterance) -> Utterance | None:
        """Drop what is meant: what was just spoken of, the only one, or the one of the hour that is named."""
        pending, heard = self._pending(), utterance
        for last_try in (False, True):
            meant = self._meant(pending, heard.heard.text)
            if meant is not None:
                at, reminder = meant
                self._store.drop(reminder.id)
                self._last = ""
                when = self._words.when(at, self._now(), daily=is_daily(reminder))
                await floor.utter(self._words.say(Asked.CANCELLED, when=when), heard)
                return None
            if last_try:
                return heard
            await floor.utter(self._words.listed(pending, self._now(), Asked.WHICH_ONE), heard)
            answer = await floor.hear()
            if answer is None or floor.comes_first(answer):
                return answer
            heard = answer
        return None

    def _meant(self, pending: Sequence[tuple[datetime, Reminder]], text: str) -> tuple[datetime, Reminder] | None:
        named = self._finder.hours.find(text, self._now())
        if named is not None and named.at is not None:
            at = named.at
            return next(
                (one for one in pending if (one[0].hour - at.hour) % 12 == 0 and one[0].minute == at.minute), None
            )
        if len(pending) == 1:
            return pending[0]
        return next((one for one in pending if one[1].id == self._last), None)

    def _asked_about(self, text: str) -> list[tuple[datetime, Reminder]]:
        """Return what is still to be said of which a question asks when: 내 보건소 몇 시에 간다 캤노."""
        words = self._finder.asks_when(text)
        return [one for one in self._pending() if any(word in one[1].words for word in words)] if words else []

    def _pending(self) -> list[tuple[datetime, Reminder]]:
        """Return what is still to be said with its next time, the next first."""
        now = self._now()
        found = ((next_of(one, now), one) for one in self._store.all())
        return sorted(((at, one) for at, one in found if at is not None), key=lambda pair: pair[0])
