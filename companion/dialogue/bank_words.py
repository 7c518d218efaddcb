"""What grammar makes of the examples and the cues of the reply bank, which no conversation changes.

Reading them takes seconds, so what was made of them is kept (``models/bank_words.json``, made by
``scripts/keep_bank_words.py``) under the digest of all that decides it. Where bank or grammar are others, they are read
anew: what is kept is never used for what it was not made of.

Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.morphology import Analyser
from companion.core.reading import NEGATED, Grammar, Reading, Word
from companion.dialogue.bank import Bank

FILE: Final = "bank_words.json"
_FORMAT: Final = "bank-words-1"


@dataclass(frozen=True, slots=True)
class BankWords:
    """The words of the bank, in its order."""

    examples: tuple[frozenset[str], ...]
    """Of each example of each situation."""
    negated: tuple[bool, ...]
    """Whether something is negated in each cue."""


def words_of(reading: Reading) -> frozenset[str]:
    """Return the words of a reading: 밥, and -먹 for one that is negated, which is another word than the plain one."""
    return frozenset(_named(word) for word in reading.words)


def read_bank(bank: Bank, analyser: Analyser, grammar: Grammar) -> BankWords:
    """Read every example and every cue."""
    examples = (words_of(grammar.read(analyser.analyse(text))) for text in _examples(bank))
    cues = (grammar.read(analyser.analyse(text)).words for text in _cues(bank))
    return BankWords(tuple(examples), tuple(any(NEGATED in word.flags for word in words) for words in cues))


def pack(words: BankWords, digest: str) -> str:
    """Return them as JSON: the words once, then the examples as indices of them."""
    names = sorted({name for example in words.examples for name in example})
    number = {name: at for at, name in enumerate(names)}
    examples = [sorted(number[name] for name in example) for example in words.examples]
    kept = {
        "digest": digest,
        "words": names,
        "examples": examples,
        "negated": "".join("01"[one] for one in words.negated),
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def unpack(kept: str, digest: str) -> BankWords | None:
    """Return what was kept under this digest; None where it is another's or cannot be read."""
    try:
        table = json.loads(kept)
        if table["digest"] != digest:
            return None
        names = [str(name) for name in table["words"]]
        examples = tuple(frozenset(names[at] for at in example) for example in table["examples"])
        return BankWords(examples, tuple(one == "1" for one in table["negated"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def digest_of(bank: Bank, grammar: Mapping[str, Any]) -> str:
    """Return the digest of all in the data that decides what the words of the bank are."""
    said = json.dumps([_FORMAT, grammar, list(_examples(bank)), list(_cues(bank))], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _examples(bank: Bank) -> Iterator[str]:
    return (text for situation in bank.situations.values() for text in situation.says)


def _cues(bank: Bank) -> Iterator[str]:
    return (text for situation in bank.situations.values() for text in situation.cues)


def _named(word: Word) -> str:
    return f"-{word.form}" if NEGATED in word.flags else word.form
