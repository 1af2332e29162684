"""What a supplier's material counts in scores, swaps and allocations."""

from datetime import date

from sqlmodel import Session

from service.green_score.answer_queries import latest_answers
from service.green_score.benchmarks import NoBenchmarkError, benchmark_for, reference_of
from service.green_score.own_footprints import OwnMaterialFootprint, find_own
from service.green_score.supplier_footprint import MaterialFootprint, Origin, stand_in_kg_co2e_per_kg
from service.modelling.queries import active_model
from service.suppliers.models import Supplier


def material_footprint(session: Session, supplier: Supplier, flow: str, *, on: date) -> MaterialFootprint:
    """Return a supplier's own footprint of a flow by its latest accepted answers, else the cautious stand-in.

    Raises
    ------
    NoBenchmarkError
        If there is nothing of its own and no benchmark of the material.

    """
    answers = latest_answers(session, supplier.id, period_end=on)
    own = None if answers is None else find_own(answers, flow, active_model(session))
    return _stand_in(session, flow, on=on) if own is None else _own(own)


def _own(own: OwnMaterialFootprint) -> MaterialFootprint:
    return MaterialFootprint(
        kg_co2e_per_kg=own.kg_co2e_per_kg, gsd=own.gsd, origin=Origin.OWN, period_end=own.period_end, source=own.source
    )


def _stand_in(session: Session, flow: str, *, on: date) -> MaterialFootprint:
    benchmark = benchmark_for(session, flow, on=on)
    if benchmark is None:
        raise NoBenchmarkError(flow)
    return MaterialFootprint(
        kg_co2e_per_kg=stand_in_kg_co2e_per_kg(benchmark.kg_co2e_per_kg, benchmark.p90_kg_co2e_per_kg),
        gsd=None,
        origin=Origin.STAND_IN,
        period_end=None,
        source=reference_of(benchmark),
    )
