"""Makes the older person's part of the demonstration: lines of ``prompts/demo`` in another voice, as recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from companion.core.cancellation import Cancellation
from companion.core.turn import Reply, ReplySource
from companion.prompts import prompt_table
from companion.wiring import language, speaking
from companion.wiring.at_work import AtWork


def speak_lines(at_work: AtWork, folder: Path) -> tuple[Path, ...]:
    """Write one WAV file a line into ``folder`` and return them in order.

    Raises:
        ArtifactError: The voice's files are missing or damaged.
        StorageFull: No room to write them.
    """
    table = prompt_table("demo/conversation.ko.toml")
    return record_lines(at_work, folder, table["lines"], voice_name=str(table["voice"]))


def record_lines(at_work: AtWork, folder: Path, lines: Sequence[str], *, voice_name: str) -> tuple[Path, ...]:
    """Let a voice say lines; write one WAV file a line into ``folder`` and return them in order.

    Raises:
        ArtifactError: The voice's files are missing or damaged.
        StorageFull: No room to write them.
    """
    from companion.adapters.speaker_file import FileSpeaker

    words = language.analyser()
    voice = speaking.make_voice(at_work, voice_name, speaking.pronunciation(words))
    phrases_of = speaking.phrasing(words)
    speaker = FileSpeaker(folder)
    never = Cancellation()
    for number, line in enumerate(lines):
        for phrase in phrases_of(Reply(str(line), ReplySource.FIXED, f"demo.{number}")):
            speaker.write(voice.say(phrase), never)
        speaker.drain(never)
    speaker.close()
    return tuple(sorted(folder.glob("*.wav")))
