"""Where tools, cut-offs and rules come from, and which files of which digests took part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from companion.exchange.dossier import Dossier
from companion.exchange.report.layout import Cell
from companion.exchange.report.words import Words
from companion.screening.instrument import Instrument


def sources(dossier: Dossier, words: Words) -> Sequence[str]:
    """Return a line for each instrument, rule, band and cut-off that the report rests on."""
    used: dict[str, Instrument] = {}
    for one in dossier.screenings:
        if one.instrument is not None:
            used[one.instrument.id] = one.instrument
    found = [line for instrument in used.values() for line in _of(instrument, words)]
    return [*found, words.text("sources.confidence")] if found else []


def _of(instrument: Instrument, words: Words) -> Iterator[str]:
    yield words.text(
        "sources.tool", title=instrument.title, source=instrument.source, attribution=instrument.attribution
    )
    yield words.text("sources.scoring", source=instrument.scoring.source)
    for source in dict.fromkeys(band.source for band in instrument.bands):
        yield words.text("sources.band", source=source)
    for cutoff in instrument.cutoffs:
        yield words.text(
            "sources.cutoff",
            at_least=cutoff.at_least,
            label=cutoff.label,
            population=cutoff.population,
            source=cutoff.source,
            confidence=cutoff.confidence,
        )


def technical(dossier: Dossier, words: Words) -> Sequence[Sequence[Cell]]:
    """Return, for each artifact of each profile, what it is and the digest of each of its files."""
    return [
        [
            words.text("sources.profile", profile=profile),
            words.text(
                "sources.artifact", kind=words.name("artifact", stamp.kind), id=stamp.id, revision=stamp.revision
            ),
            [f"{file} {digest}" for file, digest in stamp.digests.items()],
        ]
        for profile, stamps in dossier.device.profiles.items()
        for stamp in stamps
    ]
