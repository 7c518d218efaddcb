"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from companion.cli.messages import sentences
from companion.dashboard.words import all_words

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "companion"
SOURCES = sorted(PACKAGE.rglob("*.py"))
CAP = 400
PURE = (
    "companion.core",
    "companion.safety",
    "companion.screening",
    "companion.dialogue",
    "companion.errors",
    "companion.ports",
)
HEAVY = ("torch", "transformers", "textual", "sqlalchemy", "faster_whisper", "onnxruntime", "xllamacpp", "sounddevice")
HANGUL_SENTENCE = re.compile(r"[가-힣]{2,}\s+[가-힣]")


def strings_outside_docs(tree: ast.Module) -> Iterator[str]:
    """Give every string of a module but its docstrings and field descriptions."""
    documented = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


def known_to(place: str) -> Mapping[str, str]:
    """Return the sentences that a file says: those of the screens, or those of an operator."""
    return all_words() if place.startswith("companion/dashboard/") else sentences()


def is_written(place: str, key: str) -> bool:
    """Return whether a sentence that a file names is there; errors of the screens may be worded in either."""
    return key in known_to(place) or key in sentences() or f"error.{key}" in all_words()


def message_calls() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Give each call that names an operator sentence: place, key, and its fields (None where they are not literal).

    Reports say their own words (``exchange/report/words.py``), which are checked when they are loaded.
    """
    for path in (one for one in SOURCES if PACKAGE / "exchange" / "report" not in one.parents):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            key = node.args[0].value
            raises = isinstance(key, str) and bool(re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", key))
            if raises and (name in {"tell", "say", "notice"} or name in ERRORS):
                literal = all(keyword.arg for keyword in node.keywords)
                fields = frozenset(str(keyword.arg) for keyword in node.keywords) if literal else None
                yield f"{path.relative_to(TOP)}:{node.lineno}", str(key), fields


ERRORS = frozenset(
    node.name
    for node in ast.walk(ast.parse((PACKAGE / "errors.py").read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef)
)


def test_no_file_is_longer_than_the_cap() -> None:
    """A file over 400 lines is a room doing two jobs."""
    folders = (PACKAGE, TOP / "tests", TOP / "scripts")
    lengths = {
        str(path.relative_to(TOP)): path.read_text(encoding="utf-8").count("\n")
        for folder in folders
        for path in folder.rglob("*.py")
    }

    assert {name: length for name, length in lengths.items() if length > CAP} == {}


def test_no_spoken_sentence_lives_in_code() -> None:
    """Korean sentences are data under prompts/; command-line help is the one exception, beside its option."""
    help_of_the_command_line = PACKAGE / "cli"
    found = [
        (path.name, text[:40])
        for path in SOURCES
        if help_of_the_command_line not in path.parents
        for text in strings_outside_docs(ast.parse(path.read_text(encoding="utf-8")))
        if HANGUL_SENTENCE.search(text)
    ]

    assert found == []


def test_every_operator_sentence_that_is_named_is_written() -> None:
    """No operator ever reads a bare key."""
    assert [(place, key) for place, key, _ in message_calls() if not is_written(place, key)] == []


def test_every_slot_of_an_operator_sentence_is_filled() -> None:
    """A sentence never shows a slot that its caller forgot."""
    missing = [
        (place, key, sorted(slots - fields))
        for place, key, fields in message_calls()
        if fields is not None
        and (known := known_to(place))
        and key in known
        and (
            slots := {
                name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(known[key]) if name
            }
        )
        - fields
    ]

    assert missing == []


def test_operator_sentences_have_an_english_key_phrase() -> None:
    """Whoever helps from afar can search for the phrase in brackets."""
    errors = {key: text for key, text in sentences().items() if key.split(".")[0] in {"store", "config", "prompts"}}

    assert [key for key, text in errors.items() if not re.search(r"\([A-Za-z.][^()]*\)$", text)] == []


@pytest.mark.parametrize("module", PURE)
def test_a_pure_room_drags_in_nothing_heavy(module: str) -> None:
    """Importing a pure room loads no model, window or database library."""
    script = (
        f"import pkgutil, importlib, sys, {module} as room\n"
        "for found in pkgutil.walk_packages(getattr(room, '__path__', []), room.__name__ + '.'):\n"
        "    importlib.import_module(found.name)\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=TOP)

    assert done.stdout.strip() == "[]"


def test_the_help_loads_nothing_heavy() -> None:
    """`companion --help` answers without loading what a command needs."""
    script = (
        "import sys\nfrom companion.cli.app import app\nfrom typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print(sorted(set({(*HEAVY, 'numpy', 'pydantic', 'huggingface_hub')!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=TOP)

    assert done.stdout.strip() == "[]"


def test_no_machine_path_or_index_host_is_committed() -> None:
    """What is committed works on any machine."""
    listed = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True, cwd=TOP).stdout
    telling = re.compile(r"(?<![\w.])/(work|root|tmp)/[a-z]|pypi[.]org|python[h]osted|registry[.]npmjs|deb[.]debian")
    found = []
    for name in filter(None, listed.split("\0")):
        path = TOP / name
        if path.suffix in {".py", ".toml", ".md", ".lock", ".tsv", ".jsonl", ".json", ""} and path != Path(__file__):
            text = path.read_text(encoding="utf-8", errors="ignore") if path.is_file() else ""
            found += [(name, match.group()) for match in telling.finditer(text)]

    assert found == []


def test_every_decision_that_is_cited_exists() -> None:
    """ADR-0007 in a comment leads to a record."""
    records = {path.name[:4] for path in (TOP / "docs" / "decisions").glob("[0-9]*.md")}
    cited = {number for path in SOURCES for number in re.findall(r"ADR-(\d{4})", path.read_text(encoding="utf-8"))}

    assert cited <= records
