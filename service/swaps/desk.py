"""A product with everybody who could deliver its inputs: what each counts, costs and is worth, as far as who asks may see it.

For those who may see answers the product is rebuilt from them. For buyers every supplier counts with its published, rounded
footprint instead, so that whatever they combine, mix or subtract is made of figures that they have already.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from lca_models.model import Model
from service.backgrounds.queries import active_constants
from service.errors import N_, ConflictError, ServiceError
from service.footprints.operations import locations_of
from service.footprints.parameter_setting import StandIns
from service.footprints.provenance import STAND_IN
from service.footprints.supplier_readers import OWN_PLANT
from service.green_score.benchmarks import NoBenchmarkError, benchmark_for
from service.green_score.footprint_queries import material_footprint
from service.green_score.published import Disclosure, published_footprint
from service.green_score.supplier_footprint import CAUTION, MaterialFootprint, stand_in_kg_co2e_per_kg
from service.modelling.queries import active_model
from service.products.models import Product
from service.products.queries import supplier_weights
from service.submissions.queries import accepted_answers
from service.suppliers.models import Supplier
from service.swaps import queries
from service.swaps.overlay import Combination, Overlays, Workbench, overlays_of, whole
from service.swaps.queries import Price, Prices
from service.swaps.stand_ins import as_parameter, at_national_factor, deciding_parameter, default_kg_co2e_per_kg


class NothingToSwapError(ConflictError):
    """A product names no supplier that another one could take the place of."""

    code = "nothing-to-swap"


class ExcludedSupplierError(ConflictError):
    """A supplier is excluded from orders."""

    code = "supplier-excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A supplier that could deliver an input.

    Attributes
    ----------
    footprint
        As whoever asks may see it; None where there is neither an own one nor a benchmark.
    has_data
        Whether its own figures count; otherwise its cautious stand-in does.
    share_today
        0 to 1.
    problem
        Why it can't be chosen: excluded from orders, or its answers can't make this product; None where it can.

    """

    supplier_id: uuid.UUID
    flow: str
    is_sample: bool
    footprint: MaterialFootprint | None
    has_data: bool
    share_today: float
    price: Price | None
    problem: ServiceError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that a swap needs.

    Attributes
    ----------
    candidates
        By flow, today's suppliers first.

    """

    overlays: Overlays
    candidates: Mapping[str, tuple[Candidate, ...]]
    prices: Prices
    disclosure: Disclosure
    on: date

    @property
    def today(self) -> Combination:
        """Today's suppliers of the inputs that can be swapped."""
        workbench = self.overlays.workbench
        return {flow: workbench.today[flow] for flow in workbench.inputs}


def prepare(
    session: Session,
    product: Product,
    *,
    period: tuple[date, date],
    disclosure: Disclosure,
    on: date,
    among: Collection[str] | None = None,
) -> Desk:
    """Return a product with its candidates.

    Parameters
    ----------
    among
        Ids of the only candidates besides today's suppliers; all of them without it.

    Raises
    ------
    NothingToSwapError
        If the product names no suppliers.
    ServiceError
        If today's suppliers can't make the product; in the words of the footprint.

    """
    today = supplier_weights(session, product, period_start=period[0], period_end=period[1])
    if not any(flow != OWN_PLANT for flow in today):
        raise NothingToSwapError(
            N_("Product %(product)s names no suppliers yet. Name who delivers its inputs, then compare others with them."),
            product=product.grade,
        )
    known = queries.prices(session, on=on)
    suppliers = _suppliers(session, today, known, among=among)
    seen = {flow: _footprints(session, flow, those, disclosure, on=on) for flow, those in suppliers.items()}
    workbench = _workbench(session, product, today, suppliers, seen, period=period, disclosure=disclosure, on=on)
    overlays = overlays_of(workbench)
    excluded = queries.excluded_suppliers(session, on=on)
    return Desk(
        overlays=overlays,
        candidates={
            flow: _candidates(overlays, flow, those, seen=seen[flow], known=known, excluded=excluded, disclosure=disclosure)
            for flow, those in suppliers.items()
        },
        prices=known,
        disclosure=disclosure,
        on=on,
    )


Seen = Mapping[uuid.UUID, MaterialFootprint | None]


def _suppliers(
    session: Session, today: Combination, known: Prices, *, among: Collection[str] | None
) -> dict[str, Sequence[Supplier]]:
    found: dict[str, Sequence[Supplier]] = {}
    for flow, mix in today.items():
        if flow != OWN_PLANT:
            priced = [supplier_id for priced, supplier_id in known if priced == flow]
            those = queries.deliverers(session, flow, priced=priced, today=mix)
            found[flow] = those if among is None else [one for one in those if one.id in mix or str(one.id) in among]
    return found


def _footprints(session: Session, flow: str, suppliers: Sequence[Supplier], disclosure: Disclosure, *, on: date) -> Seen:
    return {supplier.id: _footprint(session, flow, supplier, disclosure, on=on) for supplier in suppliers}


