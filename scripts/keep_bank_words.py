"""Keeps what grammar makes of the reply bank, so that no start of 말벗 waits for it.

Run it after utterances or cues of the bank, the grammar or the analyser have changed: a few seconds.
"""

from __future__ import annotations

from companion.core.reading import Grammar
from companion.dialogue.bank_words import FILE, digest_of, pack, read_bank
from companion.prompts import data_folder, prompt_table
from companion.wiring import language


def main() -> None:
    """Read the bank and write the file."""
    table, words = prompt_table("lexicon/grammar.toml"), language.analyser()
    bank = language.dialogue(words).bank
    path = data_folder("models") / FILE
    path.write_text(pack(read_bank(bank, words, Grammar(table)), digest_of(bank, table)), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
