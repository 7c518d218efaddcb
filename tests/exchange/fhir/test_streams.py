"""Resources come out of every kind of file, one by one, and what is broken is named by line and byte."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.exchange.fhir.incoming.streams import Unreadable, files_of, is_too_deep, resources_in
from tests.exchange.fhir.resources import bundle, condition, lines, patient, written

KIM, COPD = patient(), condition("c1", "J44.9", "만성폐쇄성폐질환")


def kinds(path: Path) -> list[str]:
    return [str(one.resource["resourceType"]) for one in resources_in(path)]


@pytest.mark.parametrize("kind", ["collection", "transaction", "searchset", "document"])
def test_a_bundle_of_any_kind_is_opened(tmp_path: Path, kind: str) -> None:
    """Its resources come in order."""
    assert kinds(written(tmp_path / "a.json", bundle(KIM, COPD, kind=kind))) == ["Patient", "Condition"]


def test_a_bundle_may_say_last_that_it_is_one(tmp_path: Path) -> None:
    """JSON has no order of keys."""
    turned = dict(reversed(bundle(KIM, COPD).items()))
    assert kinds(written(tmp_path / "a.json", turned)) == ["Patient", "Condition"]


def test_a_resource_lines_and_bundles_on_lines_are_read(tmp_path: Path) -> None:
    """Bulk exports write one resource a line."""
    assert kinds(written(tmp_path / "one.json", COPD)) == ["Condition"]
    assert kinds(lines(tmp_path / "b.ndjson", KIM, COPD, bundle(COPD))) == ["Patient", "Condition", "Condition"]


def test_gzip_and_a_byte_order_mark_are_no_obstacle(tmp_path: Path) -> None:
    """Both occur."""
    plain = json.dumps(bundle(KIM, COPD)).encode()
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(plain))
    (tmp_path / "b.json").write_bytes(b"\xef\xbb\xbf" + plain)
    assert kinds(tmp_path / "a.json.gz") == kinds(tmp_path / "b.json") == ["Patient", "Condition"]


def test_a_folder_gives_its_fhir_files_in_order(tmp_path: Path) -> None:
    """Whatever else lies in it is left alone."""
    (tmp_path / "deep").mkdir()
    for name in ("b.ndjson", "a.json", "deep/c.json.gz", "readme.txt"):
        (tmp_path / name).write_text("")
    assert [one.name for one in files_of([tmp_path])] == ["a.json", "b.ndjson", "c.json.gz"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.json", b"", "empty"),
        ("a.zip", b"PK\x03\x04rest", "packed"),
        ("a.json", "{}".encode("utf-16"), "not_utf8"),
        ("a.fsh", b"Instance: x", "not_json"),
        ("a.json", b'{"name": 1}', "unknown_shape"),
        ("a.json", b"[1]", "unknown_shape"),
        ("a.json", b'{"resourceType": 1}', "unknown_shape"),
        ("a.gz", gzip.compress(json.dumps(bundle(KIM, COPD)).encode())[:-12], "broken_gzip"),
    ],
)
def test_what_is_no_fhir_says_why(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """Each by its reason."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable) as raised:
        list(resources_in(tmp_path / name))
    assert raised.value.reason == reason


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    """Nobody sees a traceback."""
    with pytest.raises(Unreadable, match="cannot_open"):
        list(resources_in(tmp_path / "none.json"))


def test_broken_json_is_named_by_its_line_and_byte(tmp_path: Path) -> None:
    """Also far behind the first pages of a file, and in lines of resources."""
    far = "\n".join(json.dumps(KIM) for _ in range(3000)) + "\n"
    path = tmp_path / "far.ndjson"
    path.write_text(far + '{"resourceType": "Condition", oops}\n', encoding="utf-8")
    with pytest.raises(Unreadable) as raised:
        list(resources_in(path))
    assert (raised.value.reason, raised.value.line) == ("broken_json", 3001)
    assert path.read_bytes()[raised.value.byte :].startswith(b"oops")


@given(cut=st.integers(1, 400))
def test_a_bundle_that_breaks_off_anywhere_is_broken(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    """A download that stopped is never half a record."""
    whole = json.dumps(bundle(KIM, COPD), indent=1).encode()
    path = tmp_path_factory.mktemp("cut") / "cut.json"
    path.write_bytes(whole[: -min(cut, len(whole) - 1)])
    with pytest.raises(Unreadable) as raised:
        list(resources_in(path))
    assert raised.value.reason == "broken_json"
    assert raised.value.line == path.read_bytes().count(b"\n") + 1


def test_bytes_that_are_no_utf8_are_broken(tmp_path: Path) -> None:
    """EUC-KR is what they often are."""
    (tmp_path / "a.json").write_bytes(json.dumps(KIM, ensure_ascii=False).encode("euc-kr"))
    with pytest.raises(Unreadable, match="broken_json"):
        list(resources_in(tmp_path / "a.json"))


def test_a_resource_nested_without_end_is_refused(tmp_path: Path) -> None:
    """Recursion over it would end the program."""
    deep: object = "x"
    for _ in range(200):
        deep = {"item": [deep]}
    assert is_too_deep(deep)
    assert not is_too_deep(KIM)
    with pytest.raises(Unreadable, match="unknown_shape"):
        list(resources_in(written(tmp_path / "a.json", {"resourceType": "QuestionnaireResponse", "item": deep})))
