"""From a declared footprint to a report in one of two frames."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import rfc8785
from sqlmodel import Session

from service.clock import day_at
from service.errors import N_
from service.exports.facts import DeclaredFacts, facts_of
from service.footprints.uncertainty import DRAWS, simulate_record
from service.modelling.queries import model_of
from service.pdf.bilingual import Bilingual, both, same
from service.product_footprints.models import ProductFootprint
from service.reports import chapters
from service.reports.chapters import Study
from service.reports.content import Audience, Chapter, ReportDocument, ReportKind
from service.reports.figures import UNIT, total_of
from service.settings import Settings

FRAMES: Final[Mapping[ReportKind, tuple[Callable[[Study], Chapter], ...]]] = {
    ReportKind.GB_T_24067: (
        *(chapters.company, chapters.product, chapters.purpose, chapters.boundary, chapters.data_sources, chapters.cut_off),
        *(chapters.allocation, chapters.electricity, chapters.inventory, chapters.assessment, chapters.results),
        *(chapters.uncertainty, chapters.interpretation, chapters.review),
    ),
    ReportKind.ISO_14067: (
        *(chapters.results, chapters.purpose, chapters.product, chapters.boundary, chapters.cut_off, chapters.inventory),
        *(chapters.data_sources, chapters.allocation, chapters.electricity, chapters.assessment, chapters.interpretation),
        *(chapters.uncertainty, chapters.review, chapters.company),
    ),
}
"""Chapters in the order of GB/T 24067-2024's report frame, and of ISO 14067:2018, clause 7."""
TITLES: Final[Mapping[ReportKind, str]] = {
    ReportKind.GB_T_24067: N_("Product carbon footprint report"),
    ReportKind.ISO_14067: N_("Carbon footprint study report"),
}
STANDARDS: Final[Mapping[ReportKind, Bilingual]] = {
    ReportKind.GB_T_24067: same("GB/T 24067-2024"),
    ReportKind.ISO_14067: same("ISO 14067:2018"),
}
P5, P95 = 5, 95


def make_report(
    session: Session,
    declared: ProductFootprint,
    *,
    kind: ReportKind,
    audience: Audience,
    settings: Settings,
    at: datetime,
) -> ReportDocument:
    """Return the report of a declared footprint; for customers with published figures alone."""
    facts = facts_of(session, declared, settings=settings)
    study = Study(
        facts=facts,
        model=model_of(session, facts.record.result["content_hash"]),
        settings=settings,
        audience=audience,
        interval=_interval(session, facts) if audience is Audience.VERIFIER else None,
    )
    product, plant = facts.product, facts.plant
    return ReportDocument(
        kind=kind,
        audience=audience,
        title=both(TITLES[kind]),
        standard=STANDARDS[kind],
        number=facts.record.number,
        company=Bilingual(zh=settings.company_name_zh, en=settings.company_name_en),
        product=Bilingual(zh=f"{product.grade} {product.name_zh}", en=f"{product.grade} {product.name_en}"),
        plant=Bilingual(zh=plant.name_zh, en=plant.name_en),
        period_start=facts.record.period_start,
        period_end=facts.record.period_end,
        made_at=at,
        made_on=day_at(at, settings.timezone),
        total=str(total_of(facts)),
        unit=UNIT,
        assurance=chapters.assurance(study),
        chapters=tuple(chapter(study) for chapter in FRAMES[kind]),
        is_sample=facts.is_sample,
        pact=rfc8785.dumps(dict(facts.document)),
    )


def _interval(session: Session, facts: DeclaredFacts) -> tuple[float, float, int]:
    simulation = simulate_record(session, facts.record, headline_only=True).headline
    return simulation.percentile(P5), simulation.percentile(P95), DRAWS
