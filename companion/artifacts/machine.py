"""How much memory this machine and its GPU have."""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

_SECONDS: Final = 5.0


def ram_bytes() -> int:
    """Return the memory of the machine, in bytes."""
    import psutil

    return int(psutil.virtual_memory().total)


def gpu_bytes() -> int:
    """Return the memory of the largest NVIDIA GPU, in bytes; 0 where the driver shows none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return 0
    try:
        answer = subprocess.run(
            [program, "--query-gpu=memory.total", "--format=csv,noheader,nounits"],
            capture_output=True,
            check=True,
            text=True,
            timeout=_SECONDS,
        )
        return max((int(line) << 20 for line in answer.stdout.split()), default=0)
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0
