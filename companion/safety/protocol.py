"""The crisis protocol: a state machine from what was heard to the steps that follow.

``advance`` takes the state, the risk of what was said and what it answers, and returns a new state and the steps:
sentences to say, a question to ask, an alert to give, leave to go on as usual. It never reads a clock, and what it
says is fixed (``prompts/safety/``).

Laws: a danger at concern or above is met in the same turn with the numbers to call; the standing level never falls
within a session; each question is asked a limited number of times; a second 그만 and a long silence end it, from
anywhere; nothing but ALLOW lets the conversation go on as usual. Who talks of other things, long and again and again,
naming nothing of the danger, is let go on unanswered (decision 0040): never where the rules say never, and never in a
turn in which any danger was heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from companion.safety.alerts import AlertOrder, Contact, tellable
from companion.safety.protocol_rules import ProtocolRules, ThemeRules
from companion.safety.protocol_state import Earlier, ProtocolState, Taken
from companion.safety.risk import Kind, Level, Risk, Theme
from companion.safety.steps import MEASURED, SENSED, Action, Answer, Question, Step, not_ending, of_symptoms

ALLOWED: Final = (Step(Action.ALLOW),)
MISHEARD: Final = f"{Theme.SELF_HARM}.reply.misheard"
"""What is said to who was asked whether something was meant, and it was not."""
RELIEVED: Final = f"{Theme.SELF_HARM}.reply.relieved"
"""What is said to who was asked how they feel, and is well."""
STILL: Final = f"{Theme.SELF_HARM}.ask.still"
"""Asked where an earlier talk left a wish to die open."""
_ANSWERED_BY: Final = {Kind.ACTIVE_THOUGHT: Question.THOUGHTS, Kind.SELF_INJURY: Question.THOUGHTS}
"""Questions that somebody has answered with yes by saying it unasked."""


class Protocol:
    """Built once from the rules; holds no state of a conversation."""

    def __init__(self, rules: ProtocolRules) -> None:
        self._rules = rules

    @property
    def version(self) -> str:
        """Recorded with every step."""
        return self._rules.version

    def advance(self, state: ProtocolState, risk: Risk, answer: Answer, contacts: Sequence[Contact] = ()) -> Taken:
        """Return the steps that follow one utterance, or one silence.

        Args:
            state: Where the protocol stood.
            risk: Of what was said; ``NO_RISK`` for silence.
            answer: What it answers to ``state.waiting``.
            contacts: Who may be told, if anybody.
        """
        if answer is Answer.ELSEWHERE and risk.level is not Level.NONE:
            answer = Answer.UNCLEAR
        if answer is Answer.MISHEARD and not (state.is_open and self._rules.themes[state.theme].may_be_denied):
            answer = Answer.UNCLEAR
        state = replace(
            state,
            silences=state.silences if answer is Answer.SILENT else 0,
            elsewhere=state.elsewhere if answer is Answer.ELSEWHERE else 0,
            denied=state.denials_with(risk, answer),
        )
        if state.is_unsure_of(risk):
            if not state.misheard:
                first = risk.level is Level.CONCERN and Question.MOOD not in state.asked
                return self._feeling_out(state, risk) if first else self._wondering(state, risk)
            risk = replace(risk, level=Level.WATCH, unsure=risk.level is Level.CONCERN)
        if risk.level.rank >= Level.CONCERN.rank and not state.knows(risk):
            return self._opened(state, risk, contacts)
        if state.is_open:
            goes_on = self._meant if state.waiting is Question.MEANT else self._continued
            return goes_on(state, risk, answer, contacts)
        return self._calm(state, risk, answer, contacts)

    def _calm(self, state: ProtocolState, risk: Risk, answer: Answer, contacts: Sequence[Contact]) -> Taken:
        """Take a turn in which nothing stands open and no danger was heard, or one that is only watched."""
        if answer is Answer.SECRET and state.opened:
            return Taken(state, tuple(self._no_secret(state, contacts)))
        if state.waiting is Question.MOOD:
            return self._felt_out(state.answered(answer), risk, answer)
        if state.waiting is Question.WISH:
            state = state.answered(answer)
            if answer is Answer.YES:
                return self._opened(state, Risk(Level.CONCERN, Kind.PASSIVE_WISH, "answer.yes", 0.8), contacts)
            if answer is Answer.NO and risk.level is Level.NONE:
                return Taken(state, (Step(Action.SAY, f"{Theme.SELF_HARM}.reply.not_so"), *ALLOWED))
        if risk.level is not Level.WATCH or risk.theme is not Theme.SELF_HARM or (risk.unsure and state.misheard):
            return Taken(state, ALLOWED)
        feels = risk.unsure and Question.MOOD not in state.asked
        asked = (self._feeling_out if feels else self._gently)(state, risk)
        return asked if feels or state.gentle < self._rules.limits.gentle else Taken(state, ALLOWED)

    def _feeling_out(self, state: ProtocolState, risk: Risk) -> Taken:
        """Ask how the person feels before dying is named: only the trained voices heard it, and faintly (0057)."""
        return Taken(state.feeling_out(risk), (self._asks(Theme.SELF_HARM, Question.MOOD),))

    def _felt_out(self, state: ProtocolState, risk: Risk, answer: Answer) -> Taken:
        """Take the answer to how the person feels: a yes is followed by the plain question, a no by an apology."""
        heard, state = state.unsure, replace(state, unsure=Level.NONE)
        if answer is Answer.YES or risk.level is Level.WATCH:
            found = Risk(max(heard, risk.level, key=_rank), state.kind, f"answer.{Question.MOOD}", unsure=True)
            return self._wondering(state, found) if heard is Level.CONCERN else self._gently(state, found)
        if answer is Answer.NO:
            return Taken(replace(state, misheard=True), (Step(Action.SAY, RELIEVED), *ALLOWED))
        return Taken(state, ALLOWED)

    def reopen(self, earlier: Earlier) -> Taken:
        """Return to what an earlier session left open, at the start of a new one."""
        state = ProtocolState(standing=earlier.level, gentle=1)
        key = f"{earlier.kind.theme}.reply.return{'_measured' if earlier.kind.is_measured else ''}"
        if earlier.kind.theme is not Theme.SELF_HARM:
            return Taken(state, (Step(Action.SAY, key),))
        asked = Step(Action.ASK, STILL, Question.WISH)
        return Taken(replace(state, waiting=Question.WISH), (Step(Action.SAY, key), asked))

    def leave(self, state: ProtocolState, contacts: Sequence[Contact] = ()) -> Taken:
        """End a session in which a case is open and nobody asked for its end: the line went dead.

        Whether a danger to the body is real was asked and not answered then: as with silence, that counts as a yes.
        """
        steps = list[Step]()
        if state.waiting in (*SENSED, Question.MEANT):
            meant = state.waiting is Question.MEANT
            taken = (
                self._earnest(state, Level.CONCERN, contacts) if meant else self._heard(state, Answer.YES, contacts, [])
            )
            state, steps = taken.state, [step for step in taken.steps if step.action is not Action.ASK]
        return Taken(state, (*steps, Step(Action.SAY, f"{state.theme}.reply.close"), Step(Action.CLOSE)))

    def _gently(self, state: ProtocolState, risk: Risk) -> Taken:
        state = replace(state, waiting=Question.WISH, gentle=state.gentle + 1, standing=state.standing_with(risk))
        return Taken(state, (self._asks(Theme.SELF_HARM, Question.WISH),))

    def _opened(self, state: ProtocolState, risk: Risk, contacts: Sequence[Contact]) -> Taken:
        """Meet a danger that is new, or graver than before."""
        rules, case = self._rules.themes[risk.theme], (risk.theme, risk.level)
        steps = []
        if rules.record_first and not any(theme is risk.theme for theme, _ in state.opened):
            steps.append(Step(Action.SAY, f"{risk.theme}.open.record"))
        again = "_again" if case in state.opened else ""
        kept = tuple(one for one in state.answers if one[0] not in rules.release[risk.level])
        known = (*kept, (_ANSWERED_BY[risk.kind], Answer.YES)) if risk.kind in _ANSWERED_BY else kept
        state = replace(
            state,
            level=risk.level,
            kind=risk.kind,
            standing=state.standing_with(risk),
            is_open=True,
            elsewhere=0,
            answers=known,
            opened=state.opened | {case},
            waiting=Question.NONE,
            tries=0,
            stays=0,
            rounds=0,
        )
        state = replace(state, pending=self._to_ask(state, rules))
        if Question.SYMPTOMS not in state.pending:
            steps.append(Step(Action.SAY, f"{risk.theme}.open.{risk.level}{again}"))
        if SENSED.isdisjoint(state.pending):
            state, told = self._alerted(state, contacts)
            steps += told
        return self._next(state, steps)

    def _to_ask(self, state: ProtocolState, rules: ThemeRules) -> tuple[Question, ...]:
        if state.stopped:
            return ()
        if state.kind.is_measured and state.level is Level.CONCERN:
            return (Question.SYMPTOMS,)
        return tuple(one for one in rules.questions[state.level] if not state.was_asked(one))

    def _alerted(self, state: ProtocolState, contacts: Sequence[Contact]) -> tuple[ProtocolState, list[Step]]:
        """Order the alert of this case, once, and say before who will be told."""
        case = (state.theme, state.level)
        if case in state.alerted:
            return state, []
        people = tellable(contacts, state.kind)
        steps = []
        if people:
            word = "measured" if state.kind.is_measured and state.level is Level.CONCERN else state.level
            steps.append(Step(Action.SAY, f"told.told.{word}"))
        elif self._rules.themes[state.theme].say_nobody:
            steps.append(Step(Action.SAY, "told.told.nobody"))
        order = AlertOrder(
            level=state.level,
            kind=state.kind,
            within_seconds=self._rules.within_seconds[state.level],
            contacts=tuple(person.id for person in people),
            told_person=bool(people),
        )
        return replace(state, alerted=state.alerted | {case}), [*steps, Step(Action.ALERT, alert=order)]

    def _continued(self, state: ProtocolState, risk: Risk, answer: Answer, contacts: Sequence[Contact]) -> Taken:
        """Go on with an open case."""
        theme, steps = state.theme, list[Step]()
        if state.waiting in MEASURED:
            answer = of_symptoms(risk, answer)
        elif risk.level.rank >= Level.CONCERN.rank:
            steps.append(Step(Action.SAY, f"{theme}.open.{state.level}_again"))
            answer = Answer.YES if _ANSWERED_BY.get(risk.kind) is state.waiting else not_ending(answer)
        match answer:
            case Answer.STOP:
                return self._stopped(state, contacts, steps)
            case Answer.SILENT:
                sensed = state.waiting in SENSED
                return self._unanswered(state, contacts, steps) if sensed else self._silent(state)
            case Answer.SECRET:
                return self._again(state, contacts, [*steps, *self._no_secret(state, contacts)])
            case Answer.TAKEN_BACK:
                return self._again(state, contacts, [*steps, Step(Action.SAY, f"{theme}.reply.taken_back")])
            case Answer.ELSEWHERE | Answer.MISHEARD:
                return (self._elsewhere if answer is Answer.ELSEWHERE else self._mistaken)(state, contacts)
            case Answer.YES | Answer.NO | Answer.UNCLEAR:
                return self._heard(state, answer, contacts, steps)

    def _wondering(self, state: ProtocolState, risk: Risk) -> Taken:
        """Ask whether something was meant that only the trained voices hear, and faintly; the numbers come first.

        Nobody is told yet: a daughter who was called for a boat that came in believes the next call less.
        """
        state = state.wondering(risk)
        return Taken(state, (Step(Action.SAY, f"{risk.theme}.open.unsure"), self._asks(risk.theme, Question.MEANT)))

    def _meant(self, state: ProtocolState, risk: Risk, answer: Answer, contacts: Sequence[Contact]) -> Taken:
        """Take the answer to whether it was meant: only a no, or two that say nothing about it, leave nobody told."""
        theme = state.theme
        if answer in (Answer.YES, Answer.SECRET) or risk.level.rank >= Level.CONCERN.rank:
            taken = self._earnest(state, max(state.unsure, risk.level, key=_rank), contacts)
            before = self._no_secret(state, contacts) if answer is Answer.SECRET else ()
            return replace(taken, steps=(*before, *taken.steps))
        if answer is Answer.NO:
            return Taken(replace(state.let_go(), misheard=True), (Step(Action.SAY, MISHEARD), *ALLOWED))
        if answer is Answer.STOP:
            taken = self._earnest(state, Level.CONCERN, contacts)
            return self._stopped(taken.state, contacts, [step for step in taken.steps if step.action is not Action.ASK])
        if state.tries + 1 < self._rules.limits.tries:
            word = {Answer.TAKEN_BACK: "reply.taken_back", Answer.SILENT: "reply.silent"}.get(answer, "heard.again")
            state = replace(state, tries=state.tries + 1)
            return Taken(state, (Step(Action.SAY, f"{theme}.{word}"), self._asks(theme, Question.MEANT)))
        if answer in (Answer.TAKEN_BACK, Answer.SILENT):
            return self._earnest(state, Level.CONCERN, contacts)
        return Taken(state.let_go(), (Step(Action.SAY, f"{theme}.reply.elsewhere"), *ALLOWED))

    def _earnest(self, state: ProtocolState, level: Level, contacts: Sequence[Contact]) -> Taken:
        """Go on with what was asked about first as with any danger that was heard plainly."""
        return self._opened(state.let_go(), Risk(level, state.kind, f"answer.{Question.MEANT}", 0.8), contacts)

    def _elsewhere(self, state: ProtocolState, contacts: Sequence[Contact]) -> Taken:
        """Meet talk of other things as an unclear answer; once there was enough of it in a row let the person go on."""
        rules = self._rules.themes[state.theme]
        state = replace(state, elsewhere=state.elsewhere + 1)
        limit = rules.elsewhere[state.level]
        if limit and state.elsewhere >= limit and rules.asked_before <= state.asked:
            return Taken(state.let_go(), (Step(Action.SAY, f"{state.theme}.reply.elsewhere"), *ALLOWED))
        if state.waiting is Question.CONFIRM:
            # Silence says that a danger to the body is real; who talks at length of other things is not silent.
            asked = self._asks(state.theme, state.waiting)
            return Taken(replace(state, tries=1), (Step(Action.SAY, f"{state.theme}.heard.again"), asked))
        return self._heard(state, Answer.UNCLEAR, contacts, [])

    def _mistaken(self, state: ProtocolState, contacts: Sequence[Contact]) -> Taken:
        """Let go what the person says was no danger at all; an alert that was given stands, for a person to resolve.

        A wish to die is let go where it was denied plainly again and again; a single denial answers what was asked.
        """
        rules, word = self._rules.themes[state.theme], "misheard"
        if not rules.mistakable:
            limit, word = rules.denied[state.level], "denied"
            if not limit or state.denied < limit:
                answer = Answer.NO if limit and state.waiting in rules.skip else Answer.UNCLEAR
                return self._heard(state, answer, contacts, [])
        steps = [Step(Action.SAY, f"{state.theme}.reply.{word}")]
        if state.alerted and tellable(contacts, state.kind):
            steps.append(Step(Action.SAY, "told.told.stands"))
        return Taken(state.let_go(), (*steps, *ALLOWED))

    def _no_secret(self, state: ProtocolState, contacts: Sequence[Contact]) -> list[Step]:
        """Say truthfully that it cannot be kept secret, and that what was said about telling stands."""
        said = [Step(Action.SAY, f"{state.theme}.reply.secret")]
        if state.alerted and tellable(contacts, state.kind):
            said.append(Step(Action.SAY, "told.told.stands"))
        return said

    def _stopped(self, state: ProtocolState, contacts: Sequence[Contact], steps: list[Step]) -> Taken:
        """No more questions: one last sentence with the number, and on the second time the end of the session."""
        ended = state.stopped
        steps.append(Step(Action.SAY, f"{state.theme}.reply.{'close' if ended else 'last'}"))
        state, told = self._without_symptoms(state, contacts)
        steps += told
        if not ended and not told and state.alerted and tellable(contacts, state.kind):
            steps.append(Step(Action.SAY, "told.told.stands"))
        if ended:
            steps.append(Step(Action.CLOSE))
        return Taken(replace(state, stopped=True, waiting=Question.NONE, pending=()), tuple(steps))

    def _unanswered(self, state: ProtocolState, contacts: Sequence[Contact], steps: list[Step]) -> Taken:
        """Take silence for a yes; where a device measured it, count aloud first: they may not have heard."""
        if state.waiting is Question.SYMPTOMS:
            counted = self._asks(state.theme, Question.COUNTED)
            return Taken(replace(state, waiting=Question.COUNTED, tries=0), (counted,))
        return self._heard(state, Answer.YES, contacts, steps)

    def _silent(self, state: ProtocolState) -> Taken:
        state = replace(state, silences=state.silences + 1)
        if state.silences >= self._rules.limits.silences:
            return Taken(state, (Step(Action.SAY, f"{state.theme}.reply.close"), Step(Action.CLOSE)))
        steps = [Step(Action.SAY, f"{state.theme}.reply.silent")]
        if state.waiting is not Question.NONE and state.silences == 1:
            steps.append(self._asks(state.theme, state.waiting))
        return Taken(state, tuple(steps))

    def _again(self, state: ProtocolState, contacts: Sequence[Contact], steps: list[Step]) -> Taken:
        """Ask the open question once more behind something said; when it was asked often enough, go on."""
        if state.waiting is Question.NONE:
            return self._whether_safe(state, steps) or Taken(state, tuple(steps))
        if state.tries + 1 < self._rules.limits.tries:
            state = replace(state, tries=state.tries + 1)
            return Taken(state, (*steps, self._asks(state.theme, state.waiting)))
        if state.waiting in SENSED:
            return self._heard(state, Answer.UNCLEAR, contacts, steps)
        return self._next(state.answered(Answer.UNCLEAR), steps)

    def _heard(self, state: ProtocolState, answer: Answer, contacts: Sequence[Contact], steps: list[Step]) -> Taken:
        """Take a yes, a no or neither."""
        question, theme = state.waiting, state.theme
        if question is Question.NONE:
            return self._stayed(state, steps, sooner=answer is Answer.YES)
        if answer is Answer.UNCLEAR and state.tries + 1 < self._rules.limits.tries:
            return self._again(state, contacts, steps or [Step(Action.SAY, f"{theme}.heard.again")])
        if answer is Answer.UNCLEAR and question in SENSED:
            answer = Answer.YES
        rules = self._rules.themes[theme]
        state = state.answered(answer)
        if answer is Answer.YES and question in rules.raising and state.level is not Level.URGENT:
            kind = Kind.PLAN if theme is Theme.SELF_HARM else state.kind
            raised = self._opened(state, Risk(Level.URGENT, kind, f"answer.{question}", 0.8), contacts)
            return Taken(raised.state, (*steps, *raised.steps))
        if answer is Answer.NO and question in rules.skip and rules.skip[question] in state.pending:
            state = replace(state, pending=state.pending[state.pending.index(rules.skip[question]) :])
        word = {Answer.YES: "yes", Answer.NO: "no"}.get(answer, "missing")
        special = f"{theme}.answered.{question}_{word}"
        steps.append(Step(Action.SAY, special if special in self._rules.special else f"{theme}.heard.{word}"))
        state, told = self._without_symptoms(state, contacts)
        return self._next(state, [*steps, *told])

    def _without_symptoms(self, state: ProtocolState, contacts: Sequence[Contact]) -> tuple[ProtocolState, list[Step]]:
        """Order the alert about a value that was measured and is not felt: many do not feel it any more."""
        if not state.kind.is_measured or state.level is not Level.CONCERN:
            return state, []
        return self._alerted(state, contacts)

    def _next(self, state: ProtocolState, steps: list[Step]) -> Taken:
        """Ask what is still to be asked; behind the last question stay, or let go what may be let go."""
        if state.pending:
            question, *rest = state.pending
            state = replace(state, waiting=question, pending=tuple(rest), asked=state.asked | {question}, tries=0)
            return Taken(state, (*steps, self._asks(state.theme, question)))
        if state.answers and not self._missing(state):
            needed = self._rules.themes[state.theme].release[state.level]
            allowed = [Step(Action.SAY, f"{state.theme}.reply.allow")] if needed else []
            return Taken(replace(state, is_open=False), (*steps, *allowed, *ALLOWED))
        if state.was_asked_anything:
            steps.append(Step(Action.SAY, f"{state.theme}.stay.say"))
        return Taken(replace(state, waiting=Question.NONE, stays=0), tuple(steps))

    def _stayed(self, state: ProtocolState, steps: list[Step], *, sooner: bool) -> Taken:
        """Stay and listen; from time to time ask what must be answered before the conversation may go on."""
        state = replace(state, stays=state.stays + 1)
        if sooner or state.stays >= self._rules.limits.stays:
            asked = self._whether_safe(state, steps)
            if asked is not None:
                return asked
        if not self._missing(state) and not steps:
            return Taken(replace(state, is_open=False), ALLOWED)
        return Taken(state, tuple(steps) or (Step(Action.SAY, f"{state.theme}.stay.say"),))

    def _whether_safe(self, state: ProtocolState, steps: list[Step]) -> Taken | None:
        """Ask the first thing that must still be answered yes; None where nothing more may be asked."""
        missing = self._missing(state)
        if not missing or state.stopped or state.rounds >= self._rules.limits.rounds:
            return None
        asked = state.asked | {missing[0]}
        state = replace(state, rounds=state.rounds + 1, waiting=missing[0], asked=asked, stays=0, tries=0)
        return Taken(state, (*steps, self._asks(state.theme, missing[0])))

    def _missing(self, state: ProtocolState) -> list[Question]:
        return state.without_yes(self._rules.themes[state.theme].release[state.level])

    def _asks(self, theme: Theme, question: Question) -> Step:
        limits, counted = self._rules.limits, question is Question.COUNTED
        seconds = (limits.count_seconds if counted else limits.confirm_seconds) if question in SENSED else 0
        return Step(Action.ASK, f"{theme}.ask.{question}", question, wait_seconds=seconds)


def _rank(level: Level) -> int:
    return level.rank
