"""Makes ``.venv`` and installs what is asked for, from the lock files, verified by SHA-256.

    python3 scripts/environment.py            what 말벗 runs on
    python3 scripts/environment.py test       and what the tests need
    python3 scripts/environment.py torch      and torch with its kin

Needs nothing but Python 3.11 or newer; runs with the system's own. A part whose lock files are unchanged since it was
installed is left alone, so calling it again costs a few milliseconds. ``auto`` stands for ``torch`` where a GPU is
found or the platform's torch wheel is small (macOS), and for nothing elsewhere: on Linux the registry's torch needs
several GB of CUDA libraries.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
PYTHON = VENV / "bin" / "python"
LEAST = (3, 11)
LOCKS = {"runtime": "requirements.lock", "test": "requirements-test.lock", "torch": "requirements-torch.lock"}


def fail(sentence: str) -> None:
    """End with one sentence on standard error."""
    print(sentence, file=sys.stderr)
    sys.exit(2)


def run(*command: str) -> int:
    """Run a command, its output shown, and return its exit status."""
    return subprocess.run(command, cwd=TOP, check=False).returncode


def make_venv() -> None:
    """Make the virtual environment, with pip in it."""
    if PYTHON.exists() and run(str(PYTHON), "-c", "import pip") == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    print("말벗: .venv를 만듭니다 (creating .venv)", file=sys.stderr)
    if run(sys.executable, "-m", "venv", str(VENV)) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        print(f"말벗: {package} 꾸러미를 설치합니다 (installing {package})", file=sys.stderr)
        run(apt, "update", "-q")
        if run(apt, "install", "-y", "-q", package) == 0 and run(sys.executable, "-m", "venv", str(VENV)) == 0:
            return
    fail(
        f"가상 환경을 만들 수 없습니다. 'sudo apt install {package}'를 실행한 뒤 다시 해 주세요. (cannot create .venv)"
    )


def compiling() -> tuple[str, ...]:
    """Return how pip is told not to compile: tests import a part of all that is installed, and Python compiles that."""
    return ("--no-compile",) if "test" in sys.argv[1:] else ()


def pip(*arguments: str) -> None:
    """Install with the pip of ``.venv``, or end with one sentence."""
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    command = [str(PYTHON), "-m", "pip", "install", "--no-warn-script-location", *compiling(), *arguments]
    if subprocess.run(command, cwd=TOP, check=False, env=environment).returncode:
        fail("꾸러미를 설치하지 못했습니다. 인터넷과 디스크를 확인하고 다시 해 주세요. (package installation failed)")


def install_lock(name: str) -> None:
    """Install exactly what a lock file pins, nothing else."""
    pip("--require-hashes", "--no-deps", "--no-build-isolation", "-r", name)


def digest(*names: str) -> str:
    """Return one digest of files and of the Python that will use them."""
    told = hashlib.sha256(sys.version.encode())
    for name in names:
        told.update((TOP / name).read_bytes())
    return told.hexdigest()


def once(part: str, *names: str) -> bool:
    """Return whether ``part`` must be installed: its files changed since, or it never was."""
    stamp = VENV / f".installed-{part}"
    return not stamp.exists() or stamp.read_text() != digest(*names)


def done(part: str, *names: str) -> None:
    """Remember that ``part`` is installed."""
    (VENV / f".installed-{part}").write_text(digest(*names))


def install_runtime() -> None:
    """Install what 말벗 runs on, and 말벗 itself from this checkout."""
    files = ("requirements-build.lock", "requirements.lock", "pyproject.toml")
    if not once("runtime", *files):
        return
    install_lock("requirements-build.lock")
    install_lock("requirements.lock")
    pip("--no-deps", "--no-build-isolation", "-q", "-e", ".")
    done("runtime", *files)


def take_torch_at_hand() -> None:
    """Install torch from a folder that the package client is pointed at, if it lies there.

    The lock knows upstream's CPU build too, which is a tenth of the registry's wheel with its CUDA libraries.
    """
    lines = (TOP / "requirements-torch.lock").read_text(encoding="utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("torch=="))
    end = next(number for number in range(begin, len(lines)) if not lines[number].endswith("\\"))
    wanted = VENV / "torch.lock"
    wanted.write_text("\n".join(lines[begin : end + 1]) + "\n", encoding="utf-8")
    command = [str(PYTHON), "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--require-hashes"]
    subprocess.run([*command, *compiling(), "-r", str(wanted)], cwd=TOP, check=False, capture_output=True)


def install_torch() -> None:
    """Install torch; the CUDA libraries only where the wheel that came asks for them."""
    files = ("requirements-torch.lock", "requirements-cuda.lock")
    if not once("torch", *files):
        return
    take_torch_at_hand()
    install_lock("requirements-torch.lock")
    asks = "import importlib.metadata as m, sys; sys.exit(not any('nvidia' in r for r in m.requires('torch') or ()))"
    if sys.platform == "linux" and run(str(PYTHON), "-c", asks) == 0:
        install_lock("requirements-cuda.lock")
    done("torch", *files)


def wants_torch() -> bool:
    """Return whether torch is worth its size here without being asked for."""
    return sys.platform == "darwin" or Path("/proc/driver/nvidia/version").exists()


def main() -> None:
    """Install the parts named on the command line."""
    if sys.version_info < LEAST:
        fail(f"Python {LEAST[0]}.{LEAST[1]} 이상이 필요합니다. 지금은 {sys.version.split()[0]}입니다. (Python too old)")
    parts = set(sys.argv[1:])
    if unknown := parts - {"test", "torch", "auto"}:
        fail(f"모르는 부분입니다: {', '.join(sorted(unknown))} (unknown part)")
    make_venv()
    install_runtime()
    if "test" in parts and once("test", LOCKS["test"]):
        install_lock(LOCKS["test"])
        done("test", LOCKS["test"])
    if "torch" in parts or ("auto" in parts and wants_torch()):
        install_torch()


if __name__ == "__main__":
    main()
