"""Whether something may be offered in a reply now, and what becomes of it in the next turn. Pure."""

from __future__ import annotations

from dataclasses import replace

from companion.core.turn import Reply
from companion.dialogue.offers import ACTIVITY, SAY, TALE, Offered, Reaction
from companion.dialogue.opportunity import Offer, Opportunity
from companion.dialogue.plan import Event
from companion.dialogue.state import Setting, State
from companion.dialogue.tables import Parts


def may_offer(offered: Offered, parts: Parts, setting: Setting, state: State) -> bool:
    """Return whether a reply may offer it: only what can be begun, once, never after a no or a danger."""
    if state.offer_refused or offered in state.offers_made:
        return False
    kind = Offer.PROPOSAL if offered.kind == ACTIVITY else Offer.TALE
    if parts.moments.refusal(kind, Opportunity(state, setting.hour)) is not None:
        return False
    if offered.kind == ACTIVITY:
        return setting.activities
    return offered.kind != TALE or parts.telling.has(offered.name)


def barred_variants(key: str, parts: Parts, setting: Setting, state: State) -> frozenset[str]:
    """Return the ids of the variants of a fixed sentence that offer what may not be offered now."""
    texts = parts.sentences.by_key.get(key, ())
    found = ((number, parts.offers.of(text)) for number, text in enumerate(texts))
    return frozenset(
        f"{key}#{number}"
        for number, offered in found
        if offered is not None and not may_offer(offered, parts, setting, state)
    )


def noted(state: State, reply: Reply, parts: Parts) -> State:
    """Return the state with what a reply offers, which waits for an answer in the next turn."""
    offered = parts.offers.of(reply.text)
    made = state.offers_made if offered is None else state.offers_made | {offered}
    return replace(state, offered=offered, offers_made=made)


def taken(text: str, state: State, parts: Parts) -> tuple[Reaction, Offered | None]:
    """Return how an open offer is answered, and what is to begin where it is taken."""
    if state.offered is None:
        return Reaction.ELSE, None
    reaction = parts.offers.reaction(text)
    return reaction, parts.offers.meant(text, state.offered) if reaction is Reaction.YES else None


def refused(state: State) -> State:
    """Return the state in which what was offered is refused: it counts as what this session offered."""
    activity = state.offered is not None and state.offered.kind == ACTIVITY
    plan = state.plan.after(Event.OFFERED).after(Event.SETTLED) if activity else state.plan
    return replace(state, offer_refused=True, plan=plan)


def key_of(offered: Offered) -> str:
    """Return the fixed sentence that is said for it: its own, or that it cannot be begun, should nobody begin it."""
    return offered.name if offered.kind == SAY else "session.session.offer_not_now"
