"""``companion setup``: person, contacts, consent and key, in a minute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from companion.cli.asking import ask, ask_yes, at_terminal, choose
from companion.cli.output import print_line, tell
from companion.cli.secret_entry import new_passphrase, passphrase
from companion.cli.vault import show_code
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.wiring.setup import SetupPlan

_GIVERS = {"본인": "person", "후견인": "guardian", "가족": "family"}
_MANNERS = {"말": "spoken", "서명": "signed"}
_KEYS = {"file": "file", "keyring": "keyring", "passphrase": "passphrase", "파일": "file", "암호": "passphrase"}


def setup(*, plan: Annotated[Path | None, typer.Option("--from", help="TOML 파일로 (from a file)")] = None) -> None:
    """처음 설정을 합니다: 호칭, 연락할 분, 동의, 열쇠 (first-run setup)."""
    from companion.wiring.setup import read_plan

    if plan is None and not at_terminal():
        raise InputError("setup.needs_terminal")
    refuse_if_done()
    carry_out(_asked() if plan is None else read_plan(plan))


def set_up_now() -> None:
    """Ask for everything and carry it out, for somebody who sits at the terminal."""
    carry_out(_asked())


def refuse_if_done() -> None:
    """Refuse before anything is asked.

    Raises:
        InputError: Somebody was set up already.
    """
    from companion.wiring.people import is_set_up
    from companion.wiring.record import open_record, record_place

    if record_place().exists:
        with open_record(passphrase) as record:
            everybody = record.people.all()
            if is_set_up(record, everybody):
                raise InputError("setup.already", address=everybody[0].address)


def carry_out(plan: SetupPlan) -> None:
    """Write what was planned, change the key to the way that was chosen, and show the recovery code once."""
    from companion.core.access import Action
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record
    from companion.wiring.setup import apply
    from companion.wiring.vault import change_key

    with open_record(passphrase) as record:
        authorise(record, Action.PERSON_ADDED)
        person = apply(plan, record, record.database.now())
    _, code = change_key(plan.key, ask=passphrase, ask_new=new_passphrase)
    tell("setup.done", address=person.address)
    if not plan.contacts:
        tell("setup.no_contacts")
    show_code(code)


def _asked() -> SetupPlan:
    """Ask for everything."""
    from pydantic import ValidationError

    from companion.wiring.setup import SetupPlan

    tell("setup.welcome")
    person: dict[str, Any] = {
        "address": ask("setup.ask_address", default="어르신"),
        "name": ask("setup.ask_name"),
        "birth_year": ask("setup.ask_birth_year") or None,
        "understanding_doubtful": ask_yes("setup.ask_doubtful"),
    }
    contacts = list(_contacts())
    table = {
        "person": person,
        "contacts": contacts,
        "consent": _consent(person, [contact["name"] for contact in contacts]),
        "key": choose("setup.ask_key", _KEYS, default="file"),
    }
    try:
        return SetupPlan.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError("people.unfit", place=place, reason=first["msg"]) from error


def _contacts() -> Iterator[dict[str, str]]:
    key = "setup.ask_contact"
    while ask_yes(key):
        yield {
            "name": ask("setup.ask_contact_name"),
            "relation": ask("setup.ask_contact_relation"),
            "phone": ask("setup.ask_contact_phone"),
        }
        key = "setup.ask_contact_more"


def _consent(person: dict[str, Any], contacts: list[str]) -> dict[str, Any]:
    """Show each text and ask whether it is agreed to."""
    from companion.core.consent import Item
    from companion.wiring.people import consent_words

    doubtful = person["understanding_doubtful"]
    giver = choose("setup.ask_giver", _GIVERS, default="본인") if doubtful else "person"
    by_person = giver == "person"
    answers: dict[str, Any] = {
        "giver": giver,
        "giver_name": ask("setup.ask_giver_name", default=(person["name"] or person["address"]) if by_person else ""),
        "manner": choose("setup.ask_manner", _MANNERS, default="서명"),
    }
    if doubtful:
        answers |= {"basis": ask("setup.ask_basis"), "until": ask("setup.ask_until") or None}
    words = consent_words()
    shared = ask("setup.ask_shared")

    def agreed(item: Item, named: str = "") -> bool:
        print_line(f"\n[{words.title(item, named)}]\n{words.text(item, named)}")
        return ask_yes("setup.ask_agree")

    for item in (Item.CONVERSATION, Item.HEALTH, Item.RESEARCH):
        answers[item] = agreed(item)
    answers["sharing"] = [name for name in [shared] if name and agreed(Item.SHARING, name)]
    answers["alerts"] = [name for name in contacts if agreed(Item.ALERTS, name)]
    return answers
