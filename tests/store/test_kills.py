"""Kill -9 in the middle of turns: what was acknowledged is there, and nothing half-written is seen.

Two ways. A trap in the child kills it at each thing in turn that SQLAlchemy does while a conversation is kept, so that
no place between two statements is missed. And the parent kills a child that talks on and on after a number of
acknowledgements and a wait that a seed decides, so that it dies inside SQLite and the disk as well.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from companion.core.consent import Answer, Item
from companion.store.opening import Place
from tests.fakes.clock import START
from tests.store.dying import Ending, killed_at_statement, killed_while
from tests.store.records import PERSON, Read, begun, decision, opened, reading, rows, session, turn

RANDOM_KILLS = 200
LONGEST_WAIT = 60_000
"""Rounds of a loop that does nothing: about as long as a turn takes to be kept."""
DANGEROUS = frozenset({2, 3})


class Pipe:
    """What the child has acknowledged, read after its death as before it."""

    def __init__(self) -> None:
        self.read_end, self.write_end = os.pipe()
        self._left = b""

    def say(self, what: str) -> None:
        os.write(self.write_end, what.encode() + b"\n")

    def line(self) -> str:
        while b"\n" not in self._left:
            self._left += os.read(self.read_end, 4096)
        line, _, self._left = self._left.partition(b"\n")
        return line.decode()

    def rest(self) -> list[str]:
        """Return what was said and not read yet, once nobody can say more."""
        os.close(self.write_end)
        while found := os.read(self.read_end, 4096):
            self._left += found
        os.close(self.read_end)
        return self._left.decode().splitlines()


def conversing(place: Place, pipe: Pipe, sessions: int) -> Callable[[], None]:
    """Return work that keeps conversations of four turns, two of them with danger, and says what is on the disk."""

    def work() -> None:
        with closing(opened(place)) as record:
            for _ in range(sessions):
                session_id = record.conversations.start_session(session())
                pipe.say(f"session {session_id}")
                for number in range(1, 5):
                    risk = "watch" if number in DANGEROUS else "none"
                    turn_id = record.conversations.add_turn(session_id, number, turn(f"{number}", risk=risk))
                    pipe.say(f"turn {number}")
                    record.conversations.mark_spoken(turn_id, f"말한 {number}")
                    pipe.say(f"spoken {number}")
                record.conversations.end_session(session_id, START, "person")
                pipe.say("ended 0")

    return work


def check(place: Place, said: list[str], *, keeps: bool = True) -> None:
    """Hold what the child acknowledged against what is on the disk, session by session."""
    session_id, acknowledged = "", dict[str, int]()
    with reading(place) as read:
        for line in [*said, "session "]:
            what, _, value = line.partition(" ")
            if what == "session":
                if session_id:
                    (check_kept if keeps else check_danger)(read, session_id, acknowledged)
                session_id, acknowledged = value, {}
            else:
                acknowledged[what] = max(int(value), acknowledged.get(what, 0))


def check_kept(read: Read, session_id: str, acknowledged: dict[str, int]) -> None:
    turns = read("SELECT number, heard, spoken, id FROM turns WHERE session_id = ? ORDER BY number", session_id)
    numbers = [number for number, *_ in turns]
    last = acknowledged.get("turn", 0)
    assert numbers in (list(range(1, last + 1)), list(range(1, last + 2))), "acknowledged turns, and at most the next"
    assert [heard for _, heard, *_ in turns] == [str(number) for number in numbers]
    assert all(spoken == f"말한 {number}" for number, _, spoken, _ in turns if number <= acknowledged.get("spoken", 0))
    risks = read("SELECT turn_number, words, id FROM risk_events WHERE session_id = ? ORDER BY 1", session_id)
    assert [number for number, *_ in risks] == sorted(DANGEROUS & set(numbers)), "no turn without its danger"
    assert [words for _, words, _ in risks] == [str(number) for number, *_ in risks]
    (ended,) = read("SELECT ended_by FROM sessions WHERE id = ?", session_id)
    assert ended == ("person",) or "ended" not in acknowledged
    waiting = read(
        "SELECT row_id FROM changes WHERE operation = 'insert' AND row_id IN "
        "(SELECT id FROM turns WHERE session_id = ?1 UNION SELECT id FROM risk_events WHERE session_id = ?1)",
        session_id,
    )
    assert sorted(waiting) == sorted((row[-1],) for row in turns + risks), "every row leaves its change, once"


def check_danger(read: Read, session_id: str, acknowledged: dict[str, int]) -> None:
    last = acknowledged.get("turn", 0)
    risks = read("SELECT turn_number, words FROM risk_events WHERE session_id = ? ORDER BY 1", session_id)
    numbers = [number for number, _ in risks]
    assert numbers in (sorted(DANGEROUS & set(range(last + 1))), sorted(DANGEROUS & set(range(last + 2))))
    assert {words for _, words in risks} <= {None}
    assert read("SELECT 1 FROM turns WHERE session_id = ?", session_id) == []


def places_killed(place: Place, *, keeps: bool) -> int:
    """Kill one conversation after another at its first, second, third … place; return how many places there were."""
    for step in count(1):
        pipe = Pipe()
        ending = killed_at_statement(step, conversing(place, pipe, 1))
        check(place, pipe.rest(), keeps=keeps)
        if ending is Ending.DONE:
            return step - 1
    raise AssertionError


def test_a_kill_at_each_statement_of_a_conversation_loses_nothing(memory_folder: Path) -> None:
    """From opening the record to the end of the session, every place between two statements is died at once."""
    place = begun(memory_folder)

    assert places_killed(place, keeps=True) > 80

    with closing(opened(place)):
        pass


def test_a_kill_where_only_danger_may_be_kept_loses_no_danger(memory_folder: Path) -> None:
    """Without consent to keep conversations the same holds for danger alone, and no words are on the disk."""
    place = begun(memory_folder)
    with closing(opened(place)) as record:
        record.consents.decide(PERSON.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))

    assert places_killed(place, keeps=False) > 30


def test_kills_at_random_moments_lose_nothing(memory_folder: Path) -> None:
    """Two hundred conversations die at a moment that nobody chose, on one record that lives through all."""
    place = begun(memory_folder)
    for seed in range(RANDOM_KILLS):
        chance = int.from_bytes(hashlib.sha256(f"{seed}".encode()).digest()[:8])
        pipe, heard = Pipe(), list[str]()

        def ready(pipe: Pipe = pipe, heard: list[str] = heard, chance: int = chance) -> None:
            heard.extend(pipe.line() for _ in range(1 + chance % 12))
            for _ in range(chance // 12 % LONGEST_WAIT):
                pass

        assert killed_while(conversing(place, pipe, 1000), ready) is Ending.KILLED
        check(place, heard + pipe.rest())

    with closing(opened(place)):
        pass
    assert rows(place, "SELECT count(*) FROM sessions")[0][0] >= RANDOM_KILLS
