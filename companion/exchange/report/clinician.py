"""The whole report, for a clinician: everything that the dossier holds, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Mapping

from companion.exchange.dossier import Dossier
from companion.exchange.report import charts, events, life, opening, screenings
from companion.exchange.report.line import line
from companion.exchange.report.sources import sources, technical
from companion.exchange.report.together import together
from companion.exchange.report.words import Words


def clinician_report(dossier: Dossier, words: Words) -> Mapping[str, object]:
    """Return what ``prompts/reports/clinician.typ`` lays out.

    Raises:
        KeyError: A sentence is missing.
    """
    mood = charts.mood_chart(dossier, words)
    sections = [
        events.dangers(dossier, words),
        events.alerts(dossier, words),
        events.observations(dossier, words),
        life.activities(dossier, words),
        life.readings(dossier, words),
        together(dossier, words),
        life.hospital(dossier, words),
        life.consents(dossier, words),
    ]
    return {
        "head": opening.head(dossier, words, "clinician"),
        "labels": {name: words.labels(name) for name in _LABELS},
        "identity": opening.identity(dossier, words),
        "purpose": words.lines("purpose.lines"),
        "glance": opening.glance(dossier, words),
        "missing": opening.missing(dossier, words),
        "charts": [*charts.screening_charts(dossier, words), *([] if mood is None else [mood])],
        "reading_charts": list(charts.reading_charts(dossier, words)),
        "line": line(dossier, words),
        "screenings": screenings.screenings(dossier, words),
        "forms": screenings.forms(dossier, words),
        "sections": [section for section in sections if section is not None],
        "sources": sources(dossier, words),
        "technical": technical(dossier, words),
    }


_LABELS = ("identity", "purpose", "glance", "missing", "charts", "forms", "sources", "signature")
