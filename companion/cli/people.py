"""``companion people add|list|show|edit|contact|consent|export|erase``: who is kept, and what they agreed to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.asking import ask_yes, at_terminal
from companion.cli.exit_codes import ExitCode
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.people_consent import consent, decision_fields, decision_line
from companion.cli.secret_entry import passphrase
from companion.core.access import Action
from companion.core.person import channel_name
from companion.core.speech_settings import HearingLift

if TYPE_CHECKING:
    from companion.core.person import Contact, Person
    from companion.store.record import Record

app: Final = typer.Typer(help="어르신과 동의 (people and consent)", no_args_is_help=True)
app.command("consent")(consent)

_SHORT: Final = 8
"""Characters of an id's end that are shown."""
_Who = Annotated[str, typer.Argument(help="번호의 끝자리, 이름이나 호칭 (end of the id, name or 호칭)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]


@app.command("add")
def add(  # noqa: PLR0913 - each is an option of the command line
    address: Annotated[str, typer.Option("--address", help="호칭 (how they are called)")],
    *,
    name: Annotated[str, typer.Option("--name", help="성함 (name)")] = "",
    birth_year: Annotated[int | None, typer.Option("--birth-year", min=1900, max=2020)] = None,
    sex: Annotated[str, typer.Option("--sex", help="female, male")] = "",
    region: Annotated[str, typer.Option("--region", help="사는 곳, 시/도부터: 전라남도 곡성군 (region)")] = "",
    zone: Annotated[str, typer.Option("--zone", help="시간대 (time zone)")] = "Asia/Seoul",
    group: Annotated[str, typer.Option("--group", help="마을, 담당 (group)")] = "",
    doubtful: Annotated[
        bool, typer.Option("--doubtful", help="대신 동의가 필요할 수 있음 (dementia on record)")
    ] = False,
) -> None:
    """어르신을 등록합니다 (add somebody)."""
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record
    from companion.wiring.setup import new_person

    person = new_person(
        address=address,
        name=name,
        birth_year=birth_year,
        sex=sex,
        region=region,
        zone=zone,
        group=group,
        understanding_doubtful=doubtful,
    )
    with open_record(passphrase) as record:
        authorise(record, Action.PERSON_ADDED)
        added = record.people.add(person)
    tell("people.added", address=added.address, id=added.id[-_SHORT:])


@app.command("list")
def list_people(*, json: _Json = False) -> None:
    """등록된 분들을 보여 줍니다 (everybody)."""
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        authorise(record, Action.PEOPLE_LISTED)
        everybody = record.people.all()
        given = {person.id: record.consents.items_given(person.id) for person in everybody}
    if json:
        print_json({"people": [{**_fields(person), "consents": sorted(given[person.id])} for person in everybody]})
        return
    if not everybody:
        tell("people.none_yet")
    for person in everybody:
        titles = ", ".join(say(f"consent.item.{item}") for item in sorted(given[person.id])) or "-"
        year = person.birth_year or "-"
        print_line(
            say(
                "people.line",
                id=person.id[-_SHORT:],
                address=person.address,
                name=person.name or "-",
                year=year,
                consents=titles,
            )
        )


@app.command("show")
def show(who: _Who, *, json: _Json = False) -> None:
    """한 분의 정보와 동의를 보여 줍니다 (one person)."""
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        authorise(record, Action.PERSON_SHOWN, person.id)
        contacts = record.people.contacts(person.id)
        decisions = record.consents.decisions(person.id)
        counts = record.belongings.counts(person.id)
    if json:
        listed = [_contact_fields(contact) for contact in contacts]
        consents = [decision_fields(decision) for decision in decisions]
        shown = {**_fields(person), "speech": dict(person.speech)}
        print_json({**shown, "contacts": listed, "consents": consents, "counts": counts})
        return
    print_line(f"{person.id[-_SHORT:]}  {person.address}  {person.name}  {person.birth_year or ''}  {person.zone}")
    for contact in contacts:
        print_line(say("people.contact_line", **_contact_fields(contact)))
    for decision in decisions:
        print_line(decision_line(decision))
    if not decisions:
        print_line(say("consent.none"))
    print_line(say("people.counts", counts=_counted(counts)))
    if person.speech:
        print_line(say("people.speech", speech=", ".join(f"{name} {value}" for name, value in person.speech.items())))


@app.command("edit")
def edit(  # noqa: PLR0913 - each is an option of the command line
    who: _Who,
    *,
    address: Annotated[str | None, typer.Option("--address", help="호칭")] = None,
    name: Annotated[str | None, typer.Option("--name", help="성함")] = None,
    birth_year: Annotated[int | None, typer.Option("--birth-year", min=1900, max=2020)] = None,
    sex: Annotated[str | None, typer.Option("--sex", help="female, male")] = None,
    region: Annotated[str | None, typer.Option("--region", help="사는 곳, 시/도부터 (region)")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="시간대")] = None,
    group: Annotated[str | None, typer.Option("--group", help="마을, 담당")] = None,
    doubtful: Annotated[bool | None, typer.Option("--doubtful/--not-doubtful")] = None,
    dementia: Annotated[
        str | None, typer.Option("--dementia", help="치매 단계: none, mild, moderate, severe (stage on record)")
    ] = None,
    screening_despite_dementia: Annotated[
        bool | None,
        typer.Option(
            "--screening-despite-dementia/--no-screening-despite-dementia",
            help="중등도 이상이어도 마음 점검을 권함: 의료진이 정함 (a clinician's switch)",
        ),
    ] = None,
    hearing: Annotated[
        HearingLift | None, typer.Option("--hearing", help="높은 소리를 키워 들려드림 (lift what age takes)")
    ] = None,
) -> None:
    """한 분의 정보를 고칩니다 (change somebody)."""
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record
    from companion.wiring.setup import checked_changes

    changes = checked_changes(
        address=address,
        name=name,
        birth_year=birth_year,
        sex=sex,
        region=region,
        zone=zone,
        group=group,
        understanding_doubtful=doubtful,
        dementia_stage=dementia,
        screening_despite_dementia=screening_despite_dementia,
    )
    if not changes and hearing is None:
        tell("people.nothing_to_change")
        raise typer.Exit(ExitCode.INPUT)
    with open_record(passphrase) as record:
        person = record.people.find(who)
        if hearing is not None:
            changes["speech"] = {**person.speech, "hearing": hearing.value}
        authorise(record, Action.PERSON_CHANGED, person.id, fields=sorted(changes))
        changed = record.people.change(person.id, **changes)
    tell("people.edited", address=changed.address)


@app.command("contact")
def contact(  # noqa: PLR0913 - each is an option of the command line
    who: _Who,
    *,
    name: Annotated[str, typer.Option("--name", help="어르신께 부를 이름: 큰따님 (spoken name)")] = "",
    relation: Annotated[str | None, typer.Option("--relation", help="관계 (relation)")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="전화 (telephone)")] = None,
    channel: Annotated[
        list[str] | None, typer.Option("--channel", help="알릴 길: ntfys://… mailtos://… (apprise URL, repeatable)")
    ] = None,
    quiet: Annotated[str | None, typer.Option("--quiet", help="급하지 않으면 쉬는 시간: 22-7 (quiet hours)")] = None,
    told_of_abuse: Annotated[
        bool | None, typer.Option("--told-of-abuse/--not-told-of-abuse", help="학대가 의심될 때도 알림")
    ] = None,
    told_words: Annotated[
        bool | None, typer.Option("--told-words/--not-told-words", help="어르신이 동의하신 경우, 하신 말씀도 알림")
    ] = None,
    remove: Annotated[str | None, typer.Option("--remove", help="지울 번호 (id to remove)")] = None,
) -> None:
    """연락할 분을 적거나, 같은 이름이면 고치거나, 지웁니다 (add, change or remove a contact)."""
    from companion.wiring.access import authorise
    from companion.wiring.people import ContactPlan, set_contact
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        authorise(record, Action.CONTACT_CHANGED, person.id)
        if remove is not None:
            record.people.remove_contact(person.id, remove)
            tell("people.contact_removed")
            return
        plan = ContactPlan(name, relation, phone, channel, told_of_abuse, told_words, quiet)
        kept = set_contact(record, person.id, plan)
    tell("people.contact_added", name=kept.name)
    if not kept.channels:
        tell("people.contact_without_channel", name=kept.name)


