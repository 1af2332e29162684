"""Gathers the facts of a score from the database; nothing is valued here.

One supplier row is one site: a company with two sites that deliver is two suppliers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from lca_models.model import Model
from service.compliance import queries as compliance
from service.compliance.models import CertificateKind, HeldCertificate, RecordArea
from service.compliance.rules import standing_certificates
from service.green_score.answer_queries import earlier_answers, latest_answers
from service.green_score.backing import Backing, backing_of
from service.green_score.benchmarks import benchmark_for, reference_of
from service.green_score.energy_facts import electricity_of, energy_of, metering_of
from service.green_score.facts import Anchors, EarlierFootprint, Facts, FootprintFacts, RecordFacts
from service.green_score.models import Benchmark
from service.green_score.own_footprints import OwnMaterialFootprint, find_own
from service.green_score.periods import Period
from service.green_score.portal_facts import is_period_open, portal_facts, requests_to
from service.green_score.standing_facts import (
    INDICATOR_OF,
    approved_as_not_applicable,
    certificate_facts,
    newest_declarations,
    record_facts,
    shown_by,
)
from service.modelling.queries import active_model
from service.submissions.models import Submission
from service.suppliers.models import Supplier

UNVERIFIED: Final = "none"
Sources = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Facts, and whether their period still waits for answers, so that it is not ranked yet."""

    facts: Facts
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What a supplier has answered by the end of a period."""

    requests: tuple[Submission, ...]
    backing: Backing | None
    own: OwnMaterialFootprint | None
    earlier: OwnMaterialFootprint | None


def gather_facts(session: Session, supplier: Supplier, flow: str, period: Period, *, category: str, on: date) -> Facts:
    """Return everything that the score of a supplier for one material and period rests on, as it is known on a day.

    Parameters
    ----------
    category
        Profile of the scoring method for the material.
    on
        Day for which ages and validity are judged.

    """
    return gather(session, supplier, flow, period, category=category, on=on).facts


def gather(session: Session, supplier: Supplier, flow: str, period: Period, *, category: str, on: date) -> Gathered:
    """Return the facts as `gather_facts`, and whether the period is open."""
    model = active_model(session)
    answers = _answers(session, supplier, flow, period, model)
    benchmark = benchmark_for(session, flow, on=on)
    held = standing_certificates(compliance.certificates_of(session, supplier.id, on=on), on=on)
    declared = newest_declarations(session, supplier.id, on=on)
    records, record_sources = record_facts(session, supplier.id, on=on)
    left_out = approved_as_not_applicable(session, supplier.id, on=on)
    vetoes = compliance.vetoes_of(session, supplier.id, on=on)
    metering = None if answers.backing is None else metering_of(answers.backing)
    facts = Facts(
        on=on,
        category=category,
        anchors=None if benchmark is None else _anchors(benchmark),
        footprint=_footprint(answers, held),
        electricity=None if answers.backing is None else electricity_of(answers.backing),
        energy=None if answers.backing is None else energy_of(answers.backing, flow, model),
        energy_is_limited=False,
        certificates=certificate_facts(held),
        shown=({} if metering is None else {"B3": metering}) | dict(shown_by(declared)),
        records=_searched(records),
        vetoes=tuple(sorted({one.kind for one in vetoes})),
        portal=portal_facts(session, answers.requests, answers.backing, on=on),
        not_applicable=frozenset(one.indicator for one in left_out),
        sources=_merged(
            _answer_sources(answers, benchmark),
            {INDICATOR_OF[kind]: (f"held_certificate:{one.id}",) for kind, one in held.items()},
            {name: (f"declaration:{one.id}",) for name, one in declared.items()},
            {name: tuple(found) for name, found in record_sources.items()},
            {one.indicator: (f"not_applicable:{one.id}",) for one in left_out},
            {"V": tuple(f"veto:{one.id}" for one in vetoes)},
        ),
    )
    return Gathered(facts=facts, is_open=is_period_open(answers.requests, period[1], on=on))


def _answers(session: Session, supplier: Supplier, flow: str, period: Period, model: Model) -> _Answers:
    answers = latest_answers(session, supplier.id, period_end=period[1])
    before = None if answers is None else earlier_answers(session, answers)
    own = None if answers is None else find_own(answers, flow, model)
    return _Answers(
        requests=tuple(requests_to(session, supplier.id, period_end=period[1])),
        backing=None if answers is None else backing_of(session, answers),
        own=own,
        earlier=None if before is None or own is None else _same_method(find_own(before, flow, model), own),
    )


def _same_method(earlier: OwnMaterialFootprint | None, own: OwnMaterialFootprint) -> OwnMaterialFootprint | None:
    """Return an earlier footprint that was found the same way; the engine calculates both by the model in use."""
    return earlier if earlier is not None and earlier.is_calculated == own.is_calculated else None


def _footprint(answers: _Answers, held: Mapping[CertificateKind, HeldCertificate]) -> FootprintFacts | None:
    own, earlier = answers.own, answers.earlier
    if own is None or answers.backing is None:
        return None
    verification = held.get(CertificateKind.PCF_VERIFICATION)
    started = answers.backing.answers.period_start
    return FootprintFacts(
        kg_co2e_per_kg=own.kg_co2e_per_kg,
        gsd=own.gsd,
        period_end=own.period_end,
        primary_data_share=own.primary_data_share,
        dqr=own.dqr,
        verification=UNVERIFIED if verification is None else verification.level or UNVERIFIED,
        verified_until=None if verification is None else verification.valid_until,
        earlier=None if earlier is None else EarlierFootprint(kg_co2e_per_kg=earlier.kg_co2e_per_kg, period_end=earlier.period_end),
        earlier_was_due=any(one.period_end < started for one in answers.requests),
    )


def _anchors(benchmark: Benchmark) -> Anchors:
    return Anchors(
        kg_co2e_per_kg=benchmark.kg_co2e_per_kg,
        best_ratio=benchmark.best_ratio,
        worst_ratio=benchmark.worst_ratio,
        origin=benchmark.origin,
    )


def _searched(records: Mapping[RecordArea, RecordFacts]) -> dict[RecordArea, RecordFacts]:
    """Leave out an area of which nothing is known at all."""
    return {area: one for area, one in records.items() if one.searched_on is not None or one.violations}


def _answer_sources(answers: _Answers, benchmark: Benchmark | None) -> Sources:
    asked = tuple(f"submission:{one.id}" for one in answers.requests[-4:])
    if answers.backing is None:
        return {"H1": asked, "H2": asked}
    said = answers.backing.sources()
    earlier = () if answers.earlier is None else (answers.earlier.source,)
    against = () if benchmark is None else (reference_of(benchmark),)
    own = {} if answers.own is None else {"A1": (*said, *against), "A2": (*said, *earlier), "A3": said, "A4": said, "A5": said}
    return own | {"B1": said, "B2": said, "B3": said, "H1": asked, "H2": asked, "H3": said}


def _merged(*parts: Mapping[str, tuple[str, ...]]) -> Sources:
    """Return all sources by indicator, each once and in order; an indicator without any is left out."""
    names = dict.fromkeys(name for part in parts for name in part)
    found = {name: tuple(dict.fromkeys(one for part in parts for one in part.get(name, ()))) for name in names}
    return {name: sources for name, sources in found.items() if sources}
