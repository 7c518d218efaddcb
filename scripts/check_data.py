"""Checks every data file that ships: what a person hears, what an operator reads, which model files are fetched.

    python scripts/check_data.py

Lists all problems at once and exits with 1 if there are any. Run by `make check`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date

from companion.artifacts.catalogue import load_manifests
from companion.artifacts.problems import ManifestInvalid
from companion.artifacts.profiles import load_profiles
from companion.cli.messages import sentences
from companion.core.need import NeedLimits
from companion.dashboard.words import all_words
from companion.dialogue.activities.parsing import script_problems
from companion.dialogue.daily.errands import ErrandFinder
from companion.dialogue.daily.rules import load_daily_rules
from companion.dialogue.daily.waking import WakeWords
from companion.dialogue.daily.words import DailyWords
from companion.dialogue.examples import example_problems, gist_problems, want_problems
from companion.dialogue.slots import pairs_of
from companion.dialogue.tables import problems as dialogue_problems
from companion.errors import CompanionError
from companion.evaluation.lives.standard import FILE as CHECKER
from companion.evaluation.lives.standard import load_standard
from companion.exchange.release.policy import read_policy
from companion.prompts import data_folder, prompt_table, prompt_tables, prompt_texts
from companion.safety.delivery_rules import load_delivery
from companion.safety.numbers import number_problems
from companion.screening.parsing import parse_instrument
from companion.wiring.activities import repertoire
from companion.wiring.alerts import alert_words
from companion.wiring.daily import asked_finder, asked_words
from companion.wiring.instruments import instruments as instrument_ids
from companion.wiring.language import analyser, dialogue
from companion.wiring.masking import masking
from companion.wiring.releasing import hierarchies, schema
from companion.wiring.remembering import knowing
from companion.wiring.screening import answer_reader, interview
from companion.wiring.screening_session import offer_rules, screening_words, sign_reader, wanting
from companion.wiring.summary import summary_words
from companion.wiring.weather import weather_words

ENGLISH_KEY_PHRASE = re.compile(r"\([A-Za-z.][^()]*\)$")


def spoken() -> Iterator[str]:
    """Yield what is wrong with the sentences and tables of the dialogue."""
    tables = {name: prompt_tables(name) for name in ("replies", "fixed", "lexicon", "safety", "tales", "facts")}
    for problem in dialogue_problems(**tables, exemplars=prompt_texts("exemplars", ".jsonl")):
        yield f"{problem.file}: {problem.key}: {problem.message} {problem.detail}".rstrip()


def examples() -> Iterator[str]:
    """Yield what is wrong with the utterances that the encoder's heads are taught."""
    topics = prompt_table("lexicon/topics.toml")["topics"]
    gists = dialogue(analyser()).bank.gists
    problems = (
        *example_problems(prompt_tables("understanding"), topics),
        *gist_problems(prompt_tables("gists"), gists),
        *want_problems(prompt_tables("wants")),
    )
    for problem in problems:
        yield f"{problem.file}: {problem.key}: {problem.message} {problem.detail}".rstrip()


def telephone_numbers(today: date) -> Iterator[str]:
    """Yield numbers that nobody has verified for a year."""
    for problem in number_problems(prompt_table("safety/numbers.toml"), today):
        yield f"numbers.toml: numbers.{problem.slot}: {problem.defect} (verified on {problem.verified_on})"


def artifacts() -> Iterator[str]:
    """Yield what is wrong with the manifests and profiles."""
    folder = data_folder("models")
    try:
        load_profiles(folder, load_manifests(folder))
    except ManifestInvalid as error:
        for problem in error.problems:
            yield f"{problem.file}: {problem.key}: {problem.message}"


def instruments() -> Iterator[str]:
    """Yield what is wrong with the screening instruments, and with the words by which answers are recognised."""
    for file, table in prompt_tables("instruments").items():
        for problem in parse_instrument(file, table).problems:
            yield f"{problem.file}: {problem.key}: {problem.message} {problem.detail}".rstrip()
    words = analyser()
    interview(answer_reader(words))
    sign_reader(words)
    offer_rules()
    wanting()
    screening_words()


def alerts() -> Iterator[str]:
    """Yield what is wrong with what contacts read and with the figures of delivery."""
    alert_words()
    source = prompt_table("safety/delivery.toml").get("source")
    load_delivery(prompt_table("safety/delivery.toml"))
    if not source:
        yield "delivery.toml: source: missing"


def daily() -> Iterator[str]:
    """Yield what is wrong with what 말벗 says on its own account, and with the words by which it is woken or asked."""
    tables = prompt_tables("daily")
    if not tables["rules.toml"].get("source"):
        yield "daily/rules.toml: source: missing"
    load_daily_rules(tables["rules.toml"])
    WakeWords(tables["wake.toml"])
    ErrandFinder(tables["errands.ko.toml"])
    asked_finder()
    asked_words()
    weather_words()
    DailyWords(tables["daily.ko.toml"], {"emergency": "119"})
    summary_words()


def activities() -> Iterator[str]:
    """Yield what is wrong with the scripts of activities; the words around them and those of memory must load."""
    tables = prompt_tables("activities")
    for file, table in tables.items():
        for problem in script_problems(file, table):
            yield f"{problem.file}: {problem.key}: {problem.message} {problem.detail}".rstrip()
    repertoire(knowing(analyser()).reader)


def releases() -> Iterator[str]:
    """Yield what is wrong with what a research release may hold, and with the words by which names are recognised."""
    hierarchies()
    known = schema()
    example = (data_folder("prompts") / "release/policy.example.toml").read_bytes()
    _, found = read_policy(
        example, schema=known, hierarchies=hierarchies(), instruments=instrument_ids(), today=date(2026, 11, 27)
    )
    for problem in found:
        yield f"policy.example.toml: {problem.place}: {problem.code} {problem.detail}".rstrip()
    for file in ("release/tables.toml", "release/hierarchies.toml"):
        if not prompt_table(file).get("source"):
            yield f"{file}: source: missing"
    masking()


def simulation() -> Iterator[str]:
    """Yield what is wrong with that by which simulated lives are checked."""
    table = prompt_table(CHECKER)
    load_standard(table)
    if not table.get("version"):
        yield f"{CHECKER}: version: missing"


def screens() -> Iterator[str]:
    """Yield what is wrong with the words of the caregiver's screens; from when on a silence counts must load."""
    limits = prompt_table("dashboard/need.toml")
    NeedLimits.of(limits)
    if not limits.get("source"):
        yield "dashboard/need.toml: source: missing"
    for key, text in all_words().items():
        if not text.strip():
            yield f"dashboard: {key}: empty"
        for pair in pairs_of(text):
            if not all(pair.partition("/")) or pair.count("/") != 1:
                yield f"dashboard: {key}: no pair of particles: {pair}"


def main() -> None:
    """Print every problem and exit."""
    try:
        found = [*alerts(), *daily(), *activities(), *spoken(), *examples()]
        found += [*telephone_numbers(date.today())]  # noqa: DTZ011 - a day is enough
        found += [*screens(), *simulation(), *instruments(), *artifacts(), *releases()]
    except CompanionError as error:
        found = [str(error)]
    print("\n".join(found) if found else f"data: whole ({len(sentences())} operator sentences)")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
