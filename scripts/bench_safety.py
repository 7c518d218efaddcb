"""Measures how long the assessment of one utterance takes, beside what the analyser alone takes for it.

    python scripts/bench_safety.py [FILE.jsonl] [--encoder] [--json]

The baseline is the morphological analysis of the same utterance, which every turn needs anyway; both are timed in the
same run, one utterance at a time, without a language model; without the sentence encoder unless it is asked for.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from companion.evaluation.cases import read_risk_cases
from companion.wiring.language import analyser, danger_assessor

SEEN = Path(__file__).resolve().parent.parent / "tests" / "evaluation" / "sets" / "risk_seen.jsonl"
ROUNDS = 3


def milliseconds(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Return the least time of some rounds for each text."""
    least = []
    for text in texts:
        took = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            work(text)
            took.append((time.perf_counter() - began) * 1000)
        least.append(min(took))
    return least


def main() -> None:
    """Time both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SEEN)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--encoder", action="store_true", help="with the sentence encoder, as in a conversation")
    arguments = parser.parse_args()
    words = analyser()
    began = time.perf_counter()
    assess = danger_assessor(third=arguments.encoder).assess
    loading = (time.perf_counter() - began) * 1000
    texts = [case.text for case in read_risk_cases(arguments.file)]
    ours, baseline = milliseconds(assess, texts), milliseconds(words.analyse, texts)
    figures = {
        "n": len(texts),
        "load_ms": round(loading, 1),
        "median_ms": round(statistics.median(ours), 3),
        "p95_ms": round(statistics.quantiles(ours, n=20)[-1], 3),
        "baseline_median_ms": round(statistics.median(baseline), 3),
        "ratio": round(statistics.median(ours) / statistics.median(baseline), 1),
    }
    print(json.dumps(figures) if arguments.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
