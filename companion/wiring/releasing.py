"""Makes research releases out of the record, and looks into the ledger of those that were made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from companion import __version__
from companion.core.access import Action
from companion.core.research import KeptRelease, NewRelease, Withdrawn
from companion.errors import InputError
from companion.exchange.release.hierarchies import Hierarchies
from companion.exchange.release.papers import Loss, Made
from companion.exchange.release.policy import Policy, Problem, read_policy
from companion.exchange.release.schema import Schema, load_schema
from companion.prompts import prompt_table
from companion.wiring.access import authorise, whoever_is_here
from companion.wiring.instruments import instruments
from companion.wiring.record import open_record

if TYPE_CHECKING:
    from companion.exchange.release.preparing import Rules
    from companion.store.record import Record

_WORDS: Final = "release/words.ko.toml"
_LARGEST_POLICY: Final = 2**20
SOFTWARE: Final = f"malbeot {__version__}"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a policy."""

    problems: Sequence[Problem] = ()
    """Of the policy; nothing was read of anybody then."""
    loss: Loss | None = None
    levels: Mapping[str, int] | None = None
    k: int = 0
    l: int = 0  # noqa: E741 - the name that the literature gives it
    made: Made | None = None
    """None for a dry run."""
    folder: Path | None = None


def release(policy_file: Path, out: Path, *, ask: Callable[[], str], dry_run: bool) -> Done:
    """Make a release by a policy, or say what it would come to.

    Args:
        policy_file: TOML.
        out: Folder of the release; it may not be there yet, or be empty.
        ask: Asks for the passphrase of the record, where it has one.
        dry_run: Nothing is written but the audit.

    Raises:
        AccessError: Whoever is here is no administrator.
        InputError: The policy cannot be read, too few people agree, or somebody took their consent back meanwhile.
        StorageFull: It cannot be written there; nothing is there then.
        StoreError: The record cannot be read.
    """
    with open_record(ask) as record:
        policy, problems = _policy(policy_file, record)
        if policy is None:
            return Done(problems)
        authorise(record, Action.RELEASE_PREPARED, policy=policy.digest, dry_run=dry_run)
        return _tried(record, policy) if dry_run else _made(record, policy, out)


def schema() -> Schema:
    """Return what may leave.

    Raises:
        PromptError: The table is broken.
    """
    return load_schema(prompt_table("release/tables.toml"))


def hierarchies() -> Hierarchies:
    """Return how quasi-identifiers are coarsened.

    Raises:
        PromptError: The table is broken.
    """
    return Hierarchies(prompt_table("release/hierarchies.toml"))


def releases(record: Record) -> Sequence[KeptRelease]:
    """Return every release that was made, oldest first.

    Raises:
        AccessError: Whoever is here is no administrator.
    """
    return record.releases.list(whoever_is_here(record))


def catalogue_of(record: Record) -> dict[str, Any]:
    """Return the DCAT catalogue of all releases.

    Raises:
        AccessError: Whoever is here is no administrator.
    """
    from companion.exchange.release.catalogue import catalogue

    today = record.database.now().date()
    return catalogue(releases(record), prompt_table(_WORDS)["catalogue"], today)


def withdrawals(record: Record) -> Sequence[Withdrawn]:
    """Return the releases that hold somebody who does not agree any more.

    Raises:
        AccessError: Whoever is here is no administrator.
    """
    return record.releases.withdrawals(whoever_is_here(record))


def note_told(record: Record, release_id: str) -> Withdrawn:
    """Write down that a recipient was asked to delete those who left.

    Raises:
        AccessError: Whoever is here is no administrator.
        InputError: There is no such release.
    """
    return record.releases.note_told(whoever_is_here(record), release_id)


def _policy(file: Path, record: Record) -> tuple[Policy | None, Sequence[Problem]]:
    try:
        if file.stat().st_size > _LARGEST_POLICY:
            raise InputError("release.policy_unreadable", file=file)
        text = file.read_bytes()
    except OSError as error:
        raise InputError("release.policy_unreadable", file=file) from error
    return read_policy(
        text,
        schema=schema(),
        hierarchies=hierarchies(),
        instruments=instruments(),
        today=record.database.now().date(),
    )


def _rules(record: Record, policy: Policy, release_id: str) -> Rules:
    from companion.exchange.release.preparing import Rules

    return Rules(
        policy=policy,
        schema=schema(),
        hierarchies=hierarchies(),
        instruments=instruments(),
        secret=record.releases.secret(release_id),
        made_at=record.database.now(),
    )


def _tried(record: Record, policy: Policy) -> Done:
    from companion.exchange.release.preparing import prepare
    from companion.store.research import research_view

    rules = _rules(record, policy, record.releases.new_id())
    with research_view(record.database) as source:
        prepared = prepare(source, rules)
    found = prepared.protected
    loss = Loss.of(prepared)
    for one in prepared.members:
        loss.count(one.levels, {})
    return Done(loss=loss, levels=found.levels, k=found.k, l=found.l)


def _made(record: Record, policy: Policy, out: Path) -> Done:
    from companion.exchange.release.making import Imprint, handing_over, make, workshop
    from companion.exchange.release.preparing import prepare
    from companion.store.research import research_view

    release_id = record.releases.new_id()
    rules = _rules(record, policy, release_id)
    imprint = Imprint(release_id, SOFTWARE, prompt_table(_WORDS)["summary"])
    with workshop(out) as part:
        with research_view(record.database) as source:
            made = make(source, prepare(source, rules), rules, imprint, part)
        kept = NewRelease(
            id=release_id,
            title=policy.title,
            recipient=policy.recipient,
            purpose=policy.purpose,
            legal_basis=policy.legal_basis,
            terms=policy.terms,
            expires=policy.expires,
            policy_digest=policy.digest,
            manifest_digest=made.manifest_digest,
            k=made.k,
            l=made.l,
            rows=made.rows,
            formats=policy.formats,
            software=SOFTWARE,
        )
        with handing_over(part, out) as move:
            record.releases.hand_over(whoever_is_here(record), kept, made.person_ids, publish=move)
    return Done(loss=made.loss, levels=made.loss.levels, k=made.k, l=made.l, made=made, folder=out)
