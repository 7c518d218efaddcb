"""What stands beside what, as a Composition: pages to be read, whose figures are no findings and have no codes.

Mood told from talks, and how it went with what was measured, is no Observation: a receiving system would take it for
one that somebody made. It stands here as text, with its caution, and points to what is told by resources of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from html import escape
from typing import Any

from companion.exchange.dossier import Dossier
from companion.exchange.fhir.outgoing.writing import Json, Writing, utc_key, without_empty
from companion.exchange.report.layout import Section


def composition(
    dossier: Dossier, sections: Sequence[Section], entries: Sequence[Json], writing: Writing
) -> Iterator[Json]:
    """Yield one document of what is read together; none where there is nothing on any of its pages.

    Args:
        dossier: What is exported.
        sections: Tables as a report prints them; those without rows are left out.
        entries: References to resources of the export that the first section tells of.
        writing: How.
    """
    pages = [one for one in sections if one["rows"]]
    moments = list(_moments(dossier))
    if not pages or not moments:
        return
    words = writing.words["paper"]
    yield {
        "resourceType": "Composition",
        "id": writing.id("paper", utc_key(dossier.since)),
        "status": "final",
        "type": {"text": words["type"]},
        "subject": writing.patient,
        # Of the newest that is in it, not of the export: the same record gives the same document.
        "date": writing.moment(max(moments)),
        "author": [writing.device],
        "title": words["title"],
        "section": [
            {"title": words["purpose"], "text": _narrative(f"<p>{escape(writing.words['purpose'])}</p>")},
            *(
                without_empty(
                    {"title": page["title"], "text": _page(page), "entry": list(entries) if page is sections[0] else []}
                )
                for page in pages
            ),
        ],
    }


def _moments(dossier: Dossier) -> Iterator[datetime]:
    yield from (one.at for one in dossier.talks)
    yield from (one.at for one in dossier.screenings)
    yield from (one.at for one in dossier.dangers)
    yield from (one.alert.raised_at for one in dossier.alerts)
    yield from (one.at for one in dossier.activities)
    for one in dossier.days_of_readings:
        yield datetime.combine(one.day + timedelta(days=1), time(), dossier.zone)
    yield from (one.at for one in dossier.hospital if one.at is not None)


def _page(section: Section) -> Json:
    columns: Any = section["columns"]
    rows: Any = section["rows"]
    head = "".join(f"<th>{escape(one['label'])}</th>" for one in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in rows)
    intro = f"<p>{escape(str(section['intro']))}</p>" if section["intro"] else ""
    return _narrative(f"{intro}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def _cell(cell: Any) -> str:  # noqa: ANN401 - a text, several, or one with smaller ones below it
    if isinstance(cell, str):
        return escape(cell)
    lines = [cell["text"], *cell["marks"]] if isinstance(cell, dict) else cell
    return "<br/>".join(escape(one) for one in lines)


def _narrative(inside: str) -> Json:
    """Return a narrative; what it tells need not be in any resource."""
    return {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml" lang="ko">{inside}</div>'}
