"""Which profile a pull fills, and whether a person agrees to what it brings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import typer

from companion.artifacts.manifest import Manifest
from companion.artifacts.profiles import EMBEDDED, Profile
from companion.artifacts.shelf import Shelf
from companion.cli.messages import say
from companion.cli.output import tell
from companion.errors import InputError

_MB = 1_000_000


def chosen_profile(
    named: str | None,
    profiles: Mapping[str, Profile],
    manifests: Mapping[str, Manifest],
    shelf: Shelf,
    *,
    yes: bool,
    hub: Callable[[], bool],
) -> Profile:
    """Return the profile to fill, agreed to, and say why where nobody named one.

    ``auto`` is the recommended profile if the hub answers and a person agrees, else the embedded one. Whoever has the
    embedded files already is not asked again at every start.

    Raises:
        InputError: The named profile is unknown, or needs an agreement that was not given.
    """
    from companion.artifacts.agreement import agreed_profiles
    from companion.artifacts.auto import Machine, is_complete
    from companion.artifacts.profiles import Reason

    if named not in (None, "auto"):
        profile = _known(str(named), profiles)
        _agreed(profile, manifests, shelf.folder, yes=yes)
        return profile
    best = profiles[Machine.here().recommended(profiles)]
    if best.id == EMBEDDED:
        reason = Reason.MACHINE_SMALL
    elif best.id in agreed_profiles(shelf.folder, profiles, manifests):
        reason = Reason.AGREED
    elif not hub():
        reason = Reason.HUB_SILENT
    elif not (yes or sys.stdin.isatty()) or (not yes and is_complete(profiles[EMBEDDED], manifests, shelf)):
        reason = Reason.NOT_AGREED
    else:
        reason = Reason.AGREED if _consents(best, manifests, shelf.folder, yes=yes) else Reason.NOT_AGREED
    profile = best if reason is Reason.AGREED else profiles[EMBEDDED]
    tell("models.auto", profile=profile.id, reason=say(reason.key))
    return profile


def _known(name: str, profiles: Mapping[str, Profile]) -> Profile:
    if name not in profiles:
        raise InputError("artifact.unknown_profile", profile=name, known=", ".join(profiles))
    return profiles[name]


def _agreed(profile: Profile, manifests: Mapping[str, Manifest], folder: Path, *, yes: bool) -> None:
    from companion.artifacts.agreement import agreed_profiles

    if profile.id in agreed_profiles(folder, {profile.id: profile}, manifests):
        return
    if not _consents(profile, manifests, folder, yes=yes):
        raise InputError("artifact.declined")


def _consents(profile: Profile, manifests: Mapping[str, Manifest], folder: Path, *, yes: bool) -> bool:
    """Show what a profile brings and return whether a person agrees; an agreement is kept.

    Raises:
        InputError: Nobody is there to ask.
    """
    from companion.artifacts.agreement import agree

    _show(profile, [manifests[name] for name in profile.artifacts])
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("artifact.agreement_needed", profile=profile.id)
        if not typer.confirm(say("models.agree_ask"), default=False, err=True):
            return False
    agree(folder, profile, manifests)
    return True


def _show(profile: Profile, wanted: Sequence[Manifest]) -> None:
    tell("models.agree_title", title=profile.title, size_mb=sum(manifest.bytes_total for manifest in wanted) // _MB)
    for manifest in wanted:
        tell(
            "models.agree_line",
            title=manifest.title,
            size_mb=manifest.bytes_total // _MB,
            licence=manifest.licence,
            licence_url=manifest.licence_url,
        )
        if manifest.notes:
            tell("models.agree_note", notes=manifest.notes)
    tell(profile.licence_note)
    tell(profile.voice_note)
    if not profile.exercised:
        tell("models.agree_exercised")
