"""``companion install-service``: writes the systemd unit that keeps 말벗 alive, and says what to do next."""

from __future__ import annotations

from typing import Annotated

import typer

from companion.cli.output import print_json, tell


def install_service(
    *,
    user: Annotated[bool, typer.Option("--user", help="이 사용자의 서비스로 (of this user)")] = False,
    account: Annotated[str, typer.Option("--as", help="누구로 켤지 (system service: run as)")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="지웁니다 (remove)")] = False,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """기기가 켜지면 말벗도 켜지게 합니다. 무엇을 더 할지 알려 드립니다 (start with the machine; systemd)."""
    from companion.wiring.service import NAME, Service, installed, removed

    service = Service(user=user, account=account)
    there = removed(service) if remove else bool(installed(service))
    if json:
        print_json({"file": str(service.file), "user": user, "removed": remove and there, "installed": not remove})
        return
    control = "systemctl --user" if user else "sudo systemctl"
    if remove:
        tell("service.removed" if there else "service.not_there", file=service.file, control=control, name=NAME)
        return
    tell("service.installed", file=service.file)
    tell("service.next", control=control, name=NAME)
    if user:
        tell("service.linger")
    tell("service.passphrase")
