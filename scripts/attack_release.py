"""Measures what a research release does not promise: an attacker who knows more than one thing of a person.

    python scripts/attack_release.py --home FOLDER [--json]

FOLDER holds a record seeded by ``bench_release.py --home``. The attacker knows age, sex and region of a person and the
totals of 1, 2, 3 … of their screenings, and with ``weeks`` also how many weeks lie between them. They guess among the
pseudonyms that fit. Printed is the mean chance that the guess is right, and the share of people who are found for sure;
the decision record promises at most 1/k for one total and nothing for more.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random  # noqa: TID251 - which screenings are known is drawn by chance, from a seed
from typing import Any

from bench_release import NOW, opened
from pyarrow import parquet

from companion.core.research import Participant, pseudonym
from companion.exchange.release.assessing import assessed
from companion.exchange.release.making import Imprint, make
from companion.exchange.release.policy import read_policy
from companion.exchange.release.preparing import Prepared, Rules, prepare
from companion.exchange.release.shifting import local_day
from companion.prompts import data_folder, prompt_table
from companion.store.research import research_view
from companion.wiring.instruments import instruments
from companion.wiring.releasing import hierarchies, schema

KNOWN = (1, 2, 3, 5)


def known_of(results: Sequence[tuple[date, int]], many: int, chance: Random) -> Sequence[tuple[date, int]]:
    """Return some results that somebody got to know, in their order."""
    return sorted(chance.sample(list(results), many))


def fits(shown: Sequence[tuple[date, int | None]], known: Sequence[tuple[date, int]], *, weeks: bool) -> bool:
    """Return whether what is shown of a pseudonym holds what is known of a person, in its order."""
    if weeks:
        gaps = [(second[0] - first[0]).days // 7 for first, second in pairwise(known)]
        return any(_from(shown, start, known, gaps) for start in range(len(shown)))
    waiting = iter(total for _, total in shown)
    return all(any(total == one for total in waiting) for _, one in known)


def _from(
    shown: Sequence[tuple[date, int | None]], start: int, known: Sequence[tuple[date, int]], gaps: Sequence[int]
) -> bool:
    """Return whether the known results lie in a life from one of its screenings on, a week more or less apart."""
    at, total = shown[start]
    if total != known[0][1]:
        return False
    here = at
    for gap, (_, wanted) in zip(gaps, known[1:], strict=True):
        found = next((day for day, one in shown if one == wanted and abs((day - here).days // 7 - gap) <= 1), None)
        if found is None:
            return False
        here = found
    return True


def attacked(prepared: Prepared, folder: Path, real: Mapping[str, Sequence[tuple[date, int]]]) -> list[dict[str, Any]]:
    """Return how far an attacker comes, by how much they know."""
    lives: dict[str, list[tuple[date, int | None]]] = defaultdict(list)
    table = parquet.read_table(folder / "parquet/screenings", columns=["person", "date", "total"])
    for row in table.to_pylist():
        lives[row["person"]].append((row["date"], row["total"]))
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in prepared.members:
        alike[one.shown].append(one.pseudonym)
    found = []
    for many in KNOWN:
        for weeks in (False, True) if many > 1 else (False,):
            chance, right, sure, tried = Random(many), 0.0, 0, 0  # noqa: S311 - draws what is known, keeps no secret
            for one in prepared.members:
                if len(real[one.pseudonym]) < many:
                    continue
                known = known_of(real[one.pseudonym], many, chance)
                candidates = [who for who in alike[one.shown] if fits(lives[who], known, weeks=weeks)]
                tried += 1
                if one.pseudonym in candidates:
                    right += 1 / len(candidates)
                    sure += len(candidates) == 1
            found.append(
                {"totals": many, "weeks": weeks, "mean": round(right / tried, 3), "sure": round(sure / tried, 3)}
            )
    return found


def main() -> None:
    """Release, attack, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    known = instruments()
    text = (data_folder("prompts") / "release/policy.example.toml").read_bytes()
    policy, _ = read_policy(text, schema=schema(), hierarchies=hierarchies(), instruments=known, today=NOW.date())
    assert policy is not None  # noqa: S101 - the example is whole
    words = prompt_table("release/words.ko.toml")["summary"]
    with tempfile.TemporaryDirectory() as folder, closing(opened(arguments.home)) as record:
        rules = Rules(policy, schema(), hierarchies(), known, record.releases.secret("attacked"), NOW)
        with research_view(record.database) as source:
            prepared = prepare(source, rules)
            make(source, prepared, rules, Imprint("attacked", "attack", words), Path(folder))
            real = _real(source.screenings([one.person for one in prepared.members]), rules)
        figures = {
            "people": len(prepared.members),
            "k": prepared.protected.k,
            "classes": len(prepared.protected.classes),
            "attacks": attacked(prepared, Path(folder), real),
        }
    print(json.dumps(figures, indent=None if arguments.json else 1))


def _real(screened: Any, rules: Rules) -> dict[str, list[tuple[date, int]]]:  # noqa: ANN401 - an iterator of pairs
    """Return the real totals of everybody with their real days, by the pseudonym that the attacker looks for."""
    found: dict[str, list[tuple[date, int]]] = {}
    for person, screenings in screened:
        results = [(local_day(one.at, _zone(person)), assessed(one, rules.instruments).total) for one in screenings]
        found[pseudonym(rules.secret, person.id)] = [(day, total) for day, total in results if total is not None]
    return found


def _zone(person: Participant) -> Any:  # noqa: ANN401 - a tzinfo
    from companion.exchange.release.preparing import zone_of

    return zone_of(person)


if __name__ == "__main__":
    main()
