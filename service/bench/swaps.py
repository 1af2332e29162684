"""Supplier swaps on a product in memory: one combination while somebody types, and a search over ten thousand."""

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from lca_models import load_model
from service.bench.report import Figure, Goal, Report
from service.footprints.views import Locations
from service.green_score.published import Disclosure
from service.products.models import Product
from service.submissions.queries import AcceptedAnswers
from service.swaps.desk import Candidate, Desk
from service.swaps.outcomes import outcomes
from service.swaps.overlay import Combination, Workbench, overlays_of, whole
from service.swaps.queries import Price
from service.swaps.search import combinations_of, search
from service.swaps.spread import Spread

_START, _END = date(2025, 1, 1), date(2025, 12, 31)
_SUPPLIERS: Final = 10
"""Of each of four inputs: 10,000 combinations."""
_FIELDS: Final[Mapping[str, tuple[str, str, float, float]]] = {
    "green_petroleum_coke": ("COKE", "own_pcf", 350.0, 30.0),
    "coal_tar_pitch": ("PITCH", "own_pcf", 500.0, 50.0),
    "graphite_crucible": ("CRUCIBLE", "own_pcf", 2000.0, 300.0),
    "nitrogen": ("GAS", "nitrogen_electricity", 0.2, 0.05),
}
"""Type of supplier, the answer that it gives, that of the first, and the step to the next."""
_ROUNDS: Final = 10


def measure() -> Report:
    """Measure both; a fresh product each, so that nothing is known beforehand."""
    return Report(figures=[_one_combination(), _ten_thousand()])


def _one_combination() -> Figure:
    """Time what a change of one supplier takes: its parameters anew, the product solved, its P90 drawn."""
    desk = _desk()
    spread = Spread(overlays=desk.overlays, backgrounds={})
    spread.p90_kg_co2e_per_kg([{}], [0.0])  # today's is drawn once for all
    choices: list[Combination] = [{"coal_tar_pitch": whole(one.supplier_id)} for one in desk.candidates["coal_tar_pitch"]]
    began = time.perf_counter()
    for choice in choices[:_ROUNDS]:
        found = outcomes(desk, [choice], {})[0]
        spread.p90_kg_co2e_per_kg([choice], [found.kg_co2e_per_kg])
    each_ms = (time.perf_counter() - began) * 1000.0 / len(choices[:_ROUNDS])
    goal = Goal(floor=50.0, target=25.0, more_is_better=False)
    return Figure(name="swap: one combination, solved and drawn", value=each_ms, unit="ms", goal=goal)


def _ten_thousand() -> Figure:
    desk = _desk()
    picked = {flow: [one.supplier_id for one in found] for flow, found in desk.candidates.items()}
    combinations = combinations_of(desk, picked, with_halves=False)
    done: list[int] = []
    began = time.perf_counter()
    search(desk, combinations, {}, Spread(overlays=desk.overlays, backgrounds={}), report=done.append)
    goal = Goal(floor=60.0, target=15.0, more_is_better=False)
    name = f"swap: {len(combinations):,} combinations with P90, front found"
    return Figure(name=name, value=time.perf_counter() - began, unit="s", goal=goal)


def _desk() -> Desk:
    """Return a product with ten suppliers of each of four inputs, all of them with answers and a price."""
    ids = {flow: [uuid.uuid4() for _ in range(_SUPPLIERS)] for flow in _FIELDS}
    answers = {one: _answers(one, flow, number) for flow, those in ids.items() for number, one in enumerate(those)}
    today = {flow: whole(those[0]) for flow, those in ids.items()}
    workbench = Workbench(
        product=_product(),
        model=load_model(),
        background={},
        answers=answers,
        locations=Locations(plant="CN-GD", suppliers={}),
        stand_ins={},
        today=today,
    )
    return Desk(
        overlays=overlays_of(workbench),
        candidates={flow: tuple(_candidate(flow, one, today[flow].get(one, 0.0)) for one in those) for flow, those in ids.items()},
        prices={(flow, one): _price(number) for flow, those in ids.items() for number, one in enumerate(those)},
        disclosure=Disclosure.EXACT,
        on=_END,
    )


def _answers(supplier_id: uuid.UUID, flow: str, number: int) -> AcceptedAnswers:
    kind, field, first, step = _FIELDS[flow]
    return AcceptedAnswers(
        submission_id=uuid.uuid4(),
        supplier_id=supplier_id,
        number=f"S-2025-{number:04}",
        supplier_type=kind,
        period_start=_START,
        period_end=_END,
        values={field: first + number * step},
        units={},
        evidence_kinds={field: "metered"},
    )


def _product() -> Product:
    return Product(
        plant_id=uuid.uuid4(),
        grade="AG-1",
        name_zh="负极",
        name_en="Anode",
        furnace="acheson_crucible",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _candidate(flow: str, supplier_id: uuid.UUID, share: float) -> Candidate:
    return Candidate(
        supplier_id=supplier_id, flow=flow, is_sample=True, footprint=None, has_data=True, share_today=share, price=None
    )


def _price(number: int) -> Price:
    """Return a price that falls where the footprint rises."""
    return Price(cny_per_t=5000.0 - 100.0 * number, priced_on=_END, is_offer=True, defect_share=0.01)
