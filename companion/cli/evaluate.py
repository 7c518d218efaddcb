"""``companion evaluate``: the measuring instruments, one file each."""

from __future__ import annotations

from typing import Final

import typer

from companion.cli import (
    evaluate_masking,
    evaluate_memory,
    evaluate_replies,
    evaluate_risk,
    evaluate_screening,
    evaluate_speech,
    evaluate_voice,
)

app: Final = typer.Typer(help="성능을 잽니다 (measuring)", no_args_is_help=True)

app.command("speech")(evaluate_speech.speech)
app.command("voice")(evaluate_voice.voice)
app.command("replies")(evaluate_replies.replies)
app.command("understanding")(evaluate_replies.understanding)
app.command("risk")(evaluate_risk.risk)
app.command("answers")(evaluate_screening.answers)
app.command("interviews")(evaluate_screening.interviews)
app.command("memory")(evaluate_memory.memory)
app.command("masking")(evaluate_masking.masking)
