"""Measures how well the reply to a telling is chosen, by candidates that were judged once: no judge is needed again.

    python scripts/measure_choice.py tests/evaluation/sets/choices.jsonl [--no-encoder] [--json]

A line of the file is a telling with the turns before it and some ten candidate replies, each judged as the only answer:
``right`` here, ``general`` (right for many tellings as well), ``wrong``, or one that ``hurts``. Each telling is said in
a real conversation; what counts is the situation of the bank from which it is answered. Printed are the shares of the
judgements of what was chosen, those of the best candidate, and how many tellings were answered from elsewhere. Three
strangers wrote the tellings; two others judged half of them, whoever mended the choice the rest.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from companion.wiring.measuring_dialogue import conversing

JUDGEMENTS = ("right", "general", "wrong", "hurts")
"""Best first."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What was said, one thing after another, and how candidates to the last of it were judged, by situation."""

    said: tuple[str, ...]
    judged: dict[str, str]


def read(file: Path) -> list[Telling]:
    """Return the tellings of a file."""
    tellings = []
    for line in file.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        before = (turn["text"] for turn in case["context"] if turn["role"] == "user")
        judged = {one["situation"]: one["is"] for one in reversed(case["judged"])}
        tellings.append(Telling((*before, case["user"]), judged))
    return tellings


def shares(found: list[str]) -> dict[str, float]:
    """Return the share of each judgement."""
    counted = Counter(found)
    return {name: round(counted[name] / max(1, len(found)), 3) for name in JUDGEMENTS}


def main() -> None:
    """Say every telling and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--no-encoder", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    chosen, best, elsewhere = list[str](), list[str](), 0
    with conversing(generation=False, with_encoder=not arguments.no_encoder) as say:
        for telling in read(arguments.file):
            best.append(min(telling.judged.values(), key=JUDGEMENTS.index))
            understood = say(telling.said).turn.understanding
            judgement = telling.judged.get(understood.situation) if understood is not None else None
            if judgement is None:
                elsewhere += 1
            else:
                chosen.append(judgement)
    figures = {"n": len(best), "chosen": shares(chosen), "best": shares(best), "elsewhere": elsewhere}
    print(json.dumps(figures) if arguments.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
