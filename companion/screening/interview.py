"""An interview with one instrument, as a pure generator: ``Ask`` out, ``Reply`` in, ``Outcome`` at the end.

It knows no voice, no clock and no store: a keyboard, recordings, a microphone and a test drive the same object. What
was answered before an interruption comes in as a ``Screening`` and is gone on with.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.screening.answer.reader import AnswerReader
from companion.screening.asking import ItemAsking, ItemEnd, Turn
from companion.screening.instrument import Instrument, Item
from companion.screening.record import Answer, Asker, ItemOutcome, Screening, Status
from companion.screening.requests import Ask, AskKind, Outcome, Reply, Request, Response
from companion.screening.scoring import gate_is_open
from companion.screening.wording import Wording

_MOST_UNWILLING: Final = 2


@dataclass(frozen=True, slots=True)
class Manner:
    """How an instrument is administered."""

    asked_by: Asker = Asker.PLAN
    address: str = ""
    """How the person is called."""
    gate: bool = True
    """Whether the first items decide if the rest is asked."""
    unscored: bool = True
    """Whether the items outside the total are asked too."""
    willing: bool = False
    """The person has just agreed, so that it is not asked again."""


class Interview:
    """Built once; ``administer`` starts one interview.

    Args:
        reader: Reads the answers.
        wording: ``prompts/screening/wording.ko.toml``, parsed.

    Raises:
        KeyError: A sentence is missing.
    """

    def __init__(self, reader: AnswerReader, wording: Mapping[str, Any]) -> None:
        self._reader = reader
        self._wording = wording

    def wording_for(self, instrument: Instrument, address: str = "") -> Wording:
        """Return what is said around the items of an instrument."""
        return Wording(self._wording, instrument, address)

    def question(self, instrument: Instrument, item: Item) -> str:
        """Return an item in its frame, as it is asked."""
        return self.wording_for(instrument).question(item, first=item.number == 1)

    def administer(
        self, instrument: Instrument, manner: Manner, resumed: Screening | None = None
    ) -> Generator[Request, Response, Outcome]:
        """Yield what is to be asked, be sent the replies, return the outcome. Never raises on text.

        Args:
            instrument: What is asked.
            manner: How.
            resumed: What was answered before an interruption or a suspension.

        Raises:
            ValueError: ``resumed`` belongs to another instrument, version or digest: they are never mixed.
        """
        if resumed is not None and resumed.digest != instrument.digest:
            raise ValueError("a screening is finished with the instrument it was begun with")
        wording = Wording(self._wording, instrument, manner.address)
        return _Running(instrument, manner, self._reader, wording, resumed).run()


class _Running:
    """One interview while it runs."""

    def __init__(
        self,
        instrument: Instrument,
        manner: Manner,
        reader: AnswerReader,
        wording: Wording,
        resumed: Screening | None,
    ) -> None:
        self._instrument = instrument
        self._manner = manner
        self._reader = reader
        self._wording = wording
        self._is_resumed = resumed is not None and bool(resumed.answers)
        self._before = resumed.status if resumed is not None else None
        self._suspended_by = resumed.suspended_by if resumed is not None else ""
        self._answers: list[Answer] = list(resumed.answers) if resumed is not None else []
        self._replies = resumed.replies if resumed is not None else 0
        self._put: list[str] = []
        """Items that were put in this session, in order: where going back leads."""
        self._going_back = False

    def run(self) -> Generator[Request, Response, Outcome]:
        """Run the interview."""
        if not self._manner.willing:
            refusal = yield from self._willing()
            if refusal is not None:
                return refusal
        preface = "" if self._is_resumed else self._wording.introduction()
        item = self._next_item()
        while item is not None:
            end = yield from self._asked(item, preface)
            self._keep(end)
            left = self._left(end)
            if left is not None:
                return left
            item, preface = self._after(item, end)
        return self._ended(Status.COMPLETE, self._closing_name())

    def _willing(self) -> Generator[Request, Response, Outcome | None]:
        name = "resume" if self._is_resumed else "willing"
        for _ in range(_MOST_UNWILLING):
            ask = Ask(AskKind.WILLING, self._wording.say("offer", name), so_far=self._screening(Status.IN_PROGRESS))
            answered = yield ask
            reply = answered if isinstance(answered, Reply) else Reply("")
            self._replies += bool(reply.text.strip())
            if reply.danger:
                return self._ended(Status.SUSPENDED, "suspended", by="danger")
            if reply.over:
                break
            agrees = False if reply.stops else self._reader.consent(reply.text)
            if agrees:
                return None
            if agrees is False:
                return self._declined()
            name = "willing_again"
        return self._left_unsaid()

    def _declined(self) -> Outcome:
        """The person does not want to: a suspended screening stays one, whatever is left of it."""
        if self._before is Status.SUSPENDED:
            screening = self._screening(Status.SUSPENDED, by=self._suspended_by)
        else:
            screening = self._screening(Status.STOPPED if self._is_resumed else Status.REFUSED)
        return Outcome(screening, self._wording.say("offer", "refused"))

    def _left_unsaid(self) -> Outcome:
        """The person said neither yes nor no."""
        if self._before is Status.SUSPENDED:
            screening = self._screening(Status.SUSPENDED, by=self._suspended_by)
        else:
            screening = self._screening(Status.INTERRUPTED if self._is_resumed else Status.DEFERRED)
        return Outcome(screening, self._wording.say("offer", "left"), unsaid=True)

    def _asked(self, item: Item, preface: str) -> Generator[Request, Response, ItemEnd]:
        question = self._wording.question(item, first=not self._put or item is self._instrument.items[0])
        opening = preface.replace("{item}", question) if "{item}" in preface else f"{preface} {question}".strip()
        asking = ItemAsking(
            instrument=self._instrument,
            item=item,
            reader=self._reader,
            wording=self._wording,
            question=question,
            opening=opening,
            order=len(self._answers) + 1,
        )
        if item.id not in self._put:
            self._put.append(item.id)
        running = asking.run()
        response: Response = None
        try:
            request = next(running)
            while True:
                if isinstance(request, Ask):
                    request = replace(request, so_far=self._screening(Status.IN_PROGRESS))
                response = yield request
                self._replies += isinstance(response, Reply) and bool(response.text.strip())
                request = running.send(response)
        except StopIteration as finished:
            end: ItemEnd = finished.value
            return end

    def _keep(self, end: ItemEnd) -> None:
        """Add the answer; an earlier one of the same item is superseded, never overwritten."""
        if end.answer is None:
            return
        item = end.answer.item
        self._answers = [
            replace(answer, superseded=True) if answer.item == item else answer for answer in self._answers
        ]
        self._answers.append(end.answer)

    def _left(self, end: ItemEnd) -> Outcome | None:
        """Return the outcome where the interview is left for now."""
        match end.turn:
            case Turn.STOP:
                return self._ended(Status.STOPPED, "stopped")
            case Turn.PAUSE:
                return self._ended(Status.INTERRUPTED, "paused")
            case Turn.SILENCE:
                return self._ended(Status.INTERRUPTED, "silent")
            case Turn.DANGER:
                return self._ended(Status.SUSPENDED, "suspended", by="item" if end.by_item else "danger")
            case Turn.BACK | None:
                return None

    def _after(self, item: Item, end: ItemEnd) -> tuple[Item | None, str]:
        """Return the item to ask next and what is said before it."""
        say = self._wording.say
        if end.turn is Turn.BACK:
            earlier = self._put[: self._put.index(item.id)]
            if not earlier:
                return item, say("item", "no_way_back", item="{item}")
            self._going_back = True
            return self._instrument.by_id[earlier[-1]], say("item", "back", item="{item}")
        following = self._next_item()
        if self._going_back and end.answer is not None:
            self._going_back = False
            return following, say("item", "gone_back", item="{item}")
        match end.answer.outcome if end.answer is not None else None:
            case ItemOutcome.SKIPPED:
                return following, say("item", "skipped", item="{item}")
            case ItemOutcome.UNCLEAR:
                return following, say("item", "left_open", item="{item}")
            case _:
                return following, ""

    def _next_item(self) -> Item | None:
        """Return the first item that is to be asked and has no answer yet."""
        answered = {answer.item for answer in self._answers if not answer.superseded and not self._is_due_again(answer)}
        options = self._options()
        gate = self._instrument.gate if self._manner.gate else None
        for item in self._instrument.items:
            if item.id in answered:
                continue
            behind = gate is not None and item.id not in gate.items
            if behind and gate_is_open(self._instrument, options) is False:
                return None
            if not item.scored and not (self._manner.unscored and self._has_any_score()):
                continue
            return item
        return None

    def _is_due_again(self, answer: Answer) -> bool:
        """Whether a critical item was affirmed without saying how often, which suspended it: it is asked once more."""
        is_open = answer.outcome is ItemOutcome.UNCLEAR and self._instrument.by_id[answer.item].critical
        return is_open and self._suspended_by == "item" and answer.item not in self._put

    def _options(self) -> Mapping[str, str]:
        return {answer.item: answer.option for answer in self._answers if not answer.superseded and answer.option}

    def _has_any_score(self) -> bool:
        return any(answer.score for answer in self._answers if not answer.superseded)

    def _closing_name(self) -> str:
        if self._is_gated():
            return "gated"
        answered = self._options()
        open_left = any(name not in answered for name in self._instrument.scoring.required)
        return "open_left" if open_left else "complete"

    def _is_gated(self) -> bool:
        scored: Sequence[Item] = self._instrument.scored
        put = {answer.item for answer in self._answers if not answer.superseded}
        return self._manner.gate and self._instrument.gate is not None and any(item.id not in put for item in scored)

    def _ended(self, status: Status, closing: str, *, by: str = "") -> Outcome:
        return Outcome(self._screening(status, by=by), self._wording.say("ending", closing))

    def _screening(self, status: Status, *, by: str = "") -> Screening:
        return Screening(
            instrument=self._instrument.id,
            version=self._instrument.version,
            digest=self._instrument.digest,
            status=status,
            asked_by=self._manner.asked_by,
            answers=tuple(self._answers),
            suspended_by=by,
            gated=status is Status.COMPLETE and self._is_gated(),
            replies=self._replies,
            whole=not self._manner.gate,
        )
