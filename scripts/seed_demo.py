"""Fills an empty record with an invented population, for demonstrations and benches.

    python scripts/seed_demo.py --people 200 --days 365 --home FOLDER [--seed 7] [--until 2026-11-26] [--readings]

    python scripts/seed_demo.py --month --home FOLDER

tells one month of forty people instead, in groups of 생활지원사, up to the last evening: two crises, one of them open,
a consent withdrawn, somebody who did not answer, a silent device, a score that rose and one that fell.

The record is a real one: encrypted, made in FOLDER if there is none, opened by a key file. What is written follows from
the seed and the last day alone (not the key, of course). Progress and rate go to stderr. Nothing is left in the outbox:
invented people are no news to a centre. Ends with 2 where the record already has people.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from demo.month import Story
from demo.seeding import Plan, seed

from companion.cli.exit_codes import exit_code_for
from companion.cli.messages import explain
from companion.errors import CompanionError, KeyRefused
from companion.store.database import Stamp
from companion.store.opening import Place, open_record

_SEOUL, _EVENING = timedelta(hours=9), timedelta(hours=20)
"""Offset of the zone that everybody in it lives in, and the hour by which the last conversation of a day is over."""


def no_passphrase() -> str:
    """Refuse to ask: a key file opens what is seeded.

    Raises:
        KeyRefused: Always.
    """
    raise KeyRefused("vault.no_terminal")


def parsed() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--until", type=date.fromisoformat, help="the last day: by default today; of a month the last evening"
    )
    parser.add_argument("--readings", action="store_true", help="blood pressure, pulse and steps too")
    parser.add_argument("--month", action="store_true", help="the month that is told in scripts/demo/month.ko.toml")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.people < 1 or arguments.days < 1:
        parser.error("--people and --days begin at 1")
    return arguments


def planned(arguments: argparse.Namespace) -> Plan:
    """Return what is asked for."""
    now = datetime.now(UTC)
    if arguments.month:
        story, last_evening = Story(), (now + _SEOUL - _EVENING).date()
        until = arguments.until or last_evening
        return Plan(story.people, story.days, until, arguments.seed, readings=True, story=story)
    until = arguments.until or now.date()
    return Plan(arguments.people, arguments.days, until, arguments.seed, readings=arguments.readings)


def main() -> None:
    """Fill the record and say how much was written."""
    arguments = parsed()
    plan = planned(arguments)
    try:
        record = open_record(
            Place(arguments.home), stamp=Stamp("demo"), now=lambda: datetime.now(UTC), ask=no_passphrase
        )
        try:
            turns = seed(record.database, plan, lambda line: print(line, file=sys.stderr))
        finally:
            record.close()
    except CompanionError as error:
        print(explain(error), file=sys.stderr)
        sys.exit(exit_code_for(error))
    done = {"people": plan.people, "days": plan.days, "turns": turns, "seed": plan.seed}
    print(json.dumps(done) if arguments.json else done)


if __name__ == "__main__":
    main()
