"""The interlude of memory: 말벗 comes back to something, tells what it knows, forgets, and is corrected.

It comes back to one thing when a conversation begins and to one or two more when the person speaks of somebody: never
over a question that is still open, never into sadness. A short answer is answered here; more than that is the person's
turn, and is answered as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from companion.core.life import Memory
from companion.core.turn import Reply
from companion.dialogue.knowing import ASKED_CALENDAR
from companion.dialogue.memory.asking import Wanted, Wish
from companion.dialogue.memory.recall import Recall, about, for_opening
from companion.dialogue.memory.words import Reaction
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import NotAllowed
from companion.safety.risk import Level
from companion.session.ear import Utterance
from companion.session.interlude import Floor, Moment
from companion.session.knowing import Knowing
from companion.session.learning import Learning, MemoryStore
from companion.session.recounting import Recounting

_OPENING_TURNS: Final = 5
"""After so many turns nothing is opened with any more."""
_GREETING: Final = 8
"""Characters of what may come before an answer."""
_MOST_FOLLOWED: Final = 2
_BETWEEN: Final = 4
"""Turns between two recalls of one conversation."""


class Remembering:
    """Lives as long as a conversation.

    Args:
        store: Of the person who talks.
        learning: Of the same conversation.
        knowing: How it is read and said.
        now: The wall clock; aware.
        chance: A number in [0, 1) for the choice among variants.
        speaks_first: Whether 말벗 comes back to things unasked.
    """

    def __init__(
        self,
        store: MemoryStore,
        learning: Learning,
        knowing: Knowing,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        speaks_first: bool = True,
    ) -> None:
        self._store = store
        self._learning = learning
        self._corrections = knowing.corrections
        self._wishes, self._words, self._told = knowing.wishes, knowing.words, knowing.told
        self._recounting = Recounting(store, knowing, now=now)
        self._now = now
        self._chance = chance
        self._speaks_first = speaks_first
        self._before = {one.id for one in store.all()} if speaks_first else set()
        self._opened = False
        self._followed = 0
        self._last_turn = 0
        self._said: set[str] = set()
        self._used: frozenset[str] = frozenset()
        self._next: Recall | None = None
        self._waiting: Recall | None = None
        """What was asked about and not answered yet, because something short came first."""
        self._answered: Recall | None = None
        self._wish: Wanted | None = None
        self._corrected: tuple[Memory, Memory] | None = None

    @property
    def offer(self) -> Offer:
        """Something remembered."""
        return Offer.FOLLOW_UP

    def due(self, moment: Moment) -> bool:
        """Return whether to come back to something now."""
        if not self._speaks_first or not self._before:
            return False
        if not self._opened:
            self._next = self._for_opening(moment)
            self._opened = self._opened or moment.turns >= _OPENING_TURNS or self._next is None
            return self._next is not None
        if self._followed >= _MOST_FOLLOWED or moment.turns - self._last_turn < _BETWEEN:
            return False
        self._next = self._for_somebody(moment)
        return self._next is not None

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks something of the memory, or corrects it."""
        if response.risk.level is not Level.NONE or response.command is not None:
            return False
        text, now = utterance.heard.text, self._now()
        self._answered, self._waiting = self._waiting, None
        if self._answered is not None and self._words.reaction(text, self._answered) is not Reaction.ELSE:
            return True
        self._answered = None
        if response.understanding is not None and response.understanding.situation == ASKED_CALENDAR:
            return False
        self._wish = self._wishes.find(text)
        self._corrected = None if self._wish else self._correction(text, now)
        return bool(self._wish or self._corrected)

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Come back to something, or carry out what the person asked.

        Raises:
            StoreError: It could not be written.
        """
        if utterance is None:
            return await self._come_back(floor)
        if self._answered is not None:
            await self._react(floor, utterance, self._answered)
            return None
        wanted = self._wish
        if wanted is not None and wanted.wish is Wish.KEEP:
            key = "wish.remembered" if self._store.keeps() else "wish.remembered_now"
            await floor.utter(self._words.fixed(key), utterance)
            return None  # what was said with it is learnt like any other turn
        self._learning.answered_for(utterance.heard.text)
        if wanted is not None:
            return await self._grant(floor, utterance, wanted)
        if self._corrected is not None:
            await self._correct(floor, utterance, *self._corrected)
        return None

    def trouble(self) -> Reply:
        """Return what is said where nothing could be written."""
        return self._words.fixed("wish.trouble")

    # ---- coming back -----------------------------------------------------------------------------------------------

    def _for_opening(self, moment: Moment) -> Recall | None:
        earlier = [one for one in self._store.all() if one.id in self._before]
        return for_opening(earlier, moment.at, self._store.refused())

    def _for_somebody(self, moment: Moment) -> Recall | None:
        heard = moment.state.turns[-1].heard if moment.state.turns else ""
        earlier = [one for one in self._store.all() if one.id in self._before]
        for named in dict.fromkeys(one.about for one in earlier if one.about and one.about in heard):
            found = about(earlier, named, moment.at, self._said)
            if found is not None:
                self._followed += 1
                return found
        return None

    async def _come_back(self, floor: Floor) -> Utterance | None:
        recall = self._next
        if recall is None:
            return None
        self._opened = True
        memory, known = recall.memory, self._store.all()
        reply = self._words.recall(recall, known, used=self._used, chance=self._chance())
        self._used |= {reply.id}
        self._said.add(memory.id)
        self._learning.bring_up(memory)
        await floor.utter(reply, committed=lambda: self._store.asked_after(memory.id, self._now()))
        if "?" not in reply.text:
            return None
        answer = await floor.hear()
        if answer is None or self._comes_first(floor, answer, recall):
            return answer
        if self._words.reaction(answer.heard.text, recall) is Reaction.ELSE:
            # A greeting given back comes before the answer.
            self._waiting = recall if len(answer.heard.text) <= _GREETING else None
            return answer
        await self._react(floor, answer, recall)
        return None

    def _comes_first(self, floor: Floor, answer: Utterance, recall: Recall) -> bool:
        """Whether the conversation must answer it: "잘 지내" is a goodbye, but not to "요즘 어떻게 지내세요?"."""
        asked = floor.command_in(answer)
        is_farewell = asked is not None and asked.farewell and floor.risk_of(answer).level is Level.NONE
        if is_farewell and self._words.reaction(answer.heard.text, recall) is not Reaction.ELSE:
            return False
        return floor.comes_first(answer)

    async def _react(self, floor: Floor, answer: Utterance, recall: Recall) -> None:
        key = self._words.follow(recall, self._words.reaction(answer.heard.text, recall))
        await floor.utter(self._words.answered(key, used=self._used, chance=self._chance()), answer)

    # ---- wishes ----------------------------------------------------------------------------------------------------

    def _correction(self, text: str, now: datetime) -> tuple[Memory, Memory] | None:
        if not self._store.keeps():
            return None
        for last in reversed(self._learning.recent):
            made = self._corrections.find(text, last, now)
            if made is not None:
                return last, made
        for last in self._store.all():
            made = self._corrections.find(text, last, now, named=True)
            if made is not None:
                return last, made
        return None

    async def _correct(self, floor: Floor, utterance: Utterance, last: Memory, made: Memory) -> None:
        known = self._store.all()
        fact = self._words.fact(made, known, self._now())

        def write() -> None:
            new_id = self._store.correct(last.id, replace(made, turn_id=floor.turn_id))
            self._learning.drop([last.id])
            self._learning.bring_up(next((one for one in self._store.all() if one.id == new_id), made))

        await floor.utter(self._words.fixed("wish.corrected", fact=fact), utterance, committed=write)

    async def _grant(self, floor: Floor, utterance: Utterance, wanted: Wanted) -> Utterance | None:
        if not self._store.keeps():
            await self._unkept(floor, utterance, wanted)
            return None
        if wanted.wish in {Wish.KIND_OFF, Wish.KIND_ON}:
            return await self._choose(floor, utterance, wanted)
        if wanted.wish is Wish.KNOW:
            return await self._recounting.tell(floor, utterance)
        if wanted.wish is Wish.FORGET:
            return await self._forget(floor, utterance, wanted)
        ids = [one.id for one in self._store.all()]
        return await self._forget_asked(floor, utterance, self._words.fixed("wish.forget_all_ask"), ids)

    async def _unkept(self, floor: Floor, utterance: Utterance, wanted: Wanted) -> None:
        """Say that nothing is kept; whoever wants something forgotten does not hear it again in this talk either."""
        asks = wanted.wish is Wish.KNOW
        if not asks:
            self._learning.heard.clear()
        await floor.utter(self._forgetting("telling.unkept" if asks else "wish.unkept", wanted), utterance)

    async def _forget(self, floor: Floor, utterance: Utterance, wanted: Wanted) -> Utterance | None:
        known, told = self._store.all(), self._meant(utterance.heard.text) if wanted.told else []
        if self._wishes.is_about_the_last(wanted) or (not told and self._wishes.is_of_just_now(wanted)):
            await self._forget_that(floor, utterance, wanted)
        elif told:
            self._forget_turns(told)
            await self._erase(floor, utterance, self._forgetting("wish.forgotten_told", wanted), [], named=True)
        elif meant := self._wishes.meant(wanted, known):
            what = self._words.what(meant[0], known)
            reply = self._forgetting("wish.forgotten", wanted, what=what)
            await self._erase(floor, utterance, reply, [one.id for one in meant], named=True)
        else:
            await floor.utter(self._forgetting("wish.forget_nothing", wanted), utterance)
        return None

    def _meant(self, wish: str) -> list[str]:
        """Return the turns of this conversation that a wish to forget speaks of."""
        told = self._learning.told
        return [told[at][0] for at in self._told.meant(wish, [text for _, text in told])]

    def _forget_turns(self, turn_ids: Sequence[str]) -> None:
        """Remove the words of turns, and the facts that were read from them."""
        before = {one.id for one in self._store.all()}
        for turn_id in turn_ids:
            self._store.forget_words(turn_id)
        self._learning.leave(turn_ids)
        self._learning.drop(sorted(before - {one.id for one in self._store.all()}))

    async def _forget_that(self, floor: Floor, utterance: Utterance, wanted: Wanted) -> None:
        """Remove what was just spoken of, and the words of the last turn, whether or not a fact was read from them."""
        meant, turn_id = [one.id for one in self._learning.spoken_of()], floor.turn_id
        if turn_id is not None:
            self._forget_turns([turn_id])
        left = {one.id for one in self._store.all()}
        ids = [one for one in meant if one in left]
        self._learning.drop(meant)
        named = not self._wishes.is_about_the_last(wanted)
        await self._erase(floor, utterance, self._forgetting("wish.forgotten_that", wanted), ids, named=named)

    def _forgetting(self, key: str, wanted: Wanted, **slots: str) -> Reply:
        """Return what is said to a wish to forget, with the truth about secrets where one is wished for."""
        reply = self._words.fixed(key, **slots)
        secret = "wish.secret" if self._store.keeps() else "wish.secret_unkept"
        return replace(reply, text=f"{reply.text} {self._words.fixed(secret).text}") if wanted.secret else reply

    async def _choose(self, floor: Floor, utterance: Utterance, wanted: Wanted) -> Utterance | None:
        """Remember a kind of facts from now on, or not."""
        kind, remembered = wanted.kind, wanted.wish is Wish.KIND_ON
        self._store.choose(kind, remembered=remembered)
        ids = [one.id for one in self._store.all() if one.kind == kind]
        name = self._words.kinds[kind]
        if remembered or not ids:
            await floor.utter(
                self._words.fixed("wish.kind_on" if remembered else "wish.kind_off", kind=name), utterance
            )
            return None
        return await self._forget_asked(floor, utterance, self._words.fixed("wish.kind_off_ask", kind=name), ids)

    async def _forget_asked(
        self, floor: Floor, utterance: Utterance, question: Reply, ids: Sequence[str]
    ) -> Utterance | None:
        """Ask before many things are removed; anything but a plain yes leaves them."""
        if not ids:
            await floor.utter(self._words.fixed("telling.nothing"), utterance)
            return None
        await floor.utter(question, utterance)
        answer = await floor.hear()
        if answer is None or floor.comes_first(answer):
            return answer
        if self._wishes.agrees(answer.heard.text):
            await self._erase(floor, answer, self._words.fixed("wish.forgotten_all"), ids)
            return None
        if self._wishes.declines(answer.heard.text):
            await floor.utter(self._words.fixed("wish.kept"), answer)
            return None
        return answer

    async def _erase(
        self, floor: Floor, utterance: Utterance, reply: Reply, ids: Sequence[str], *, named: bool = False
    ) -> None:
        """Remove first and say so after: it is gone when the person hears that it is.

        Args:
            floor: The conversation.
            utterance: The wish.
            reply: What is said.
            ids: Of the facts.
            named: Whether the wish itself says what is to be forgotten, so that its own words go too.
        """
        try:
            self._store.forget(ids)
        except NotAllowed:
            reply = self._words.fixed("wish.unkept")
        self._learning.drop(ids)
        self._learning.answered_for(utterance.heard.text)

        def leave_nothing() -> None:
            if named and floor.turn_id is not None:
                self._store.forget_words(floor.turn_id)

        await floor.utter(reply, utterance, committed=leave_nothing)
