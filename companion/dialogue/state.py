"""What the dialogue knows between turns, as immutable values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from companion.core.turn import Reply, Understanding
from companion.dialogue.offers import Offered
from companion.dialogue.plan import SessionPlan
from companion.safety.alerts import Contact
from companion.safety.protocol_state import Earlier, ProtocolState
from companion.safety.risk import NO_RISK, Risk
from companion.safety.steps import Answer, Step


@dataclass(frozen=True, slots=True)
class Setting:
    """What is so during a session, or at this moment of it."""

    address: str
    """How the person is called, with 님 or the like: 어르신."""
    hour: int
    """Of the day, 0 to 23, on the clock of the device."""
    date_spoken: str = ""
    """Today as it is said; empty where nobody knows."""
    today: date | None = None
    """The day where the person is; None where nobody knows: then nothing of the calendar is answered."""
    weekday_spoken: str = ""
    """The day of the week; empty where nobody knows."""
    time_spoken: str = ""
    """The time as it is said; empty where nobody knows."""
    first_time: bool = False
    """Whether this is the first conversation with this person."""
    generation: bool = False
    """Whether replies may be written by a language model (behind the guard)."""
    keeps: bool = True
    """Whether the person agreed that the conversation is kept."""
    greeting: str = ""
    """What is said first where 말벗 was called or speaks first; empty for the greeting of the hour."""
    contacts: tuple[Contact, ...] = ()
    """Who may be told of a danger; empty where nobody is set up, and then it is said so."""
    earlier: Earlier | None = None
    """A danger that an earlier session left open."""
    asks_next: bool = False
    """Whether something is asked right after the greeting, so that the greeting itself must not ask."""
    season: str = ""
    """spring, summer, autumn or winter; empty where nobody knows."""
    said_lately: frozenset[str] = frozenset()
    """Ids of the replies of the last sessions: not said again while there is anything else."""
    days_since: int | None = None
    """Days since the last session; None where there was none or nobody knows."""
    activities: bool = False
    """Whether an activity can be begun: without that none is offered in a reply."""
    recalled: str = ""
    """A remembered fact that may be taken up, as a noun phrase; fills ``{recalled}``. Empty where there is none."""
    birthday: str = ""
    """The person's birthday in their own words, 음력 구월 초사흘; empty where they never told it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn: what was heard, what was answered."""

    heard: str
    reply: str
    understanding: Understanding | None = None
    risk: Risk = NO_RISK
    reply_id: str = ""
    """Of the situation and the variant that was answered."""


@dataclass(frozen=True, slots=True)
class State:
    """Where the conversation stands. A new one comes with every response; none is ever changed."""

    turns: tuple[Exchange, ...] = ()
    """The last turns, oldest first; at most ``KEPT_TURNS``."""
    asked_again: int = 0
    """How often in a row the person was asked to say it again."""
    used: frozenset[str] = frozenset()
    """Replies and variants already said in this session, by id."""
    plan: SessionPlan = field(default_factory=SessionPlan)
    """Where the session stands in its arc."""
    told: str = ""
    """Id of the story, joke or riddle of the last turn; empty where none was told."""
    protocol: ProtocolState = field(default_factory=ProtocolState)
    """Where the crisis protocol stands."""
    offered: Offered | None = None
    """What the last reply offered: a yes begins it."""
    offers_made: frozenset[Offered] = frozenset()
    """What replies of this session offered: none is offered again."""
    offer_refused: bool = False
    """Whether the person said no to one: then none is made any more."""

    @classmethod
    def start(cls) -> State:
        """Return the state of a session in which nothing was said."""
        return cls()

    def without_matters(self) -> State:
        """Return the state in which nothing that was told is come back to; safety still reads what was said."""
        return replace(self, turns=tuple(replace(turn, understanding=None) for turn in self.turns))


class Command(StrEnum):
    """What the person asks of the voice or the session itself."""

    REPEAT = "repeat"
    LOUDER = "louder"
    SOFTER = "softer"
    SLOWER = "slower"
    FASTER = "faster"
    STOP = "stop"
    STOP_KEEPING = "stop_keeping"
    """Nothing of the conversation is to be written down any more."""
    START_KEEPING = "start_keeping"
    """The conversation may be written down from now on."""
    ERASE_KEPT = "erase_kept"
    """What was written down is to be removed."""


class Closing(StrEnum):
    """Why a session is over."""

    BYE = "bye"
    NIGHT = "night"
    """The person goes to bed, whatever the clock says."""
    STOP = "stop"
    INTERRUPTED = "interrupted"
    ENDED = "ended"
    """The source is over: last file played, keyboard closed."""


@dataclass(frozen=True, slots=True)
class Response:
    """What 말벗 says next, and why."""

    reply: Reply
    understanding: Understanding | None
    risk: Risk
    command: Command | None
    state: State
    steps: tuple[Step, ...] = ()
    """Of the crisis protocol, in order; recorded with the turn."""
    answer: Answer | None = None
    """What was said in answer to a question of the protocol."""
    begins: Offered | None = None
    """What the person said yes to and the dialogue cannot begin itself: an activity."""
