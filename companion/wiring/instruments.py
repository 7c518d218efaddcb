"""The shipped screening instruments, without what reads answers: the screens need only the first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from companion.prompts import prompt_tables
from companion.screening.instrument import Instrument
from companion.screening.parsing import load_instrument


@cache
def instruments() -> Mapping[str, Instrument]:
    """Return every shipped instrument by id.

    Raises:
        PromptError: A file is broken; its first problem is named.
    """
    loaded = (load_instrument(file, table) for file, table in prompt_tables("instruments").items())
    return {instrument.id: instrument for instrument in loaded}
