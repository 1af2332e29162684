"""The problem that the database poses: what is needed in a year, and who may deliver how much of it on a day."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from service.allocation.candidates import Candidate, Removal, candidate_from
from service.allocation.lines import DemandLine, Rules, SupplierLine
from service.allocation.models import Demand
from service.allocation.offer_queries import OfferRow, find_demands, offers_in_force, waived_pairs
from service.allocation.problem import Problem
from service.compliance.queries import vetoes_of
from service.errors import N_, ConflictError
from service.green_score.benchmarks import NoBenchmarkError
from service.green_score.footprint_queries import material_footprint
from service.green_score.method import ScoringMethod
from service.green_score.method_queries import method_in_force
from service.green_score.models import Score
from service.green_score.published import Disclosure, PublishedScore, published_footprint, published_score
from service.green_score.supplier_footprint import MaterialFootprint
from service.suppliers.models import Purchase, Supplier

KG_PER_T: Final = 1000.0
DUAL: Final = 2


class NoDemandError(ConflictError):
    """Nothing is recorded that an allocation could fill."""

    code = "no-demand"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedProblem:
    """A problem with where its lines come from.

    Attributes
    ----------
    candidates
        Every offer for a material that is needed, also those that get nothing.
    method, method_hash
        Version of the scoring method whose share caps count.

    """

    problem: Problem
    candidates: Sequence[Candidate]
    method: str
    method_hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as a run keeps it."""
        return {
            "problem": self.problem.as_dict(),
            "candidates": [one.as_dict() for one in self.candidates],
            "method": self.method,
            "method_hash": self.method_hash,
        }


def problem_from_database(
    session: Session,
    year: int,
    *,
    on: date,
    rules: Rules | None = None,
    disclosure: Disclosure = Disclosure.ROUNDED,
    dual_sourcing: bool = False,
) -> AskedProblem:
    """Return the problem of a year's demands with what is offered on a day.

    Parameters
    ----------
    on
        Offers, scores, vetoes and waivers are looked at as they stand on this day.
    disclosure
        What is counted of suppliers: whoever sees an answer of exact footprints can work them out, so buyers' allocations count
        the rounded ones.
    dual_sourcing
        At least two suppliers for each material, unless somebody has a waiver for it.

    Raises
    ------
    NoDemandError
        If no demand is recorded for the year.

    """
    demands = find_demands(session, year=year)
    if not demands:
        raise NoDemandError(N_("No demand is recorded for %(year)s. Enter what is needed, then allocate."), year=year)
    version, method = method_in_force(session, on)
    waived = waived_pairs(session, on=on)
    candidates = candidates_for(session, {one.flow for one in demands}, on=on, method=method, disclosure=disclosure)
    problem = Problem(
        offers=tuple(line for one in candidates if (line := one.line()) is not None),
        demands=tuple(_demand_line(one, dual_sourcing=dual_sourcing, is_waived=_any_waived(one.flow, waived)) for one in demands),
        rules=rules or Rules(),
        suppliers=_supplier_lines(session, {one.supplier for one in candidates if one.line() is not None}),
    )
    return AskedProblem(problem=problem, candidates=candidates, method=version.label, method_hash=version.content_hash)


def candidates_for(
    session: Session, flows: set[str], *, on: date, method: ScoringMethod, disclosure: Disclosure
) -> Sequence[Candidate]:
    """Return every offer that stands on a day for some materials, with what decides how much it may get."""
    waived, scores = waived_pairs(session, on=on), latest_ranked_scores(session, on=on)
    offers = [one for one in offers_in_force(session, on=on) if one.flow in flows]
    vetoed = {supplier_id for supplier_id in {one.supplier_id for one in offers} if vetoes_of(session, supplier_id, on=on)}
    found = []
    for offer in offers:
        pair = (offer.supplier_id, offer.flow)
        footprint = _footprint(session, offer, on=on)
        score = scores.get(pair)
        published = None if score is None else published_score(score, disclosure)
        one = _candidate(
            offer, footprint and published_footprint(footprint, disclosure), score, published, method, is_waived=pair in waived
        )
        found.append(replace(one, removal=_removal(offer, one, is_vetoed=offer.supplier_id in vetoed)))
    return found


