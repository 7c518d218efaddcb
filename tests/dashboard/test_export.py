"""The form that takes a person's record out: real files, for whoever may, and nothing that was typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import pyzipper
from openpyxl import load_workbook
from textual.widgets import Select

from companion.dashboard.screens.person.screen import PersonScreen
from companion.dashboard.widgets.form import Form
from companion.store.viewing import Viewer
from companion.wiring.desk import RecordDoor
from tests.dashboard.conftest import Opening
from tests.dashboard.household import OKBOON, YOUNGJA
from tests.dashboard.room import LARGE, press, screens, settled, text_of, type_in
from tests.dashboard.test_access import sign_in
from tests.dashboard.test_care import send
from tests.fakes.clock import FakeClock
from tests.records import record_in

SECRET = "boricha 2026 sunja"  # noqa: S105 - of a file of this test


async def test_a_daughter_takes_a_workbook_out_sealed(
    door_to: Opening, guarded: Path, tmp_path: Path, clock: FakeClock
) -> None:
    """The file opens with the passphrase and with no other; that it was taken is in the audit."""
    (tmp_path / "usb").mkdir()
    async with screens(door_to(guarded), size=LARGE, person=YOUNGJA.name) as pilot:
        await sign_in(pilot)
        await press(pilot, "x")
        pilot.app.screen.query_one("#blank-kind", Select).value = "xlsx"
        await send(pilot, folder=str(tmp_path / "usb"), secret=SECRET, again=SECRET)
        await settled(pilot)
        assert "내보냈습니다" in text_of(pilot)
    (file,) = (tmp_path / "usb").iterdir()
    with pyzipper.AESZipFile(file) as packed:
        with pytest.raises(RuntimeError):
            packed.read(packed.namelist()[0])
        packed.setpassword(SECRET.encode())
        with packed.open(packed.namelist()[0]) as inside:
            assert load_workbook(inside).sheetnames
    with record_in(guarded, clock) as record:
        administrator = record.accounts.whoami(record.accounts.sign_in("관리인", "따뜻한 보리차 한 잔"))
        entries = Viewer(record.database, record.audit, administrator).audit_entries(limit=100, person_id=YOUNGJA.id)

    assert "record_exported" in {one.action for one in entries}


def written(folder: Path) -> list[Path]:
    """Return what an export left in a folder."""
    return [file for file in folder.iterdir() if file.name.startswith("malbeot")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"since": "작년"}, "날짜를 2026-01-01처럼"),
        ({"folder": "/없는/폴더"}, "그런 폴더가 없습니다."),
        ({"secret": SECRET}, "두 번 적으신 암호가 다릅니다."),
    ],
)
async def test_what_does_not_fit_is_said_before_anything_is_taken_out(
    door_to: Opening, guarded: Path, typed: dict[str, str], sentence: str
) -> None:
    """The form stays, with what was typed."""
    async with screens(door_to(guarded), size=LARGE, person=YOUNGJA.name) as pilot:
        await sign_in(pilot)
        await press(pilot, "x")
        await send(pilot, **typed)

        assert sentence in text_of(pilot)
        assert isinstance(pilot.app.screen, Form)


async def test_a_report_without_its_letters_is_refused_before_anything_is_taken_out(
    door_to: Opening, guarded: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the font was not pulled, it says which file is missing."""
    monkeypatch.setenv("COMPANION_MODELS", str(tmp_path / "none"))
    async with screens(door_to(guarded), size=LARGE, person=YOUNGJA.name) as pilot:
        await sign_in(pilot)
        await press(pilot, "x", "ctrl+s")

        assert "nanum-gothic" in text_of(pilot)
        assert isinstance(pilot.app.screen, Form)


async def test_without_an_account_nothing_is_taken_out(door: RecordDoor, tmp_path: Path) -> None:
    """Whoever holds only the device's key is told that an account is needed, and no file is made."""
    async with screens(door, size=LARGE, person=YOUNGJA.name) as pilot:
        await press(pilot, "x")
        await type_in(pilot, "#blank-folder", str(tmp_path))
        await press(pilot, "ctrl+s")

        assert isinstance(pilot.app.screen, Form)
    assert not written(tmp_path)


async def test_the_record_of_somebody_else_is_not_taken_out(door_to: Opening, guarded: Path) -> None:
    """On the page of a person who was not granted the key does nothing."""
    async with screens(door_to(guarded), size=LARGE) as pilot:
        await sign_in(pilot)
        await pilot.app.push_screen(PersonScreen(OKBOON.id))
        await settled(pilot)
        await press(pilot, "x")

        assert isinstance(pilot.app.screen, PersonScreen)
