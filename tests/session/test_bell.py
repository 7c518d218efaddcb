"""What rings and what does not: a name, distress, any speech, a button, Enter, and a television."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from companion.adapters.button_input import InputButton
from companion.core.audio import Samples
from companion.core.heard import Heard, Hearing
from companion.dialogue.daily.words import Opening
from companion.errors import DeviceError, DeviceMissing
from companion.session.bell import OVER, Drowsy, EarBell, Over, Ring
from companion.session.ear import ENDED, SILENCE, Listened
from companion.session.keyboard import KeyboardEar
from companion.session.pressing import PressedButton
from companion.wiring.daily import wake_words
from tests.fakes.ear import ScriptedEar, Turn

EVENT = struct.Struct("@llHHi")
ALL = ("name", "voice", "button")


async def rung(turn: Turn, *, wake: tuple[str, ...] = ("name", "button"), typed: bool = False) -> Ring | Over | None:
    return await EarBell(ScriptedEar([turn]), wake_words(), wake=wake, typed=typed).ring(1.0)


async def test_its_name_rings_and_what_else_was_said_comes_first() -> None:
    """Without the name."""
    assert await rung("말벗아") == Ring(Opening.NAME)
    ring = await rung("말벗아, 오늘 며칠이야?")
    assert isinstance(ring, Ring)
    assert ring.first is not None
    assert (ring.opening, ring.first.heard.text) == (Opening.HEARD, "오늘 며칠이야?")


async def test_other_speech_rings_only_where_any_speech_may() -> None:
    """Somebody talks to a guest."""
    assert await rung("커피 한 잔 하실래요") is None
    assert await rung("커피 한 잔 하실래요", wake=ALL) == Ring(Opening.VOICE)
    assert await rung("말벗아", wake=("button",)) is None


async def test_distress_always_rings() -> None:
    """Whatever is set."""
    ring = await rung("사람 살려", wake=())
    assert isinstance(ring, Ring)
    assert ring.first is not None


async def test_silence_rings_nothing_and_the_end_is_told() -> None:
    """Whoever types means 말벗."""
    assert await rung(SILENCE) is None
    assert await rung(ENDED) is OVER
    ring = await rung("심심하네", typed=True)
    assert isinstance(ring, Ring)
    assert ring.opening is Opening.HEARD


class Lines:
    """Lines of a keyboard."""

    def __iter__(self) -> Iterator[str]:
        yield "\n"
        yield "안녕\n"


async def test_enter_is_a_button() -> None:
    """An empty line."""
    ear = KeyboardEar(Lines(), now=lambda: 0.0)  # type: ignore[arg-type] # lines are all that is read
    bell = EarBell(ear, wake_words(), wake=ALL, blank_lines=lambda: ear.blank_lines, typed=True)
    assert await bell.ring(5.0) == Ring(Opening.BUTTON)
    ring = await bell.ring(5.0)
    assert isinstance(ring, Ring)
    assert ring.opening is Opening.HEARD


async def test_a_pressed_button_rings_while_nobody_speaks(tmp_path: Path) -> None:
    """Presses are read as the kernel writes them; releases, held keys and other events are none."""
    device = tmp_path / "event0"
    os.mkfifo(device)
    troubles: list[DeviceError] = []
    button = PressedButton(InputButton(device), on_trouble=troubles.append)

    class Quiet(ScriptedEar):
        async def listen(self, patience: float) -> Listened:
            await asyncio.Event().wait()
            raise AssertionError

    bell = EarBell(Quiet([]), wake_words(), wake=ALL, pressed=button.pressed)
    ringing = asyncio.ensure_future(bell.ring(5.0))
    writer = await asyncio.to_thread(os.open, device, os.O_WRONLY)
    os.write(writer, EVENT.pack(0, 0, 0, 0, 0) + EVENT.pack(0, 0, 1, 28, 0) + EVENT.pack(0, 0, 1, 28, 2))
    os.write(writer, EVENT.pack(0, 0, 1, 28, 1)[:10])
    await asyncio.sleep(0)
    assert not ringing.done()
    os.write(writer, EVENT.pack(0, 0, 1, 28, 1)[10:])
    async with asyncio.timeout(5.0):
        assert await ringing == Ring(Opening.BUTTON)
    button.close()
    os.close(writer)
    assert troubles == []


def test_a_button_that_is_not_there_is_said(tmp_path: Path) -> None:
    """By its path."""
    with pytest.raises(DeviceMissing):
        next(InputButton(tmp_path / "none").presses())


def test_television_is_not_recognised_while_nobody_talks() -> None:
    """But whatever is said in a conversation is, however long."""
    lengths: list[int] = []

    class Counting:
        def recognise(self, samples: Samples) -> Heard:
            lengths.append(len(samples))
            return Heard("말벗아", 1.0, Hearing.CLEAR, 1.0)

    drowsy = Drowsy(Counting())
    short, long = np.zeros(16_000, np.float32), np.zeros(16_000 * 30, np.float32)
    assert drowsy.recognise(long).hearing is Hearing.NOTHING
    assert drowsy.recognise(short).text == "말벗아"
    drowsy.awake = True
    assert drowsy.recognise(long).text == "말벗아"
    assert lengths == [16_000, 16_000 * 30]
