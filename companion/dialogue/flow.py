"""Holds the conversation: from what was heard to what is said next.

Pure. ``respond`` is a generator: it yields requests (nearest situations, a generated reply) and is sent the answers;
with no answers it still ends with a sensible response. Safety comes first, always; then commands; then what must be
right from the start; then the reviewed bank, or a generated reply behind the guard.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from companion.core.heard import NOTHING_HEARD, Heard, Hearing
from companion.core.morphology import Analyser
from companion.core.reading import Reading
from companion.core.turn import Reply, Understanding
from companion.dialogue.bank import Bank
from companion.dialogue.commands import OF_VOICE, Asked
from companion.dialogue.context import wanted_by, with_reactions
from companion.dialogue.crisis import Met, Voice
from companion.dialogue.exemplars import Exemplars
from companion.dialogue.forward import look_forward
from companion.dialogue.greeting import OPENED, greeting_key, without_questions
from companion.dialogue.knowing import Knowing
from companion.dialogue.obeying import KEPT_TURNS, Obeying
from companion.dialogue.offering import key_of, refused, taken
from companion.dialogue.offering import noted as offered_in
from companion.dialogue.offers import ACTIVITY, TALE, Reaction
from companion.dialogue.opportunity import Offer, Opportunity, Refusal
from companion.dialogue.plan import MOST_SILENCES, Event
from companion.dialogue.replying import Replier
from companion.dialogue.requests import Answer, Request
from companion.dialogue.saying import Saying
from companion.dialogue.state import Closing, Command, Exchange, Response, Setting, State
from companion.dialogue.steering import meant
from companion.dialogue.tables import Parts, Tables, build
from companion.dialogue.taken import Taken
from companion.dialogue.understanding import Voices
from companion.dialogue.wants import Want
from companion.safety.protocol_state import Earlier
from companion.safety.risk import NO_RISK, Level, Risk
from companion.safety.voices import Voices as DangerVoices

__all__ = ["Closing", "Command", "Dialogue", "Exchange", "Response", "Setting", "State"]

_MOST_ASKED_AGAIN: Final = 2
_FORGOTTEN: Final = "memory.wish.forgotten"
_READ_CHARACTERS: Final = 1000
"""What is understood of an utterance; three minutes of slow speech. Danger is looked for in all of it."""


class Dialogue:
    """Built once; holds no state of a conversation."""

    def __init__(self, parts: Parts, persona: str) -> None:
        self._parts = parts
        self._saying = Saying(parts)
        self._knowing = Knowing(parts, self._saying)
        self._obeying = Obeying(parts, self._saying, self._knowing)
        self._replier = Replier(parts, persona)

    @classmethod
    def from_tables(  # noqa: PLR0913 - each is one folder of data, or what reads it
        cls,
        *,
        replies: Tables,
        fixed: Tables,
        lexicon: Tables,
        safety: Tables,
        persona: str,
        analyser: Analyser,
        danger_voices: DangerVoices | None = None,
        tales: Tables | None = None,
        facts: Tables | None = None,
        bank_words: str = "",
        exemplars: Mapping[str, str] | None = None,
    ) -> Dialogue:
        """Build the dialogue from the parsed tables of ``prompts/`` (each by file name).

        ``danger_voices`` are those of the assessment of danger; without them its rules speak alone. ``tales`` is what
        can be told, ``facts`` what is known; without them nothing is. ``bank_words`` is what is kept of the words of
        the bank: where it is of another, they are read anew. ``exemplars`` are texts of files by name.

        Raises:
            PromptError: A table is broken.
        """
        parts = build(
            replies=replies,
            fixed=fixed,
            lexicon=lexicon,
            safety=safety,
            analyser=analyser,
            danger_voices=danger_voices,
            tales=tales,
            facts=facts,
            bank_words=bank_words,
            exemplars=exemplars,
        )
        return cls(parts, persona)

    @property
    def protocol_version(self) -> str:
        """Recorded with every step of the crisis protocol."""
        return self._parts.crisis.protocol.version

    @property
    def lexicon_version(self) -> str:
        """Recorded with every danger."""
        return self._parts.crisis.assessor.version

    def setting(  # noqa: PLR0913 - each is something that is so at a moment
        self,
        moment: datetime,
        *,
        address: str,
        first_time: bool = False,
        generation: bool = False,
        keeps: bool = True,
        earlier: Earlier | None = None,
        said_lately: frozenset[str] = frozenset(),
        days_since: int | None = None,
    ) -> Setting:
        """Return the setting of a moment, with the date and the time as they are said."""
        time = self._parts.time
        return Setting(
            address=address,
            hour=moment.hour,
            today=moment.date(),
            date_spoken=time.date(moment),
            weekday_spoken=time.weekday(moment),
            time_spoken=time.time(moment),
            first_time=first_time,
            generation=generation,
            keeps=keeps,
            earlier=earlier,
            season=time.season_key(moment.month),
            said_lately=said_lately,
            days_since=days_since,
        )

    @property
    def bank(self) -> Bank:
        """The reply bank: what its encoder is taught, and the gists that it receives."""
        return self._parts.bank

    @property
    def exemplars(self) -> Exemplars:
        """What somebody told once and how it is answered."""
        return self._parts.exemplars

    def kept_sentences(self) -> tuple[str, ...]:
        """Return every fixed sentence without slots of the person or the moment, for keeping as sound."""
        return self._parts.sentences.without_person()

    def open(self, setting: Setting, state: State, chance: float) -> Response:
        """Return greeting and disclosure. A greeting that asks something asks it last."""
        state = replace(state, plan=state.plan.after(Event.GREETED))
        kept = "kept" if setting.keeps else "unkept"
        greeting = self._saying.fixed(
            greeting_key(setting, self._parts.time.part_key(setting.hour), chance), setting, state, chance
        )
        greeting = replace(greeting, text=setting.greeting, id=OPENED) if setting.greeting else greeting
        disclosure_key = f"session.session.disclosure_{'first' if setting.first_time else 'short'}_{kept}"
        disclosure = self._saying.fixed(disclosure_key, setting, state, chance)
        hello, _, rest = greeting.text.partition(". ")
        if setting.asks_next:
            hello, rest = without_questions(greeting.text), ""
        elif "?" not in rest:
            hello, rest = greeting.text, ""
        opening = hello if hello.endswith((".", "?", "!")) else f"{hello}."
        met = self._returned(setting, state, chance)
        if met is not None and met.reply is not None:
            text = f"{opening} {disclosure.text} {met.reply.text}"
            return self._met("", replace(met.reply, text=text, id=greeting.id), met, state)
        text = " ".join(piece for piece in (opening, disclosure.text, rest) if piece)
        return self._after("", replace(greeting, text=text), state)

    def _returned(self, setting: Setting, state: State, chance: float) -> Met | None:
        """Return to a danger that an earlier session left open."""
        if setting.earlier is None:
            return None
        return self._parts.crisis.come_back(setting.earlier, self._voice(setting, state, chance))

    def close(self, setting: Setting, state: State, chance: float, reason: Closing) -> Response:
        """Return the closing words for a reason."""
        if state.protocol.is_open:
            met = self._parts.crisis.leave(state, self._voice(setting, state, chance))
            if met.reply is not None:
                return self._met("", replace(met.reply, ends_session=True), met, state)
        keys = {
            Closing.STOP: "session.session.stopping",
            Closing.INTERRUPTED: "session.session.interrupted_goodbye",
            Closing.NIGHT: "session.closing.night",
        }
        forward = look_forward(self._parts, state)
        usual = "look_forward" if forward else self._parts.time.part_key(setting.hour)
        key = keys.get(reason, f"session.closing.{usual}")
        reply = self._saying.fixed(key, setting, state, chance, thing=forward)
        state = replace(state, plan=state.plan.after(Event.CLOSED))
        return self._after("", replace(reply, ends_session=True), state)

    def silence(self, setting: Setting, state: State, chance: float) -> Response:
        """Return a gentle prompt, or after two of them a kind goodbye that ends the session."""
        if state.protocol.is_open:
            met = self._parts.crisis.meet(NOTHING_HEARD, NO_RISK, state, self._voice(setting, state, chance))
            if met.reply is not None:
                return self._met("", met.reply, met, state)
        if state.plan.silences >= MOST_SILENCES:
            reply = self._saying.fixed("session.session.silence_goodbye", setting, state, chance)
            reply = replace(reply, ends_session=True)
        else:
            reply = self._saying.fixed("session.session.silence_prompt", setting, state, chance)
        counted = replace(state, used=state.used | {reply.id}, plan=state.plan.after(Event.SILENT))
        return Response(reply, None, NO_RISK, None, counted)

    def at_limit(self, command: Command, setting: Setting, state: State, chance: float) -> Response:
        """Return what is said where the voice cannot become any louder, softer, slower or faster."""
        return self._obeying.at_limit(command, setting, state, chance)

    def noted(self, reply: Reply, state: State, heard: Heard | None = None, risk: Risk = NO_RISK) -> Response:
        """Return the response for a reply chosen elsewhere, so that it can be repeated and is remembered."""
        state = state.without_matters() if reply.id.startswith(_FORGOTTEN) else state
        return self._after("" if heard is None else heard.text, reply, state, risk=risk)

    def command_in(self, text: str) -> Asked | None:
        """Return the command that an answer to something asked is, if it is nothing else."""
        shown = text[:_READ_CHARACTERS]
        reading = self._parts.grammar.read(self._parts.analyser.analyse(shown))
        return self._parts.commands.find(shown, reading, answers=True)

    def risk_of(self, text: str, state: State) -> Risk:
        """Return the danger heard in a text; where there is any it is to be answered before anything else."""
        return self._parts.crisis.assess(text, state.turns)

    def raised(self, risk: Risk, heard: Heard, setting: Setting, state: State, chance: float) -> Response | None:
        """Return what a danger demands that was found elsewhere: in an answer to a screening. None: nothing more."""
        met = self._parts.crisis.raised(risk, state, self._voice(setting, state, chance))
        return None if met.reply is None else self._met(heard.text, met.reply, met, state)

    def failed(self, setting: Setting, state: State, chance: float) -> Response:
        """Return the apology for a turn that could not be answered, whatever went wrong."""
        reply = self._saying.fixed("session.session.reply_failed", setting, state, chance)
        return Response(reply, None, NO_RISK, None, state)

    def respond(
        self, heard: Heard, setting: Setting, state: State, chance: float
    ) -> Generator[Request, Answer, Response]:
        """Yield requests, be sent answers (None where nobody can answer), return the response. Never raises on text."""
        if heard.hearing is Hearing.NOTHING or not heard.text.strip():
            return self.silence(setting, state, chance)
        text = heard.text
        state = replace(state, plan=state.plan.after(Event.SPOKE))
        shown = text[:_READ_CHARACTERS]
        reading = self._parts.grammar.read(self._parts.analyser.analyse(shown))
        slots, doubtful = self._saying.slots(setting), self._is_doubtful(heard)
        said = yield from with_reactions(Taken(shown, reading, setting, state, chance, slots, doubtful=doubtful))
        asked = self._parts.commands.find(shown, reading, answers=bool(state.turns) and "?" in state.turns[-1].reply)
        asked = None if asked is not None and asked.command in OF_VOICE and said.only_tells else asked
        risk = yield from self._parts.crisis.consulted(text, state.turns, may_ask=setting.generation)
        first, state, risk = self._before_all_else(heard, risk, asked, setting, state, chance)
        if first is not None:
            return first
        if said.doubtful and state.asked_again < _MOST_ASKED_AGAIN:
            reply = self._saying.fixed("session.session.ask_again", setting, state, chance)
            counted = replace(state, asked_again=state.asked_again + 1, used=state.used | {reply.id})
            return Response(reply, None, risk, None, counted)
        if not said.doubtful:
            state = replace(state, asked_again=0)
        settled = self._settled(heard, reading, setting, state, risk=risk, chance=chance)
        if settled is not None:
            return settled
        known, said = self._knowing.at_once(replace(said, state=state))
        if known is not None:
            understood = self._parts.understander.understand(said.reading, Voices({}, {}, ()), known[1])
            return self._after(text, known[0], state, understood=understood, risk=risk)
        return (yield from self._answered(heard, said, risk))

    def _before_all_else(
        self, heard: Heard, risk: Risk, asked: Asked | None, setting: Setting, state: State, chance: float
    ) -> tuple[Response | None, State, Risk]:
        """Return what danger or a command demands at once, if anything does, with the state and the risk."""
        stopping = asked is not None and asked.command is Command.STOP
        met = self._parts.crisis.meet(heard, risk, state, self._voice(setting, state, chance), stopping=stopping)
        calm = replace(state, asked_again=0)
        if asked is not None and not stopping and met.risk.level is Level.NONE:
            # The question of the protocol stays open while the voice is made louder.
            return self._obeyed(asked, heard.text, setting, calm, chance), state, met.risk
        if met.reply is not None:
            return self._met(heard.text, met.reply, met, state), state, met.risk
        plan = state.plan if met.taken.state.is_open else state.plan.after(Event.CALM)
        state = replace(state, protocol=met.taken.state, plan=plan)
        if asked is not None:
            calm = replace(state, asked_again=0)
            return self._obeyed(asked, heard.text, setting, calm, chance), state, met.risk
        return None, state, met.risk

    def _settled(
        self, heard: Heard, reading: Reading, setting: Setting, state: State, *, risk: Risk, chance: float
    ) -> Response | None:
        """Begin what the person says yes to, or drop it; None where nothing was offered, or neither is said."""
        reaction, begins = taken(heard.text, state, self._parts)
        if reaction is Reaction.ELSE:
            return None
        if begins is None:
            reply = self._saying.fixed("session.session.offer_left", setting, state, chance)
            state = refused(state)
        else:
            tale = begins.kind == TALE
            known = state.used, setting.said_lately, chance, heard.text
            told = self._parts.telling.tell(begins.name, *known) if tale else None
            reply = told or self._saying.fixed(key_of(begins), setting, state, chance)
        understood = self._parts.understander.understand(reading, Voices({}, {}, ()), f"offer.{reaction}")
        response = self._after(heard.text, reply, state, understood=understood, risk=risk)
        return replace(response, begins=begins if begins is not None and begins.kind == ACTIVITY else None)

    def _answered(self, heard: Heard, said: Taken, risk: Risk) -> Generator[Request, Answer, Response]:
        """Tell what was asked for, or understand and answer."""
        setting, state, chance = said.setting, said.state, said.chance
        told = self._knowing.tale(said.text, setting, state, chance)
        if told is not None:
            understood = self._parts.understander.understand(said.reading, Voices({}, {}, ()), told.id)
            return self._after(heard.text, told, state, understood=understood, risk=risk)
        said, understood, evidence = yield from self._replier.taken(said)
        unsure = said.doubtful or risk != NO_RISK or self._knowing.puts_right(said.text, said.reading, state)
        want = None if unsure else wanted_by(self._parts, said, evidence.labels)
        want = None if want is not None and want.id == self._knowing.objected(state) else want
        wanted = None if want is None else self._wanted(want, heard, understood, setting, state, chance)
        if wanted is not None:
            return wanted
        reply, understood = yield from self._replier.reply(said, understood, evidence)
        asked = meant(understood)
        if asked is not None and risk == NO_RISK and not said.doubtful:
            return self._obeyed(asked, heard.text, setting, state, chance)
        if reply is None:
            key = "ask_again_giving_up" if said.doubtful else "reply_failed"
            reply = self._saying.fixed(f"session.session.{key}", setting, state, chance)
        return self._after(heard.text, reply, state, understood=understood, risk=risk)

    def _wanted(
        self, want: Want, heard: Heard, understood: Understanding, setting: Setting, state: State, chance: float
    ) -> Response | None:
        """Do what is plainly wanted of 말벗; None where the bank answers it."""
        if want.command is not None:
            return self._obeyed(want.command, heard.text, setting, state, chance)
        if want.tells:
            reply = self._parts.telling.tell(want.tells, state.used, setting.said_lately, chance, heard.text)
        else:
            reply = self._knowing.wanted(want.say, heard.text, setting, state, chance) if want.say else None
        if reply is None:
            return None
        return self._after(heard.text, reply, state, understood=replace(understood, situation=want.id))

    def refusal(self, offer: Offer, at: Opportunity) -> Refusal | None:
        """Return why something may not be begun unasked now; None where it may."""
        return self._parts.moments.refusal(offer, at)

    def understand(self, text: str) -> Generator[Request, Answer, Understanding]:
        """Yield what is needed to understand an utterance; return what was made of it. Nothing is answered."""
        shown = text[:_READ_CHARACTERS]
        understood, _ = yield from self._replier.understood(
            shown, self._parts.grammar.read(self._parts.analyser.analyse(shown))
        )
        return understood

    def _is_doubtful(self, heard: Heard) -> bool:
        """Whether to ask for it again: not where the doubtful words are exactly a plain greeting or a short answer."""
        return heard.ask_again and not self._parts.understander.lexicon.is_whole(heard.text)

    def _voice(self, setting: Setting, state: State, chance: float) -> Voice:
        return Voice(state.used, chance, self._saying.slots(setting), setting.contacts)

    def _met(self, heard: str, reply: Reply, met: Met, state: State) -> Response:
        """Return what danger demands instead of anything else."""
        plan = state.plan.after(Event.DANGER if met.taken.state.is_open else Event.CALM)
        state = replace(state, protocol=met.taken.state, asked_again=0, used=state.used | met.said, plan=plan)
        response = self._after(heard, reply, state, risk=met.risk)
        return replace(response, steps=met.taken.steps, answer=met.answer)

    def _obeyed(self, asked: Asked, text: str, setting: Setting, state: State, chance: float) -> Response:
        """Answer a command."""
        if asked.command is not Command.STOP:
            return self._obeying.obeyed(asked, text, setting, state, chance)
        reason = Closing.BYE if asked.farewell else Closing.STOP
        before = state.turns[-1].heard if state.turns else ""
        if any(self._parts.commands.is_for_the_night(one) for one in (text, before)):
            reason = Closing.NIGHT
        return replace(self.close(setting, state, chance, reason), command=asked.command)

    def _after(
        self, heard: str, reply: Reply, state: State, *, understood: Understanding | None = None, risk: Risk = NO_RISK
    ) -> Response:
        exchange = Exchange(heard[:_READ_CHARACTERS], reply.text, understood, risk, reply.id)
        turns = (*state.turns, exchange)[-KEPT_TURNS:]
        told = self._parts.telling.going_on(reply.id, state.told, [turn.reply for turn in turns])
        after = replace(state, turns=turns, used=state.used | {reply.id}, told=told)
        return Response(reply, understood, risk, None, offered_in(after, reply, self._parts))
