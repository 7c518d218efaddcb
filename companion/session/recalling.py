"""The interlude that finds again what was told in this very talk: a fact, a name that was given, a list.

It needs no consent, because nothing is written: whoever listens knows what was just said to them. Where consent was
given it looks through what was kept as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from companion.core.life import Memory, Said
from companion.core.turn import Reply, ReplySource
from companion.dialogue.knowing import ASKED_CALENDAR
from companion.dialogue.memory.answering import Found
from companion.dialogue.memory.asking import Wanted, Wish
from companion.dialogue.memory.sought import Kind
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response, State
from companion.safety.risk import Level
from companion.session.called import Called
from companion.session.ear import Utterance
from companion.session.interlude import Floor, Moment
from companion.session.knowing import Knowing
from companion.session.learning import Learning, MemoryStore
from companion.session.recounting import SENTENCES

_OWN_NAME: Final = ("self", "name")
"""Kind and aspect of what the person is called."""
_ASKED_NAME: Final = frozenset({"question.my_name", "question.who_am_i"})
_OF_CLOCK: Final = frozenset(
    {"question.time", "question.date", "question.date_time", "question.date_lost", ASKED_CALENDAR}
)
_LATELY: Final = 4
"""Turns in which what 말벗 said of the clock is meant by a bare 몇 시라고 했지."""
_LISTS: Final = 3
"""Lists of a conversation that are kept in mind."""
_Act: TypeAlias = Callable[[Floor, Utterance], Awaitable[None]]


class Recalling:
    """Lives as long as a conversation.

    Args:
        store: Of the person who talks.
        learning: Of the same conversation.
        knowing: How it is read, found and said.
        now: The wall clock; aware.
    """

    def __init__(
        self, store: MemoryStore, learning: Learning, knowing: Knowing, *, now: Callable[[], datetime]
    ) -> None:
        self._store, self._learning, self._now = store, learning, now
        self._wishes, self._quoting, self._answers = knowing.wishes, knowing.quoting, knowing.answers
        self._reader, self._words, self._lists, self._naming = (
            knowing.reader, knowing.words, knowing.lists, knowing.naming,
        )  # fmt: skip
        self._called = Called(store, knowing.naming, knowing.reader, knowing.words)
        self._told_lists: list[tuple[str, ...]] = []
        self._awaits_list = False
        self._question = ""
        """What was asked for last, where that was the last turn."""
        self._forgot = False
        """Whether anything was to be forgotten in this conversation: then it was not missed."""
        self._act: _Act | None = None

    @property
    def offer(self) -> Offer:
        """Something remembered; it is never begun unasked."""
        return Offer.FOLLOW_UP

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - it comes from the person
        """Return False: the person asks for it."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks for what they told, gives their name, or tells a list to keep in mind."""
        awaits, before = self._awaits_list, self._question
        self._awaits_list, self._question, self._act = False, "", None
        if response.risk.level is not Level.NONE or response.command is not None or utterance.heard.ask_again:
            return False
        text = utterance.heard.text
        wish = self._wishes.find(text)
        if wish is not None and wish.wish in {Wish.FORGET, Wish.FORGET_ALL, Wish.KIND_OFF, Wish.KIND_ON}:
            self._forget(wish)
            return False
        self._act = (
            self._about_names(text, _situation(response))
            or self._about_lists(text, awaited=awaits)
            or self._recounting(text, wish, response, before)
        )
        return self._act is not None

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Answer it.

        Raises:
            StoreError: It could not be read or written.
        """
        if utterance is not None and self._act is not None:
            await self._act(floor, utterance)
        return None

    def trouble(self) -> Reply:
        """Return what is said where nothing could be read or written."""
        return self._words.fixed("wish.trouble")

    def _forget(self, wish: Wanted) -> None:
        self._told_lists.clear()
        self._forgot = True
        if wish.wish is Wish.FORGET_ALL or self._wishes.names_own_name(wish):
            self._called.forget()

    # ---- names -----------------------------------------------------------------------------------------------------

    def _about_names(self, text: str, situation: str) -> _Act | None:
        if self._naming.asks_tomorrow(text):
            return self._saying(self._called.tomorrow)
        if (situation in _ASKED_NAME or self._naming.asks_name(text)) and self._called.known():
            return self._saying(self._called.answer)
        if self._naming.is_of_others(text):
            return None
        read = self._reader.read(text, self._now())
        address = self._naming.title_in(text) or next((one.value for one in read if one.kind == "address"), "")
        if address:
            return self._saying(lambda: self._called.call(address))
        own = (one.value for one in read if (one.kind, one.aspect) == _OWN_NAME)
        name = next((one for one in own if self._naming.is_name(one)), "")
        return self._saying(lambda: self._called.introduced(name), learns=True) if name else None

    def _saying(self, reply: Callable[[], Reply], *, learns: bool = False) -> _Act:
        """Return what says a reply; the words it answers are learnt from like any other where ``learns``."""

        async def act(floor: Floor, utterance: Utterance) -> None:
            said = reply()
            if not learns:
                self._learning.answered_for(utterance.heard.text)
            await floor.utter(said, utterance)

        return act

    # ---- lists -----------------------------------------------------------------------------------------------------

    def _about_lists(self, text: str, *, awaited: bool) -> _Act | None:
        items = self._lists.find(text, awaited=awaited)
        if items:
            self._told_lists = [*self._told_lists, items][-_LISTS:]
            return self._saying(lambda: self._listed("list.taken", items), learns=True)
        if self._told_lists and (self._lists.asks_again(text) or self._is_only_to_keep(text)):
            return self._saying(lambda: self._listed("list.taken", self._told_lists[-1]))
        if self._lists.begins(text):
            self._awaits_list = True
            return self._saying(lambda: self._words.fixed("list.begin"))
        return None

    def _is_only_to_keep(self, text: str) -> bool:
        """Whether nothing else is said than that the list is to be kept in mind."""
        return self._lists.keeps(text) and all(self._lists.keeps(one) for one in SENTENCES.findall(text))

    def _listed(self, key: str, items: Sequence[str]) -> Reply:
        kept = key if self._store.keeps() else f"{key}_unkept"
        return self._words.fixed(kept, value=", ".join(items))

    # ---- what was told ---------------------------------------------------------------------------------------------

    def _recounting(self, text: str, wish: Wanted | None, response: Response, before: str) -> _Act | None:
        if self._wishes.asks_kept(text) and (kept := self._kept()) is not None:
            return self._telling(kept)
        question = "" if wish is not None else self._asked(text, before)
        if not question:
            return None
        sought = self._answers.sought(question)
        if sought is not None and sought.kind is Kind.LIST and self._told_lists:
            return self._told_list()
        if sought is not None and sought.kind in {Kind.HOUR, Kind.DATE} and self._answers.is_bare(question):
            again = None if _situation(response) in _OF_CLOCK else _of_clock(response.state)
            if again is not None:
                return self._saying(lambda: Reply(again, ReplySource.FIXED, "memory.clock"))
            if _situation(response) in _OF_CLOCK:
                return None  # 말벗 says it again
        return self._answering(question, _situation(response))

    def _asked(self, text: str, before: str) -> str:
        """Return the sentence that asks, or what was asked before where that is asked once more; else nothing."""
        sentences = [one.strip() for one in SENTENCES.findall(text)]
        asked = next((one for one in sentences if self._quoting.asks(one)), "")
        return asked or (before if before and any(self._naming.asks_on(one) for one in sentences) else "")

    def _answering(self, question: str, situation: str) -> _Act | None:
        about = Wanted(Wish.SAID, "".join(one for one in question if one.isalnum()))
        meant = self._wishes.meant(about, self._store.all())
        found = self._found(question, meant)
        self._question = question
        if found is not None:
            return self._telling(found)
        if situation == ASKED_CALENDAR:
            return None
        if meant:
            return self._telling_facts(meant)
        lately = self._answers.lately(question, self._learning.heard[::-1][:_LATELY])
        if lately is not None and not self._store.refused():
            return self._telling(lately)
        if not self._is_missed(question, about):
            return None
        key = "telling.unknown_forgotten" if self._forgot else "telling.unknown"
        return self._saying(lambda: self._words.fixed(key))

    def _is_missed(self, question: str, about: Wanted) -> bool:
        """Whether nothing else than something told can be meant, so that it is honest to say that it was missed."""
        if self._quoting.is_of_words_of_others(question):
            return False
        sought = self._answers.sought(question)
        if sought is not None and sought.kind is Kind.NAME:
            return True
        return self._quoting.asks_surely(question) and (self._wishes.is_about_me(about) or sought is not None)

    def _found(self, question: str, meant: Sequence[Memory]) -> Found | None:
        """Return the words that answer, unless the person wants nothing of that kind remembered."""
        here = self._learning.heard[::-1]
        told = here if self._answers.is_bare(question) else self._store.said() or here
        found = self._answers.find(question, told, [one.sentence for one in meant])
        refused = self._store.refused()
        if found is None or not refused:
            return found
        kinds = {one.kind for one in self._reader.read(found.words, self._now())} | self._quoting.kinds(found.words)
        return None if kinds & refused else found

    def _kept(self) -> Found | None:
        """Return what the person last asked to be remembered: said with it, or just before."""
        heard = self._learning.heard
        for at in reversed(range(len(heard))):
            if not self._wishes.keeps(heard[at].text):
                continue
            with_it = [one for one in SENTENCES.findall(heard[at].text) if not self._wishes.keeps(one)]
            said = heard[at] if with_it else heard[at - 1] if at else None
            return None if said is None else Found(said, said.text)
        return None

    def _telling(self, found: Found) -> _Act:
        for one in self._store.all():
            if one.turn_id == found.said.turn_id:
                self._learning.bring_up(one)
        return self._saying(lambda: self._told(found))

    def _told(self, found: Found) -> Reply:
        if found.value:
            key = "telling.words" if found.kind is Kind.WORDS else "telling.value"
            return self._words.fixed(key, value=found.value)
        key = "telling.quoted_now" if self._is_of_now(found.said) else "telling.quoted"
        # What asked for it to be remembered is not said back with it: 그거 좀 기억해 둬.
        pieces = SENTENCES.findall(found.words)
        told = [one for one in pieces if not self._wishes.keeps(one)]
        return self._words.fixed(key, said="".join(told or pieces).strip(" .,!…"))

    def _is_of_now(self, said: Said) -> bool:
        return said.turn_id in {one.turn_id for one in self._learning.heard}

    def _told_list(self) -> _Act:
        items = ", ".join(self._told_lists[-1])
        return self._saying(lambda: self._words.fixed("telling.value", value=items))

    def _telling_facts(self, meant: Sequence[Memory]) -> _Act:
        for one in meant:
            self._learning.bring_up(one)
        spoken = self._words.telling(meant[-2:], self._store.all(), self._now())
        return self._saying(lambda: Reply(spoken.text, ReplySource.FIXED, "memory.telling"))


def _situation(response: Response) -> str:
    return "" if response.understanding is None else response.understanding.situation


def _of_clock(state: State) -> str | None:
    """Return what 말벗 said of the clock or the calendar in the last turns, if it did."""
    lately = reversed(state.turns[-_LATELY:])
    said = (one.reply for one in lately if one.understanding is not None and one.understanding.situation in _OF_CLOCK)
    return next(said, None)
