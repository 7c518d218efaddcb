"""Makes the older person's part of the demonstration: lines of ``prompts/demo`` in another voice, as recordings."""

from __future__ import annotations

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
    from companion.adapters.speaker_file import FileSpeaker

    table = prompt_table("demo/conversation.ko.toml")
    words = language.analyser()
    voice = speaking.make_voice(at_work, str(table["voice"]), speaking.pronunciation(words))
    phrases_of = speaking.phrasing(words)
    speaker = FileSpeaker(folder)
    never = Cancellation()
    for number, line in enumerate(table["lines"]):
        for phrase in phrases_of(Reply(str(line), ReplySource.FIXED, f"demo.{number}")):
            speaker.write(voice.say(phrase), never)
        speaker.drain(never)
    speaker.close()
    return tuple(sorted(folder.glob("*.wav")))
