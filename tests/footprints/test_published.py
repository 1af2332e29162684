"""What people see who see results only: an attack with all of it at once must leave a supplier's input uncertain."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import pytest
from scipy.optimize import linprog

from lca_models import load_model
from service.footprints.models import FootprintRecord
from service.footprints.ownership import parts_of
from service.footprints.protection import MODEL, Group, Part, comparable_step
from service.footprints.published import PublishedResult, publish
from tests.certificates.builders import MEASURED, TOLL, in_memory, maker_provenance, toll_provenance

LIMIT = 0.07
"""Decision 0010: a supplier's input stays uncertain by more than this share to either side."""
CAN_ATTACK = 0.01
NEXT_PERIOD: Mapping[str, float] = {"graphitization_electricity_kwh_per_kg": 12.9, "packing_coke_net_kg_per_kg": 0.21}
COATED: Mapping[str, float] = {**MEASURED, "coating_pitch_kg_per_kg": 0.06}


def seen_by_a_buyer(record: FootprintRecord) -> PublishedResult:
    return publish(record, load_model(), others_known=True)


def exact(record: FootprintRecord) -> PublishedResult:
    """What everybody of the maker would see without any protection, at six digits."""
    stages: dict[str, float] = {}
    for part in parts_of(record, load_model()):
        stages[part.stage] = stages.get(part.stage, 0.0) + part.kg_co2e
    from_stages = tuple(Group(keys=(stage,), kg_co2e=Decimal(repr(kg))) for stage, kg in stages.items())
    total = Decimal(repr(record.total_kg_co2e_per_kg))
    return PublishedResult(total_kg_co2e=total, step=Decimal("0.00001"), stages=from_stages, shares=None, share_step=None)


class Attack:
    """All figures of all records as constraints on the sizes of cells; a cell of the same name is the same in every record.

    Parameters
    ----------
    prior
        How far the reader can be wrong beforehand about everything but the plant's electricity; 0 is knowing it exactly.

    """

    def __init__(self, *, prior: float) -> None:
        self._prior = prior
        self._places: dict[object, int] = {}
        self._bounds: list[tuple[float, float]] = []
        self._rows: list[dict[int, float]] = []
        self._low: list[float] = []
        self._high: list[float] = []

    def learn(self, record: FootprintRecord, seen: PublishedResult, *, answers: str) -> None:
        """Take in what is seen of a record; `answers` names the supplier's answers behind it."""
        cells = [cell for cell in parts_of(record, load_model()) if cell.kg_co2e]
        step = float(seen.step)
        self._add([(cell, cell.kg_co2e) for cell in cells], float(seen.total_kg_co2e), step / 2, answers)
        for group in seen.stages:
            chosen = [(cell, cell.kg_co2e) for cell in cells if cell.stage in group.keys]
            self._add(chosen, float(group.kg_co2e), step, answers)
        if seen.shares is not None and seen.share_step is not None:
            whole = sum(abs(cell.kg_co2e) for cell in cells)
            for kind, share in seen.shares.items():
                chosen = [(cell, abs(cell.kg_co2e)) for cell in cells if cell.kind == kind]
                self._add(chosen, float(share) * whole, float(seen.share_step) * whole, answers)

    def doubt(self, record: FootprintRecord, *, answers: str) -> float:
        """Return how far the supplier's kWh can still be from the middle of what is possible, as a share of its true size."""
        target = next(cell for cell in parts_of(record, load_model()) if cell.owner == TOLL and cell.kwh)
        place = self._place(target, answers)
        aim = np.zeros(len(self._bounds))
        aim[place] = 1.0
        matrix = np.zeros((len(self._rows), len(self._bounds)))
        for number, row in enumerate(self._rows):
            for column, size in row.items():
                matrix[number, column] = size
        limits = np.vstack([matrix, -matrix]), np.concatenate([self._high, np.negative(self._low)])
        found = [
            linprog(sign * aim, A_ub=limits[0], b_ub=limits[1], bounds=self._bounds, method="highs").x[place] for sign in (1, -1)
        ]
        return float(found[1] - found[0]) / 2

    def _add(self, cells: Sequence[tuple[Part, float]], value: float, half: float, answers: str) -> None:
        row: dict[int, float] = {}
        for cell, size in cells:
            place = self._place(cell, answers)
            row[place] = row.get(place, 0.0) + size
        self._rows.append(row)
        self._low.append(value - half - 1e-9)
        self._high.append(value + half + 1e-9)

    def _place(self, cell: Part, answers: str) -> int:
        """Return the unknown of a cell, as a multiple of its true size: one for each supplier's answers, one for all else."""
        is_answer = cell.owner == TOLL
        key = (answers, cell.input) if is_answer else (cell.owner, cell.stage, cell.block, cell.input)
        if key not in self._places:
            self._places[key] = len(self._bounds)
            prior = 0.5 if is_answer and cell.kwh else min(self._prior, 0.2 if cell.owner == MODEL else 0.5)
            self._bounds.append((1 - prior, 1 + prior))
        return self._places[key]


