from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from companion.cli.app import main
from companion.cli.exit_codes import ExitCode

RECORDINGS = Path(__file__).parent.parent / "recordings"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["companion", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_a_bad_line_ends_with_exit_status_2_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line's number is in the sentence, and there is no traceback."""
    manifest = tmp_path / "clips.tsv"
    manifest.write_text("id\tfile\ttranscript\nx\tnot_there.wav\t네\n", encoding="utf-8")
    assert run(monkeypatch, "evaluate", "speech", str(manifest)) == ExitCode.INPUT
    captured = capsys.readouterr()
    assert "2번째 줄" in captured.err
    assert captured.out == ""


@pytest.mark.models
def test_real_clips_give_one_line_of_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two clips and a noise through the real recogniser: all fields, few errors, nothing invented."""
    models = os.environ.get("COMPANION_MODELS", "")
    if not models or not (Path(models) / "whisper-base").is_dir():
        pytest.skip("COMPANION_MODELS has no whisper-base")
    shutil.copytree(RECORDINGS, tmp_path / "clips")
    lines = (RECORDINGS / "recordings.tsv").read_text(encoding="utf-8").splitlines()
    manifest = tmp_path / "clips" / "clips.tsv"
    rows = [f"{line.split(chr(9))[0]}\t{line}" for line in lines[1:]]
    manifest.write_text("\n".join([f"id\t{lines[0]}", *rows]), encoding="utf-8")
    noise = np.random.default_rng(5).normal(0, 0.05, 48_000).astype(np.float32)
    soundfile.write(tmp_path / "white.flac", noise, 16_000)
    noises = tmp_path / "noise.tsv"
    noises.write_text("id\tfile\nwhite\twhite.flac\n", encoding="utf-8")

    status = run(
        monkeypatch,
        *("evaluate", "speech", str(manifest), "--noise", str(noises)),
        *("--recognizer", str(Path(models) / "whisper-base"), "--threads", "2", "--json"),
    )

    assert status == ExitCode.OK
    figures = json.loads(capsys.readouterr().out)
    assert {"n", "cer", "cer_raw", "cer_baseline", "rtf", "by_source", "inventions"} <= figures.keys()
    assert figures["n"] == 2
    assert figures["cer"] < 0.2
    assert figures["inventions"] == 0
