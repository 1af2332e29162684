"""Workbenches in memory: a product whose every input has candidates with answers, and one without."""

import uuid
from collections.abc import Mapping

from lca_models import load_model
from service.footprints.views import Locations
from service.products.models import Product
from service.submissions.queries import AcceptedAnswers
from service.swaps.overlay import Combination, Workbench
from tests.builders import NOW
from tests.footprints.builders import TOLL_ANSWERS, accepted

TOLL_A, TOLL_B, TOLL_SILENT = (uuid.UUID(int=number) for number in (1, 2, 3))
COKE_A, COKE_B, COKE_SILENT = (uuid.UUID(int=number) for number in (11, 12, 13))
PITCH_A, PITCH_B = (uuid.UUID(int=number) for number in (21, 22))
PACKING_A, PACKING_B = (uuid.UUID(int=number) for number in (31, 32))
LORRY_A, LORRY_B = (uuid.UUID(int=number) for number in (41, 42))
GAS_A, GAS_B = (uuid.UUID(int=number) for number in (51, 52))

EFFICIENT: Mapping[str, float | str] = {**TOLL_ANSWERS, "furnace_electricity": 10_450_000.0, "power_source": "captive"}
COKE: Mapping[str, float | str] = {"own_pcf": 500.0, "route_distance": 900.0, "evidence_source": "calculated"}
LORRY: Mapping[str, float | str] = {"transport_mode": "road", "vehicle_energy": "electric", "evidence_source": "metered"}

ANSWERS: Mapping[uuid.UUID, tuple[str, Mapping[str, float | str]]] = {
    TOLL_A: ("TOLL", TOLL_ANSWERS),
    TOLL_B: ("TOLL", EFFICIENT),
    COKE_A: ("COKE", COKE),
    COKE_B: ("COKE", {**COKE, "own_pcf": 800.0, "route_distance": 300.0}),
    PITCH_A: ("PITCH", {"own_pcf": 900.0}),
    PITCH_B: ("PITCH", {"distillation_fuel": 3.0}),
    PACKING_A: ("COKE", {"calcination_yield": 75.0, "calcination_co2": 0.5}),
    PACKING_B: ("COKE", {"own_pcf": 1100.0}),
    LORRY_A: ("LOGISTICS", LORRY),
    LORRY_B: ("LOGISTICS", {**LORRY, "vehicle_energy": "lng"}),
    GAS_A: ("GAS", {"nitrogen_electricity": 0.4}),
    GAS_B: ("GAS", {"nitrogen_electricity": 0.9}),
}

TODAY: Combination = {
    "graphitised_powder": {TOLL_A: 1.0},
    "green_petroleum_coke": {COKE_A: 1.0},
    "coal_tar_pitch": {PITCH_A: 1.0},
    "packing_coke_net": {PACKING_A: 1.0},
    "truck_diesel_heavy": {LORRY_A: 1.0},
    "nitrogen": {GAS_A: 1.0},
}

CANDIDATES: Mapping[str, tuple[uuid.UUID, ...]] = {
    "graphitised_powder": (TOLL_A, TOLL_B, TOLL_SILENT),
    "green_petroleum_coke": (COKE_A, COKE_B, COKE_SILENT),
    "coal_tar_pitch": (PITCH_A, PITCH_B),
    "packing_coke_net": (PACKING_A, PACKING_B),
    "truck_diesel_heavy": (LORRY_A, LORRY_B),
    "nitrogen": (GAS_A, GAS_B),
}

STAND_INS = {
    (TOLL_SILENT, "graphitization_electricity_kwh_per_kg"): 21.0,
    (COKE_SILENT, "green_petroleum_coke_kg_co2e_per_kg"): 1.2,
}


def an_anode(*, toll_share: float = 1.0) -> Product:
    """Return a product that is nowhere stored."""
    return Product(
        plant_id=uuid.uuid4(), grade="AG-1", name_zh="负极", name_en="Anode", furnace="acheson_crucible", toll_share=toll_share,
        created_at=NOW,
    )  # fmt: skip


def a_workbench(*, today: Combination = TODAY, toll_share: float = 1.0) -> Workbench:
    """Return a product with candidates for six inputs."""
    answers: dict[uuid.UUID, AcceptedAnswers] = {
        supplier_id: accepted(values, supplier_type=kind, supplier_id=supplier_id)
        for supplier_id, (kind, values) in ANSWERS.items()
    }
    return Workbench(
        product=an_anode(toll_share=toll_share),
        model=load_model(),
        background={},
        answers=answers,
        locations=Locations(plant="CN-GD", suppliers={}),
        stand_ins=STAND_INS,
        today=today,
    )
