"""``companion models list|pull|verify|path|recommend``: the model files of this device."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import typer

from companion.artifacts.manifest import Kind, Manifest
from companion.artifacts.profiles import EMBEDDED, Profile
from companion.artifacts.shelf import Presence, Shelf, ShelfState
from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.errors import InputError

app: Final = typer.Typer(help="모델 파일을 받고 확인합니다 (model files)", no_args_is_help=True)

_MB: Final = 1_000_000

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="모델 이름 (artifact ids)")]
Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
ProfileName = Annotated[str | None, typer.Option("--profile", help="구성 이름 (profile)")]


@app.command("list")
def list_models(*, json: Json = False) -> None:
    """모든 모델과 상태를 보여 줍니다 (all artifacts and whether they are here)."""
    manifests, shelf = _manifests(), _shelf()
    if json:
        print_json({"artifacts": [_fields(manifest, shelf.state(manifest)) for manifest in manifests.values()]})
        return
    for manifest in manifests.values():
        state = shelf.state(manifest)
        print_line(
            f"{manifest.id:32} {say(f'models.presence.{state.presence}'):4} {manifest.bytes_total // _MB:>6} MB  "
            f"{say(f'models.kind.{manifest.kind}')}  {manifest.licence}"
        )


@app.command("pull")
def pull_models(
    ids: Ids = None,
    *,
    profile: ProfileName = None,
    yes: Annotated[bool, typer.Option("--yes", help="크기와 사용 조건에 동의합니다 (agree)")] = False,
    json: Json = False,
) -> None:
    """모델 파일을 받아 확인합니다. 중단되면 이어서 받습니다 (pull, verify, resume)."""
    from companion.artifacts.hub_answers import hub_answers
    from companion.artifacts.pull import pull
    from companion.cli.models_choice import chosen_profile
    from companion.cli.models_progress import shown_progress
    from companion.config import load_settings

    manifests, shelf = _manifests(), _shelf()
    hub_is_up = functools.cache(hub_answers)  # asked once for all artifacts, not once for each
    if not ids:
        named = profile or load_settings().profile
        profile = chosen_profile(named, _profiles(manifests), manifests, shelf, yes=yes, hub=hub_is_up).id
    wanted = _wanted(ids, profile, manifests)
    if not ids:  # what a conversation does without, and reports need, comes last
        wanted += [manifest for manifest in manifests.values() if manifest.kind is Kind.FONT]
    began = time.monotonic()
    results: list[dict[str, object]] = []
    for manifest in wanted:
        tell("models.pulling", artifact=manifest.id, size_mb=manifest.bytes_total // _MB, licence=manifest.licence)
        try:
            with shown_progress() as progress:
                pulled = pull(manifest, shelf, progress=progress, hub_is_up=hub_is_up)
        except KeyboardInterrupt:
            tell("artifact.cancelled")
            raise
        for name in pulled.refused:
            tell("models.refused", artifact=manifest.id, file=name)
        key = "models.pulled" if pulled.brought else "models.installed" if manifest.is_installed else "models.present"
        tell(key, artifact=manifest.id, folder=pulled.folder)
        results.append({"id": manifest.id, "folder": str(pulled.folder), "brought": list(pulled.brought)})
    seconds = round(time.monotonic() - began, 1)
    tell("models.done", seconds=seconds)
    if json:
        print_json({"artifacts": results, "seconds": seconds})


@app.command("verify")
def verify_models(ids: Ids = None, *, profile: ProfileName = None, json: Json = False) -> None:
    """파일을 모두 다시 읽어 맞는지 확인합니다 (hash every file anew)."""
    from companion.cli.models_progress import shown_progress

    manifests, shelf = _manifests(), _shelf()
    found: list[tuple[Manifest, ShelfState]] = []
    for manifest in _wanted(ids, profile, manifests):
        with shown_progress() as progress:
            state = shelf.verify(manifest, progress=progress)
        found.append((manifest, state))
        if state.presence is Presence.PRESENT:
            tell("models.verified", artifact=manifest.id, folder=state.folder)
        if state.damaged:
            tell("models.damaged", artifact=manifest.id, files=", ".join(state.damaged))
        if state.missing:
            tell("models.incomplete", artifact=manifest.id, files=", ".join(state.missing))
    if json:
        print_json({"artifacts": [_fields(manifest, state) for manifest, state in found]})
    if any(state.presence is not Presence.PRESENT for _, state in found):
        raise typer.Exit(ExitCode.ARTIFACT)


@app.command("path")
def show_path(
    artifact: Annotated[str, typer.Argument(metavar="ID", help="모델 이름 (artifact id)")], *, json: Json = False
) -> None:
    """확인된 파일이 있는 폴더를 알려 줍니다 (folder of the verified files)."""
    manifest = _wanted([artifact], None, _manifests())[0]
    folder = _shelf().path(manifest)
    if json:
        print_json({"id": manifest.id, "folder": str(folder), "files": [file.name for file in manifest.files]})
    else:
        print_line(str(folder))


@app.command("recommend")
def recommend_profile(*, json: Json = False) -> None:
    """이 기기에 맞는 구성을 알려 줍니다 (the profile for this machine)."""
    from companion.artifacts.auto import Machine, auto_profile

    manifests, shelf, machine = _manifests(), _shelf(), Machine.here()
    profiles = _profiles(manifests)
    best = profiles[machine.recommended(profiles)]
    auto = auto_profile(profiles, manifests, shelf, machine=machine)
    ram, gpu, cores = machine.ram_bytes, machine.gpu_bytes, machine.cores
    size = sum(manifests[name].bytes_total for name in best.artifacts)
    if json:
        print_json(
            {
                "profile": best.id,
                "artifacts": list(best.artifacts),
                "memory_mb": best.memory_mb,
                "download_mb": size // _MB,
                "auto": {"profile": auto.profile, "reason": auto.reason.value},
                "machine": {"ram_mb": ram // _MB, "gpu_mb": gpu // _MB, "cores": cores},
            }
        )
        return
    print_line(best.id)
    tell("models.recommend", ram_mb=ram // _MB, gpu_mb=gpu // _MB, cores=cores, profile=best.id)
    driver = say(best.reply_driver)
    tell("models.recommend_memory", memory_mb=best.memory_mb, size_mb=size // _MB, driver=driver)
    tell("models.recommend_auto", profile=auto.profile, reason=say(auto.reason.key))


def _wanted(ids: Sequence[str] | None, profile: str | None, manifests: Mapping[str, Manifest]) -> list[Manifest]:
    if ids and profile:
        raise InputError("artifact.ids_or_profile")
    names = list(dict.fromkeys(ids)) if ids else _profile(profile or EMBEDDED, manifests).artifacts
    for name in names:
        if name not in manifests:
            raise InputError("artifact.unknown", artifact=name)
    return [manifests[name] for name in names]


def _profile(name: str, manifests: Mapping[str, Manifest]) -> Profile:
    profiles = _profiles(manifests)
    if name not in profiles:
        raise InputError("artifact.unknown_profile", profile=name, known=", ".join(profiles))
    return profiles[name]


def _fields(manifest: Manifest, state: ShelfState) -> dict[str, object]:
    return {
        "id": manifest.id,
        "kind": manifest.kind.value,
        "title": manifest.title,
        "licence": manifest.licence,
        "licence_url": manifest.licence_url,
        "credits": list(manifest.credits),
        "bytes": manifest.bytes_total,
        "memory_mb": manifest.memory_mb,
        "presence": state.presence.value,
        "folder": str(state.folder),
        "missing": list(state.missing),
        "damaged": list(state.damaged),
    }


def _manifests() -> dict[str, Manifest]:
    from companion.artifacts.catalogue import load_manifests
    from companion.prompts import data_folder

    return load_manifests(data_folder("models"))


def _profiles(manifests: Mapping[str, Manifest]) -> dict[str, Profile]:
    from companion.artifacts.profiles import load_profiles
    from companion.prompts import data_folder

    return load_profiles(data_folder("models"), manifests)


def _shelf() -> Shelf:
    from companion.artifacts.places import shelf_at
    from companion.config import home_folder

    return shelf_at(home_folder(), os.environ.get("COMPANION_MODELS"))
