"""Any text in every field of every table: nothing raises, nothing is executed, and it comes back as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select

from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.outbox import SUITE
from companion.store.record import Record
from companion.store.tables import Base
from companion.store.tables.base import storable
from companion.store.tables.outbox import ChangeRow
from tests.fakes.clock import FakeClock
from tests.store.filled import fill, read_back, words_columns
from tests.store.records import no_passphrase

SQL = "'); DROP TABLE turns; -- \" ; DELETE FROM people WHERE '1'='1"
PLACEHOLDERS = "%s %(name)s :name ? ?1 {0} {name} $1 \\n \\x00 ${HOME} `id`"
CONTROLS = "".join(map(chr, (*range(1, 32), *range(127, 160))))
EMOJI = "👵🏻👨‍👩‍👧‍👦🇰🇷❤️‍🔥🫠 1️⃣"
OLD_HANGUL = "나랏말ᄊᆞ미 듕귁에 달아 ᄒᆞᆫ글 ㆍㆎㅿㆁ ꥠꥡ ힰퟻ"
DECOMPOSED = "안녕하세요"
INVISIBLE = "\u200b\u200d\ufeff\u202e거꾸로\u202c\u2028\u2029\uffff\U0010ffff"
NUL = "앞\0뒤\0"
SURROGATES = "깨진 \ud800 소리 \udfff"
LONG = "가나다 라마바 " * 50_000
"""1 MB in UTF-8."""
TEXTS = (SQL, PLACEHOLDERS, CONTROLS, EMOJI, OLD_HANGUL, DECOMPOSED, INVISIBLE, NUL, SURROGATES, "", " ", LONG)


@pytest.fixture
def centre() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


@pytest.fixture
def record(tmp_path: Path, centre: X25519PrivateKey) -> Iterator[Record]:
    stamp = Stamp("device", "centre", centre.public_key().public_bytes_raw())
    with closing(open_record(Place(tmp_path), stamp=stamp, now=FakeClock().now, ask=no_passphrase)) as record:
        yield record


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:12]))
def test_any_text_comes_back_from_every_field_of_every_table(
    record: Record, centre: X25519PrivateKey, text: str
) -> None:
    """NUL and lone surrogates come back as U+FFFD, everything else as it was; so do the changes sealed for a centre."""
    with record.database.writing() as session:
        ids = fill(session, text)

    kept = storable(text)
    with record.database.reading() as session:
        for table, row_id in ids.items():
            for column, value in read_back(session, table, row_id).items():
                assert value in (kept, {kept: [kept, {"inner": kept}]}), f"{table}.{column}"
        sealed = {
            (change.table, change.row_id): change.sealed
            for change in session.scalars(select(ChangeRow).where(ChangeRow.row_id.in_(ids.values())))
        }
        assert len(session.execute(select(Base.metadata.tables["turns"])).all()) == 1
    assert set(ids.items()) - set(sealed) == {
        (name, ids[name]) for name in ("changes", "audit", "sign_ins", "reading_days")
    }
    turns = sealed["turns", ids["turns"]]
    assert turns is not None
    assert storable_json(kept) in SUITE.decrypt(turns, centre, info=f"turns/{ids['turns']}".encode()).decode()


def storable_json(text: str) -> str:
    """Return a text as it stands in JSON."""
    import json

    return json.dumps(text, ensure_ascii=False)[1:-1]


def test_there_are_fields_of_words_in_the_tables_that_hold_them() -> None:
    """The walk over the tables really meets what people say, their names, and what is noted about them."""
    met: Mapping[str, Any] = {name: words_columns(name) for name in Base.metadata.tables}

    assert {"heard", "reply", "spoken"} <= set(met["turns"])
    assert {"name", "address", "speech"} <= set(met["people"])
    assert {"reply", "replies"} <= set(met["answers"])
    assert {"words"} <= set(met["risk_events"])
    assert {"note", "by"} <= set(met["alert_notes"])
    assert sum(map(len, met.values())) > 30
