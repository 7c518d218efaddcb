"""The systemd unit that keeps ``companion run`` alive: hardened, with nothing writable but the home of the record.

Of the system it runs as one named account; of a user it runs while they are signed in, or always where they linger.
"""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from companion.config import home_folder
from companion.errors import InputError, StorageFull

NAME: Final = "malbeot.service"
_SYSTEM: Final = Path("/etc/systemd/system")
_HANDED_ON: Final = ("COMPANION_HOME", "COMPANION_CONFIG", "COMPANION_MODELS")
_UNIT: Final = """\
[Unit]
Description=Malbeot, a voice companion for one older adult
After={after}
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart={python} -m companion run
{environment}
Restart=always
RestartSec=5
# A setting or a key that cannot be used is not mended by another start.
RestartPreventExitStatus=2 3 11
# A conversation says goodbye, and what is due is sent.
TimeoutStopSec=60
KillMode=mixed
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
{hardening}
[Install]
WantedBy={target}
"""
_OF_THE_SYSTEM: Final = """\
User={account}
SupplementaryGroups=audio input
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={home}
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
CapabilityBoundingSet=
AmbientCapabilities=
DevicePolicy=closed
DeviceAllow=char-alsa rw
DeviceAllow=char-input r
"""


@dataclass(frozen=True, slots=True)
class Service:
    """Where the unit lies and for whom it runs."""

    user: bool
    """Of the user, not of the system."""
    account: str = ""
    """Who it runs as, for one of the system; empty takes whoever asked (through sudo)."""

    @property
    def file(self) -> Path:
        """Where the unit lies."""
        if not self.user:
            return _SYSTEM / NAME
        config = os.environ.get("XDG_CONFIG_HOME")
        return (Path(config) if config else Path.home() / ".config") / "systemd" / "user" / NAME


def unit_text(service: Service) -> str:
    """Return the unit."""
    home = home_folder().resolve()
    values = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    values |= {"COMPANION_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    lines = (f"Environment={_quoted(f'{name}={value}')}" for name, value in sorted(values.items()))
    account = service.account or os.environ.get("SUDO_USER") or getpass.getuser()
    return _UNIT.format(
        after="default.target" if service.user else "sound.target network.target",
        python=_quoted(sys.executable),
        environment="\n".join(lines),
        hardening="" if service.user else _OF_THE_SYSTEM.format(account=account, home=_quoted(str(home))),
        target="default.target" if service.user else "multi-user.target",
    )


def installed(service: Service) -> Path:
    """Write the unit and return where it lies.

    Raises:
        InputError: Only an administrator of the system may.
        StorageFull: It cannot be written.
    """
    home_folder().mkdir(parents=True, exist_ok=True)
    fresh = service.file.with_suffix(".new")
    try:
        service.file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(unit_text(service), encoding="utf-8")
        fresh.replace(service.file)
    except PermissionError:
        raise InputError("service.needs_root", file=service.file) from None
    except OSError as error:
        raise StorageFull("store.cannot_write", file=service.file) from error
    return service.file


def removed(service: Service) -> bool:
    """Remove the unit; return whether it was there.

    Raises:
        InputError: Only an administrator of the system may.
        StorageFull: It cannot be removed.
    """
    try:
        service.file.unlink()
    except FileNotFoundError:
        return False
    except PermissionError:
        raise InputError("service.needs_root", file=service.file) from None
    except OSError as error:
        raise StorageFull("store.cannot_write", file=service.file) from error
    return True


def _quoted(text: str) -> str:
    """Return a value as systemd reads it back: systemd.syntax(7), quoting, and its specifiers doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