def candidates_of(question: Mapping[str, Any]) -> Sequence[Candidate]:
    """Return the candidates that a run keeps; empty for one from a workbook."""
    return [candidate_from(one) for one in question.get("candidates", ())]


def _candidate(
    offer: OfferRow,
    footprint: MaterialFootprint | None,
    score: Score | None,
    published: PublishedScore | None,
    method: ScoringMethod,
    *,
    is_waived: bool,
) -> Candidate:
    return Candidate(
        supplier=str(offer.supplier_id),
        name_zh=offer.supplier_name_zh,
        name_en=offer.supplier_name_en,
        material=offer.flow,
        offer_id=str(offer.id),
        price_per_t=offer.price_cny_per_t,
        priced_on=offer.priced_on,
        valid_until=offer.valid_until,
        capacity_t=offer.capacity_t,
        moq_t=offer.moq_t,
        fixed_cost=offer.fixed_cost_cny,
        max_share=offer.max_share,
        defect_share=offer.defect_share,
        kg_co2e_per_t=None if footprint is None else KG_PER_T * footprint.kg_co2e_per_kg,
        footprint_origin="" if footprint is None else str(footprint.origin),
        footprint_source="" if footprint is None else footprint.source,
        score_id=None if score is None else str(score.id),
        total=None if published is None else published.total,
        grade=None if published is None else published.grade,
        grade_probability=None if published is None else published.grade_probability,
        grade_cap=1.0 if is_waived else 0.0 if published is None else method.share_cap(published.grade),
        is_waived=is_waived,
        removal=None,
    )


def _removal(offer: OfferRow, candidate: Candidate, *, is_vetoed: bool) -> Removal | None:
    """Return why an offer gets nothing; silence never does better than a bad score."""
    reasons = (
        (Removal.VETOED, is_vetoed or candidate.grade == "V"),
        (Removal.NOT_QUALIFIED, not offer.is_qualified),
        (Removal.NO_FOOTPRINT, candidate.kg_co2e_per_t is None),
        (Removal.NO_SCORE, candidate.grade is None and not candidate.is_waived),
        (Removal.GRADE, candidate.grade_cap <= 0),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _demand_line(demand: Demand, *, dual_sourcing: bool, is_waived: bool) -> DemandLine:
    least = 1 if is_waived else max(demand.min_suppliers, DUAL) if dual_sourcing else demand.min_suppliers
    most = demand.max_suppliers
    return DemandLine(
        material=demand.flow,
        demand_t=demand.demand_t,
        min_suppliers=least,
        max_suppliers=None if most is None else max(most, least),
        max_defect_share=demand.max_defect_share,
        min_green_score=demand.min_green_score,
    )


def _supplier_lines(session: Session, suppliers: set[str]) -> tuple[SupplierLine, ...]:
    """Return the suppliers, those as new from whom nothing was ever bought."""
    bought = {str(one) for one in session.exec(select(Purchase.supplier_id).where(Purchase.amount_t > 0).distinct())}
    return tuple(SupplierLine(supplier=one, is_new=one not in bought) for one in sorted(suppliers))


def _any_waived(flow: str, waived: frozenset[tuple[uuid.UUID, str]]) -> bool:
    return any(material == flow for _, material in waived)


def _footprint(session: Session, offer: OfferRow, *, on: date) -> MaterialFootprint | None:
    supplier = session.get_one(Supplier, offer.supplier_id)
    try:
        return material_footprint(session, supplier, offer.flow, on=on)
    except NoBenchmarkError:
        return None


def latest_ranked_scores(
    session: Session, *, on: date, supplier_ids: Collection[uuid.UUID] | None = None
) -> Mapping[tuple[uuid.UUID, str], Score]:
    """Return the latest score of each supplier and material whose period ended by a day and is not open for answers any more."""
    ranked = select(Score).where(col(Score.is_open).is_(False), Score.period_end <= on)
    if supplier_ids is not None:
        ranked = ranked.where(col(Score.supplier_id).in_(supplier_ids))
    ordered = ranked.order_by(col(Score.period_end), col(Score.calculated_at), col(Score.id))
    return {(one.supplier_id, one.flow): one for one in session.exec(ordered)}
