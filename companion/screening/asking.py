"""Asks one item until it is answered, skipped or left open: question, one clarification or re-reading, the options."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

from companion.screening.answer.reader import AnswerReader, Asked, Wish
from companion.screening.answer.verdict import Reason, Verdict
from companion.screening.deciding import Action, Decision, decide
from companion.screening.instrument import Instrument, Item, ScaleKind
from companion.screening.record import Answer, Confirmed, Decider, Evidence, Form, ItemOutcome, Said
from companion.screening.requests import Ask, AskKind, Opinion, Reply, Request, Response
from companion.screening.wording import Wording

_MOST_REPEATS: Final = 2
_MOST_SILENCES: Final = 3
_REFUSED: Final = "refused"
"""The rule of an option that is proposed because the only other one was refused."""


class Turn(Enum):
    """Why an item was left without being answered."""

    STOP = auto()
    PAUSE = auto()
    BACK = auto()
    SILENCE = auto()
    DANGER = auto()


@dataclass(frozen=True, slots=True)
class ItemEnd:
    """How an item ended."""

    answer: Answer | None
    turn: Turn | None = None
    """Why the interview does not simply go on; may stand beside an answer (danger)."""
    by_item: bool = False
    """The danger is the answer to a critical item itself."""


@dataclass
class ItemAsking:
    """Asks one item. Lives as long as the item is asked; ``run`` is called once."""

    instrument: Instrument
    item: Item
    reader: AnswerReader
    wording: Wording
    question: str
    """The verbatim item in its frame."""
    opening: str
    """What is said first: the question, with what comes before it."""
    order: int
    _said: list[Said] = field(default_factory=list)
    _confirmations: int = 0
    _repeats: int = 0
    _silences: int = 0
    _unrefused: set[str] = field(default_factory=set)
    """Options that were proposed and neither agreed to nor refused."""

    def run(self) -> Generator[Request, Response, ItemEnd]:
        """Yield what is to be asked, be sent replies, return how the item ended."""
        ask = self._ask(self.opening, Form.QUESTION)
        while True:
            reply = yield from self._put(ask)
            ended = self._ended_by(reply)
            if ended is not None:
                return ended
            wish = self.reader.wish(reply.text)
            asked = Asked(ask.text, with_options=ask.form is Form.OPTIONS)
            verdict = self.reader.read(reply.text, self.item, self.instrument.window_days, asked)
            if wish is not None and not verdict.is_firm:
                step = self._wished(wish, ask)
            else:
                step = yield from self._judged(verdict, reply, ask)
            if isinstance(step, ItemEnd):
                return step
            ask = step

    def _put(self, ask: Ask) -> Generator[Request, Response, Reply]:
        answered = yield ask
        reply = answered if isinstance(answered, Reply) else Reply("")
        self._said.append(Said(ask.text, reply.text, reply.confidence))
        return reply

    def _ask(self, text: str, form: Form) -> Ask:
        return Ask(AskKind.ITEM, text, self.item.id, form)

    def _ended_by(self, reply: Reply) -> ItemEnd | None:
        """Return the end that danger or lasting silence makes."""
        if reply.danger:
            return ItemEnd(self._kept_beside_danger(reply), Turn.DANGER)
        if reply.over or reply.stops:
            return ItemEnd(None, Turn.STOP if reply.stops else Turn.SILENCE)
        if reply.passes:
            return ItemEnd(self._open(ItemOutcome.SKIPPED, None))
        if reply.text.strip():
            self._silences = 0
            return None
        self._silences += 1
        return ItemEnd(None, Turn.SILENCE) if self._silences >= _MOST_SILENCES else None

    def _kept_beside_danger(self, reply: Reply) -> Answer | None:
        verdict = self.reader.read(reply.text, self.item, self.instrument.window_days)
        if not verdict.is_firm:
            return None
        return self._answer(verdict, Decider.GRAMMAR, Form.QUESTION, Confirmed.NOT_ASKED)

    def _wished(self, wish: Wish, ask: Ask) -> Ask | ItemEnd:
        match wish:
            case Wish.STOP:
                return ItemEnd(None, Turn.STOP)
            case Wish.PAUSE:
                return ItemEnd(None, Turn.PAUSE)
            case Wish.BACK:
                return ItemEnd(None, Turn.BACK)
            case Wish.SKIP:
                return ItemEnd(self._open(ItemOutcome.SKIPPED, ask.form))
            case Wish.WHY | Wish.REPEAT:
                name = "why" if wish is Wish.WHY else "repeat"
                self._repeats += 1
                if self._repeats > _MOST_REPEATS:
                    return self._next(ask, Reason.OFF_TOPIC)
                return self._ask(self.wording.say("item", name, item=self.question), ask.form or Form.QUESTION)

    def _judged(self, verdict: Verdict, reply: Reply, ask: Ask) -> Generator[Request, Response, Ask | ItemEnd]:
        if not reply.text.strip():
            return self._ask(self.wording.say("item", "silence", item=self.question), ask.form or Form.QUESTION)
        if self.item.critical and verdict.option is None and verdict.reason is Reason.NO_FREQUENCY:
            return ItemEnd(self._open(ItemOutcome.UNCLEAR, ask.form), Turn.DANGER, by_item=True)
        decision = yield from self._decided(verdict, reply, ask)
        match decision.action:
            case Action.KEEP:
                return self._kept(decision, ask.form or Form.QUESTION, Confirmed.NOT_ASKED)
            case Action.CONFIRM if decision.verdict.option in self._unrefused and not reply.doubtful:
                # Said twice in words that lead to the same option.
                return self._kept(decision, ask.form or Form.QUESTION, Confirmed.NOT_ASKED)
            case Action.CONFIRM:
                return (yield from self._confirmed(decision, ask))
            case Action.ASK_AGAIN:
                return self._next(ask, verdict.reason)

    def _decided(self, verdict: Verdict, reply: Reply, ask: Ask) -> Generator[Request, Response, Decision]:
        deciding = decide(verdict, reply, self.item, ask.text, self.wording.consulting())
        try:
            consult = next(deciding)
            while True:
                answered = yield consult
                opinion: Opinion = None if isinstance(answered, Reply) else answered
                consult = deciding.send(opinion)
        except StopIteration as finished:
            decision: Decision = finished.value
            return decision

    def _confirmed(self, decision: Decision, ask: Ask) -> Generator[Request, Response, Ask | ItemEnd]:
        """Ask whether the proposed option may be kept; another answer given instead is heard."""
        proposal = decision.verdict.option or ""
        option = self.item.scale.option(proposal)
        self._confirmations += 1
        reply = yield from self._put(
            Ask(AskKind.CONFIRM, self.wording.confirming(option), self.item.id, proposal=proposal)
        )
        ended = self._ended_by(reply)
        if ended is not None:
            return ended
        asked = Asked(confirming=True)
        verdict = self.reader.read(reply.text, self.item, self.instrument.window_days, asked)
        agrees = self.reader.agreement(reply.text)
        form = ask.form or Form.QUESTION
        firm = verdict.is_firm and self._names_more(verdict)
        if agrees is True or (agrees is None and firm and verdict.option == proposal):
            return self._kept(decision, form, Confirmed.YES)
        if firm and not reply.doubtful and verdict.option != proposal:
            return self._kept(Decision(Action.KEEP, verdict, Decider.GRAMMAR), form, Confirmed.CHANGED)
        wish = self.reader.wish(reply.text)
        if wish in {Wish.STOP, Wish.PAUSE, Wish.BACK, Wish.SKIP}:
            return self._wished(wish, ask)
        if agrees is False and (other := self._only_other(decision.verdict, reply)) is not None:
            return (yield from self._confirmed(Decision(Action.CONFIRM, other, decision.decider), ask))
        if agrees is None and not self.item.critical:
            self._unrefused.add(proposal)
        return self._ask(self.wording.listing(self.item), Form.OPTIONS) if form is not Form.OPTIONS else self._left()

    def _only_other(self, refused: Verdict, reply: Reply) -> Verdict | None:
        """Return the other of two options once the first was refused, to be confirmed in its turn; else None."""
        if self.item.scale.kind is not ScaleKind.POLAR or refused.rule == _REFUSED:
            return None
        other = next(option.id for option in self.item.scale.options if option.id != refused.option)
        return replace(refused, option=other, rule=_REFUSED, evidence=(Evidence(reply.text, 0, len(reply.text)),))

    @staticmethod
    def _names_more(verdict: Verdict) -> bool:
        """Whether the verdict rests on more than the yes or no to the confirmation itself."""
        return verdict.rule not in {"yes", "no", "agree", "deny", "unknowing"}

    def _kept(self, decision: Decision, form: Form, confirmed: Confirmed) -> ItemEnd:
        answer = self._answer(decision.verdict, decision.decider, form, confirmed)
        danger = self.item.critical and bool(answer.score)
        return ItemEnd(answer, Turn.DANGER if danger else None, by_item=danger)

    def _next(self, ask: Ask, reason: Reason) -> Ask | ItemEnd:
        """Return the next form of the item: clarified or read again, then the options, then it is left open."""
        match ask.form:
            case Form.QUESTION:
                if reason is Reason.OFF_TOPIC:
                    return self._ask(self.wording.clarifying(reason, self.item), Form.REREAD)
                return self._ask(self.wording.clarifying(reason, self.item), Form.CLARIFY)
            case Form.CLARIFY | Form.REREAD:
                return self._ask(self.wording.listing(self.item), Form.OPTIONS)
            case Form.OPTIONS | None:
                return self._left()

    def _left(self) -> ItemEnd:
        return ItemEnd(self._open(ItemOutcome.UNCLEAR, Form.OPTIONS))

    def _open(self, outcome: ItemOutcome, form: Form | None) -> Answer:
        last = self._said[-1]
        return Answer(
            item=self.item.id,
            link=self.item.code,
            order=self.order,
            outcome=outcome,
            asked=last.asked,
            form=form or Form.QUESTION,
            reply=last.reply,
            option=None,
            option_text="",
            score=None,
            code="",
            confidence=0.0,
            evidence=(),
            rule="",
            decider=Decider.NOBODY,
            confirmed=Confirmed.NOT_ASKED,
            confirmations=self._confirmations,
            replies=tuple(self._said),
        )

    def _answer(self, verdict: Verdict, decider: Decider, form: Form, confirmed: Confirmed) -> Answer:
        option = self.item.scale.option(verdict.option or "")
        decided = self._said[-2] if confirmed is Confirmed.YES else self._said[-1]
        return Answer(
            item=self.item.id,
            link=self.item.code,
            order=self.order,
            outcome=ItemOutcome.ANSWERED,
            asked=decided.asked,
            form=form,
            reply=decided.reply,
            option=option.id,
            option_text=option.text,
            score=self.item.score(option) if self.item.scored else option.score,
            code=option.code,
            confidence=verdict.confidence,
            evidence=verdict.evidence,
            rule=verdict.rule,
            decider=decider,
            confirmed=confirmed,
            confirmations=self._confirmations,
            replies=tuple(self._said),
        )