def _footprint(session: Session, flow: str, supplier: Supplier, disclosure: Disclosure, *, on: date) -> MaterialFootprint | None:
    try:
        return published_footprint(material_footprint(session, supplier, flow, on=on), disclosure)
    except NoBenchmarkError:
        return None


def _workbench(
    session: Session,
    product: Product,
    today: Combination,
    suppliers: Mapping[str, Sequence[Supplier]],
    seen: Mapping[str, Seen],
    *,
    period: tuple[date, date],
    disclosure: Disclosure,
    on: date,
) -> Workbench:
    model = active_model(session)
    start, end = period
    own = set(today.get(OWN_PLANT, {}))
    asked = own if disclosure is Disclosure.ROUNDED else own | {one.id for those in suppliers.values() for one in those}
    answers = accepted_answers(session, asked, period_start=start, period_end=end)
    return Workbench(
        product=product,
        model=model,
        background=active_constants(session),
        answers=answers,
        locations=locations_of(session, product, asked, answers, period_start=start, period_end=end),
        stand_ins=_stand_ins(session, product, model, seen, disclosure=disclosure, provinces=_provinces(suppliers), on=on),
        today=today,
    )


def _provinces(suppliers: Mapping[str, Sequence[Supplier]]) -> Mapping[uuid.UUID, str | None]:
    return {one.id: one.province_code for those in suppliers.values() for one in those}


def _stand_ins(
    session: Session,
    product: Product,
    model: Model,
    seen: Mapping[str, Seen],
    *,
    disclosure: Disclosure,
    provinces: Mapping[uuid.UUID, str | None],
    on: date,
) -> StandIns:
    """Return what suppliers count: the cautious value; for buyers own footprints as published, with the headline's electricity."""
    found: dict[tuple[uuid.UUID, str], float] = {}
    for flow, footprints in seen.items():
        parameter, furnace = deciding_parameter(model, flow), product.furnace
        cautious = _cautious_kg_co2e_per_kg(session, model, flow, furnace=furnace, on=on)
        for supplier_id, footprint in footprints.items():
            kg = cautious
            if disclosure is Disclosure.ROUNDED and footprint is not None and footprint.is_own:
                province = provinces[supplier_id]
                kg = at_national_factor(model, flow, footprint.kg_co2e_per_kg, province=province, furnace=furnace)
            found[supplier_id, parameter] = as_parameter(model, flow, kg, furnace=furnace)
    return found


def _cautious_kg_co2e_per_kg(session: Session, model: Model, flow: str, *, furnace: str, on: date) -> float:
    """Return what silence counts; of a material that has no benchmark, the model's default takes its place."""
    benchmark = benchmark_for(session, flow, on=on)
    if benchmark is None:
        return CAUTION * default_kg_co2e_per_kg(model, flow, furnace=furnace)
    return stand_in_kg_co2e_per_kg(benchmark.kg_co2e_per_kg, benchmark.p90_kg_co2e_per_kg)


def _candidates(
    overlays: Overlays,
    flow: str,
    suppliers: Sequence[Supplier],
    *,
    seen: Seen,
    known: Prices,
    excluded: Collection[uuid.UUID],
    disclosure: Disclosure,
) -> tuple[Candidate, ...]:
    today = overlays.workbench.today[flow]
    found = []
    for supplier in suppliers:
        problem = _exclusion(supplier.id, excluded, today) or _problem(overlays, {flow: whole(supplier.id)})
        footprint = seen[supplier.id]
        is_answered = problem is None and disclosure is Disclosure.EXACT and _is_answered(overlays, flow, supplier.id)
        found.append(
            Candidate(
                supplier_id=supplier.id,
                flow=flow,
                is_sample=supplier.is_sample,
                footprint=footprint,
                has_data=is_answered or (disclosure is Disclosure.ROUNDED and footprint is not None and footprint.is_own),
                share_today=today.get(supplier.id, 0.0),
                price=known.get((flow, supplier.id)),
                problem=problem,
            )
        )
    return tuple(sorted(found, key=lambda one: -one.share_today))


def _exclusion(supplier_id: uuid.UUID, excluded: Collection[uuid.UUID], today: Mapping[uuid.UUID, float]) -> ServiceError | None:
    """Return why a supplier may get no order; one that delivers today still counts in what is delivered today."""
    if supplier_id not in excluded or supplier_id in today:
        return None
    return ExcludedSupplierError(
        N_("This supplier is excluded from orders. Choose another, or have the exclusion lifted on its page.")
    )


def _is_answered(overlays: Overlays, flow: str, supplier_id: uuid.UUID) -> bool:
    """Tell whether a supplier's answers of the period set what mostly makes the input's footprint."""
    _, provenance = overlays.rebuilt({flow: whole(supplier_id)})
    parts = provenance[deciding_parameter(overlays.workbench.model, flow)].parts
    return any(part.supplier_id == supplier_id and part.source != STAND_IN for part in parts)


def _problem(overlays: Overlays, combination: Combination) -> ServiceError | None:
    try:
        overlays.case(combination)
    except ServiceError as error:
        return error
    return None
