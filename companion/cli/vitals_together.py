"""``companion vitals together``: what was measured beside the mood of conversations, for the clinician."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from companion.cli.output import print_json, print_line
from companion.cli.secret_entry import passphrase


def together(
    who: Annotated[str, typer.Argument(help="번호의 끝자리, 이름이나 호칭 (who)")],
    *,
    days: Annotated[int, typer.Option("--days", min=20, max=366, help="며칠 동안 (days)")] = 90,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """잠과 혈당의 오르내림을 같은 날 대화 속 기분 옆에 놓아 봅니다. 까닭은 말하지 않습니다 (associations)."""
    from companion.core.together import LEAST_DAYS
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record
    from companion.wiring.together import together as moved_together
    from companion.wiring.together import together_words

    with open_record(passphrase) as record:
        person = record.people.find(who)
        found = moved_together(viewer(record), person, days=days, never_measured=True)
    words = together_words()
    if json:
        associations = [{**asdict(one), "clear": one.is_clear, "sentence": words.sentence(one)} for one in found]
        fields = {"person": person.id, "within_days": days, "least_days": LEAST_DAYS, "caution": words.caution}
        print_json({**fields, "associations": associations})
        return
    for one in found:
        print_line(words.sentence(one))
    print_line(words.caution)
