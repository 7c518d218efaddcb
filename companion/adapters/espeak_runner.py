"""Speaks one text with libespeak-ng, in a process of its own: text on stdin, 16 bit PCM on stdout.

The library is GPL-3.0-or-later, so no process of 말벗 loads it: ``voice_espeak`` starts this file with the same Python.
It imports nothing but the standard library. The first four bytes of the output are the rate (little-endian).

Arguments: path of the library, path of its data, voice, words a minute (80 to 450), pitch (0 to 100).
"""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import Final

_RETRIEVAL: Final = 1
_RATE: Final = 1
_PITCH: Final = 3
_UTF8: Final = 1
_OK: Final = 0
_FAILED: Final = 3


def main(arguments: list[str]) -> int:
    """Speak stdin to stdout; return 0, or 3 where the library refuses."""
    library_path, data_path, voice, words_a_minute, pitch = arguments
    text = sys.stdin.buffer.read()
    espeak = ctypes.CDLL(library_path)
    rate = espeak.espeak_Initialize(_RETRIEVAL, 0, data_path.encode(), 0)
    if rate <= 0 or espeak.espeak_SetVoiceByName(voice.encode()) != _OK:
        return _FAILED
    espeak.espeak_SetParameter(_RATE, int(words_a_minute), 0)
    espeak.espeak_SetParameter(_PITCH, int(pitch), 0)
    out = sys.stdout.buffer
    out.write(struct.pack("<i", rate))

    def receive(samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            out.write(ctypes.string_at(samples, count * 2))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    callback = kind(receive)
    espeak.espeak_SetSynthCallback(callback)
    status = espeak.espeak_Synth(text + b"\0", ctypes.c_size_t(len(text) + 1), 0, 0, 0, _UTF8, None, None)
    espeak.espeak_Synchronize()
    out.flush()
    return _OK if status == _OK else _FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
