from __future__ import annotations

from pathlib import Path

import pytest

from companion.errors import InputError
from companion.evaluation.manifests import read_clips, read_noises

GOOD = "seconds\ttranscript\tid\tfile\textra\n1.0\t밥 먹었어요\tone\tone.wav\tx\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.wav").write_bytes(b"RIFF")
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "clips.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_found_by_name(folder: Path) -> None:
    """Order and further columns do not matter; the file is found beside the list."""
    (clip,) = read_clips(written(folder, GOOD))
    assert (clip.id, clip.transcript, clip.source, clip.line) == ("one", "밥 먹었어요", "", 2)
    assert clip.path == folder / "one.wav"


def test_a_byte_order_mark_blank_lines_and_windows_line_ends_are_passed_over(folder: Path) -> None:
    """Lists saved by a spreadsheet are read; line numbers stay those of the file."""
    clips = read_clips(written(folder, "\ufeff" + GOOD.replace("\n", "\r\n") + "\r\n2\t네\ttwo\tone.wav\t\r\n"))
    assert [(clip.id, clip.line) for clip in clips] == [("one", 2), ("two", 4)]


def test_quotes_are_letters_like_others(folder: Path) -> None:
    """A transcript with a quotation mark does not swallow the lines after it."""
    text = GOOD + '1\t"그래\ttwo\tone.wav\t\n' + "1\t네\tthree\tone.wav\t\n"
    assert len(read_clips(written(folder, text))) == 3


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("id\tfile\n", "evaluate.column_missing", None),
        ("id\tfile\ttranscript\n", "evaluate.list_empty", None),
        ("", "evaluate.list_empty", None),
        (GOOD + "1.0\t두 칸뿐\n", "evaluate.cells_wrong", 3),
        (GOOD + "1.0\t\ttwo\tone.wav\tx\n", "evaluate.cell_empty", 3),
        (GOOD + "1.0\t네\t\tone.wav\tx\n", "evaluate.cell_empty", 3),
        (GOOD + "1.0\t네\ttwo\tnot_there.wav\tx\n", "evaluate.clip_missing", 3),
    ],
)
def test_a_bad_line_names_its_number(folder: Path, text: str, key: str, line: int | None) -> None:
    """What is wrong and where is said."""
    with pytest.raises(InputError) as refused:
        read_clips(written(folder, text))
    assert refused.value.key == key
    assert refused.value.fields.get("line") == line


def test_a_list_that_is_no_text_is_refused(folder: Path) -> None:
    """A sound file given as a list is not UTF-8, and a missing list is missing."""
    path = folder / "clips.tsv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    for bad in (path, folder / "none.tsv"):
        with pytest.raises(InputError):
            read_clips(bad)


def test_noises_need_no_transcript(folder: Path) -> None:
    """A list of noises has names and files."""
    assert len(read_noises(written(folder, "id\tfile\tkind\nhum\tone.wav\thum\n"))) == 1
