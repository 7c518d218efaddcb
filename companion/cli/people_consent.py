"""``companion people consent``: asks for consent item by item, records it, and takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.asking import ask, ask_yes, at_terminal, choose
from companion.cli.messages import say
from companion.cli.output import print_line, tell
from companion.cli.secret_entry import passphrase
from companion.core.access import Action
from companion.core.consent import Answer, Assent, Decision, Giver, Item, Manner, standing
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.record import Record


def consent(  # noqa: PLR0913 - each is an option of the command line
    who: Annotated[str, typer.Argument(help="번호의 끝자리, 이름이나 호칭 (who)")],
    *,
    item: Annotated[str | None, typer.Option("--item", help="conversation|health|sharing|alerts|research")] = None,
    answer: Annotated[str | None, typer.Option("--answer", help="given|refused|withdrawn")] = None,
    named: Annotated[str, typer.Option("--named", help="sharing, alerts: 누구에게 (whom)")] = "",
    giver: Annotated[str, typer.Option("--giver", help="person|guardian|family")] = "person",
    giver_name: Annotated[str, typer.Option("--giver-name", help="동의하시는 분의 성함 (whose consent)")] = "",
    manner: Annotated[str, typer.Option("--manner", help="spoken|signed")] = "signed",
    assent: Annotated[str | None, typer.Option("--assent", help="not_asked|agreed|refused: 본인의 뜻")] = None,
    basis: Annotated[str, typer.Option("--basis", help="대신 결정하는 근거 (ground)")] = "",
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="언제까지 (until)")] = None,
    erase: Annotated[bool, typer.Option("--erase", help="거두면서 적어 둔 것도 지움 (erase too)")] = False,
) -> None:
    """동의를 받거나 거둡니다. --item 없이 터미널에서는 하나씩 여쭙니다 (give or take back consent)."""
    from companion.wiring.record import open_record

    if item is None and not at_terminal():
        raise InputError("consent.needs_terminal")
    with open_record(passphrase) as record:
        person = record.people.find(who)
        if item is None:
            _ask_each(record, person)
            return
        decision = _decision(
            record, item=item, answer=answer, named=named, giver=giver, giver_name=giver_name or person.name,
            manner=manner, assent=assent, basis=basis, until=until,
        )  # fmt: skip
        _keep(record, person, decision, erase=erase)


def _decision(record: Record, **words: object) -> Decision:
    """Return the decision that the options say.

    Raises:
        InputError: A word is none of those that there are.
    """
    from companion.wiring.people import consent_words

    try:
        about = Item(str(words["item"]))
        answer = Answer(str(words["answer"]))
        giver = Giver(str(words["giver"]))
        manner = Manner(str(words["manner"]))
        given = words["assent"]
        default = Assent.NOT_NEEDED if giver is Giver.PERSON else Assent.NOT_ASKED
        assent = default if given is None else Assent(str(given))
    except ValueError:
        raise InputError("consent.which_item") from None
    until = words["until"]
    return Decision(
        item=about,
        answer=answer,
        at=record.database.now(),
        giver=giver,
        giver_name=str(words["giver_name"]),
        manner=manner,
        wording=consent_words().wording(about),
        named=str(words["named"]),
        assent=assent,
        basis=str(words["basis"]),
        until=until.astimezone() if isinstance(until, datetime) else None,
    )


def _keep(record: Record, person: Person, decision: Decision, *, erase: bool) -> None:
    """Commit a decision, say what it means now, and offer erasure where something was taken back."""
    from companion.wiring.access import authorise

    authorise(record, Action.CONSENT_DECIDED, person.id, item=decision.item, answer=decision.answer)
    record.consents.decide(person.id, decision)
    title = say(f"consent.item.{decision.item}")
    tell("consent.decided", title=title, answer=say(f"consent.answer.{decision.answer}"))
    now = record.database.now()
    if decision.answer is not Answer.GIVEN:
        if decision.item is Item.RESEARCH and (held := record.releases.holding(person.id)):
            tell("release.recipients_to_tell", count=len(held))
        _offer_erasure(record, person, decision.item, erase=erase)
    elif standing(record.consents.decisions(person.id), decision.item, now, named=decision.named) is None:
        awaits = any(one == decision for one in record.consents.awaiting_assent(person.id))
        tell("consent.awaits_assent" if awaits else "consent.person_refused")


def _offer_erasure(record: Record, person: Person, item: Item, *, erase: bool) -> None:
    count = record.belongings.item_count(person.id, item)
    if not count:
        return
    if erase or (at_terminal() and ask_yes("consent.item_has_rows", count=count)):
        from companion.wiring.access import authorise

        authorise(record, Action.ITEM_ERASED, person.id, item=item)
        record.belongings.erase_item(person.id, item)
        tell("consent.item_erased")
    else:
        tell("consent.item_kept")


def _ask_each(record: Record, person: Person) -> None:
    """Show the text of each item and record the answer of the person."""
    from companion.wiring.people import consent_words

    words = consent_words()
    name = ask("setup.ask_giver_name", default=person.name)
    manner = choose("setup.ask_manner", {"말": "spoken", "서명": "signed"}, default="서명")
    contacts = [contact.name for contact in record.people.contacts(person.id)]
    shared = [named for named in [ask("setup.ask_shared")] if named]
    asked = [(Item.CONVERSATION, ""), (Item.HEALTH, ""), (Item.RESEARCH, "")]
    asked += [(Item.SHARING, named) for named in shared] + [(Item.ALERTS, named) for named in contacts]
    for item, named in asked:
        print_line(f"\n[{words.title(item, named)}]\n{words.text(item, named)}")
        agreed = ask_yes("setup.ask_agree")
        decision = Decision(
            item=item,
            answer=Answer.GIVEN if agreed else Answer.REFUSED,
            at=record.database.now(),
            giver=Giver.PERSON,
            giver_name=name,
            manner=Manner(manner),
            wording=words.wording(item),
            named=named,
        )
        _keep(record, person, decision, erase=False)


def decision_line(decision: Decision) -> str:
    """Return one line about a decision."""
    until = "" if decision.until is None else say("consent.until_line", until=decision.until.strftime("%Y-%m-%d"))
    title = say(f"consent.item.{decision.item}")
    return say(
        "consent.line",
        title=f"{title} ({decision.named})" if decision.named else title,
        answer=say(f"consent.answer.{decision.answer}"),
        at=decision.at.astimezone().strftime("%Y-%m-%d %H:%M"),
        giver=f"{say(f'consent.giver.{decision.giver}')} {decision.giver_name}",
        manner=say(f"consent.manner.{decision.manner}"),
        wording=decision.wording.version,
        until=until,
    )


def decision_fields(decision: Decision) -> dict[str, object]:
    """Return a decision for JSON."""
    return {
        "item": decision.item,
        "answer": decision.answer,
        "named": decision.named,
        "at": decision.at.isoformat(),
        "giver": decision.giver,
        "giver_name": decision.giver_name,
        "manner": decision.manner,
        "assent": decision.assent,
        "basis": decision.basis,
        "until": None if decision.until is None else decision.until.isoformat(),
        "wording": decision.wording.version,
    }