METERS = maker_provenance("milling_electricity_kwh_per_kg", "carbonization_electricity_kwh_per_kg")
WITH = in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL) | METERS)
WITHOUT = in_memory(provenance=METERS)
LATER = in_memory(parameters=NEXT_PERIOD, provenance=toll_provenance(TOLL) | METERS)
OTHER_PRODUCT = in_memory(parameters=COATED, provenance=toll_provenance(TOLL) | METERS)

SITUATIONS: Mapping[str, Sequence[tuple[FootprintRecord, str]]] = {
    "one record": [(WITH, "2025")],
    "with and without the supplier": [(WITH, "2025"), (WITHOUT, "2024")],
    "two periods": [(WITH, "2025"), (LATER, "2026")],
    "two products of one period": [(WITH, "2025"), (OTHER_PRODUCT, "2025")],
    "all of it": [(WITH, "2025"), (WITHOUT, "2024"), (LATER, "2026"), (OTHER_PRODUCT, "2025")],
}


@pytest.mark.parametrize("prior", [0.5, 0.0], ids=["guesses the rest", "knows the rest"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_buyer_can_not_work_out_a_toll_plants_consumption(situation: str, prior: float) -> None:
    attack = Attack(prior=prior)
    for record, answers in SITUATIONS[situation]:
        attack.learn(record, seen_by_a_buyer(record), answers=answers)

    assert attack.doubt(WITH, answers="2025") > LIMIT


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_same_attack_succeeds_on_exact_figures(situation: str) -> None:
    attack = Attack(prior=0.0)
    for record, answers in SITUATIONS[situation]:
        attack.learn(record, exact(record), answers=answers)

    assert attack.doubt(WITH, answers="2025") < CAN_ATTACK


def test_the_difference_of_two_certificates_would_tell_it() -> None:
    """Three digits, as sales see them, with and without the supplier: why buyers get fewer and open no certificates."""
    attack = Attack(prior=0.0)
    for record, answers in SITUATIONS["with and without the supplier"]:
        attack.learn(record, publish(record, load_model(), others_known=False), answers=answers)

    assert attack.doubt(WITH, answers="2025") < LIMIT


# ---- The step ----


def a_cell(kg: float, owner: str) -> Part:
    return Part(stage="P3", block="electricity", owner=owner, input="x", kg_co2e=kg, kind="primary")


@pytest.mark.parametrize(
    ("supplier_kg", "step"),
    [
        (7.5, "2"),  # 10 % are 0.75; half of 2 is 1.0, half of 1 only 0.5
        (3.0, "1"),  # 0.3; half of 1 is 0.5, half of 0.5 only 0.25
        (0.4, "0.1"),  # 0.04; half of 0.1 is 0.05
        (0.0, "0.1"),  # three digits of 12.4
    ],
)
def test_the_step_is_the_finest_whose_half_is_a_tenth_of_the_largest_input(supplier_kg: float, step: str) -> None:
    parts = [a_cell(supplier_kg, TOLL), a_cell(12.4 - supplier_kg, MODEL)]

    assert comparable_step(parts, 12.4) == Decimal(step)


def test_parts_of_opposite_sign_do_not_hide_an_input() -> None:
    parts = [a_cell(7.5, TOLL), a_cell(-7.0, TOLL), a_cell(12.0, MODEL)]

    assert comparable_step(parts, 12.5) == Decimal(5)  # 10 % of 7.5 + 7.0 are 1.45; half of 5 is 2.5, half of 2 only 1.0


def test_stages_sum_to_the_total_that_is_shown() -> None:
    seen = seen_by_a_buyer(WITH)

    assert sum((group.kg_co2e for group in seen.stages), Decimal()) == seen.total_kg_co2e
    assert seen.total_kg_co2e % seen.step == 0


def test_without_suppliers_a_buyer_sees_three_digits() -> None:
    seen = seen_by_a_buyer(in_memory())

    assert (str(seen.total_kg_co2e), str(seen.step)) == ("12.5", "0.1")