@app.command("export")
def export(
    who: _Who, *, out: Annotated[Path, typer.Option("--out", help="적을 폴더 (folder)")] = Path("malbeot-export")
) -> None:
    """한 분께 적어 둔 모든 것을 드립니다: 글과 JSON (all data of a person)."""
    from companion.wiring.access import authorise
    from companion.wiring.people import export_own_data
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        authorise(record, Action.PERSON_EXPORTED, person.id)
        text, table = export_own_data(record, person, out)
    tell("people.exported", text=text, table=table)


@app.command("erase")
def erase(who: _Who, *, yes: Annotated[bool, typer.Option("--yes", help="묻지 않고 (do not ask)")] = False) -> None:
    """한 분의 기록을 모두 지웁니다. 되살릴 수 없습니다 (erase everything of a person)."""
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        if not yes and not _confirmed(record, person):
            tell("people.erase_unconfirmed")
            raise typer.Exit(ExitCode.INPUT)
        authorise(record, Action.PERSON_ERASED, person.id)
        held = record.releases.holding(person.id)
        record.belongings.erase(person.id)
    tell("people.erased")
    if held:
        tell("release.recipients_to_tell", count=len(held))
    _name_backups()


def _confirmed(record: Record, person: Person) -> bool:
    counted = _counted(record.belongings.counts(person.id))
    return at_terminal() and ask_yes("people.erase_ask", address=person.address, counts=counted)


def _name_backups() -> None:
    """Say which backups may still hold what was erased."""
    from companion.wiring.backup import kept_backups

    files = [str(backup.path) for backup in kept_backups(quick=True)]
    if files:
        tell("people.backups_hold", files=", ".join(files))


def _counted(counts: object) -> str:
    from companion.wiring.people import table_titles

    titles = table_titles()
    return ", ".join(f"{titles[name]} {count}" for name, count in dict(counts).items())  # type: ignore[call-overload]


def _fields(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "address": person.address,
        "name": person.name,
        "birth_year": person.birth_year,
        "sex": person.sex,
        "region": person.region,
        "zone": person.zone,
        "group": person.group,
        "understanding_doubtful": person.understanding_doubtful,
        "dementia_stage": person.dementia_stage,
        "screening_despite_dementia": person.screening_despite_dementia,
        "added_at": None if person.added_at is None else person.added_at.isoformat(),
    }


def _contact_fields(contact: Contact) -> dict[str, object]:
    return {
        "id": contact.id,
        "order": contact.order,
        "name": contact.name,
        "relation": contact.relation,
        "phone": contact.phone,
        "told_of_abuse": contact.told_of_abuse,
        "told_words": contact.told_words,
        "quiet_from": contact.quiet_from,
        "quiet_until": contact.quiet_until,
        "channels": [channel_name(address) for address in contact.channels],
    }
