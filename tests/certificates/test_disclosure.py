from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from lca_models import load_model
from lca_models.model import stage_of
from service.certificates.figures import PUBLIC_VIEWS, Interval, factor_of_stage
from service.certificates.snapshot import Issue, Subject, build_snapshot
from service.footprints import protection
from service.footprints.models import FootprintRecord
from service.footprints.ownership import BLOCKS, ELECTRICITY, parts_of
from service.footprints.protection import MAKER, MODEL, Part
from tests import builders as rows
from tests.certificates import builders
from tests.certificates.builders import MEASURED, TOLL, a_part, in_memory, maker_provenance, toll_provenance

STAGES = tuple(stage.code for stage in load_model().stages)


def a_cell(kg: float, owner: str, *, stage: str = "P3", name: str = "x", kind: str = "primary") -> Part:
    return Part(stage=stage, block="electricity", owner=owner, input=name, kg_co2e=kg, kind=kind)


def test_a_figure_of_one_supplier_alone_is_not_published() -> None:
    assert not protection.is_protected([a_cell(7.5, TOLL)], step=0.1)  # 0.05 of doubt, 0.75 needed


def test_a_figure_without_supplier_data_needs_no_protection() -> None:
    assert protection.is_protected([a_cell(7.5, MAKER), a_cell(1.0, MODEL)], step=0.1)


def test_the_makers_own_data_hide_a_supplier_to_half_their_size() -> None:
    # 0.05 by rounding + 0.5 * 1.5 = 0.80, over 0.75; with 1.3 it is 0.70, under it.
    assert protection.is_protected([a_cell(7.5, TOLL), a_cell(1.5, MAKER)], step=0.1)
    assert not protection.is_protected([a_cell(7.5, TOLL), a_cell(1.3, MAKER)], step=0.1)


def test_a_second_supplier_hides_nothing_from_itself() -> None:
    assert not protection.is_protected([a_cell(5.0, "a"), a_cell(3.0, "b")], step=0.1)
    assert protection.is_protected([a_cell(5.0, "a"), a_cell(3.0, "b"), a_cell(2.0, "c")], step=0.1)


def test_coarse_rounding_hides_a_small_supplier() -> None:
    assert protection.is_protected([a_cell(0.4, TOLL)], step=0.1)  # 0.05 of 0.40 is more than a tenth


def test_a_stage_of_one_supplier_is_united_with_its_larger_neighbour() -> None:
    parts = [
        a_cell(1.3, MAKER, stage="P1"),
        a_cell(1.6, MAKER, stage="P2"),
        a_cell(8.0, TOLL, stage="P3"),
        a_cell(0.9, MAKER, stage="P4"),
    ]

    groups = protection.split(parts, lambda part: part.stage, order=STAGES, step=Decimal("0.1"))

    # 0.05 + 0.5 * 1.6 = 0.85 of doubt, over a tenth of 8.0
    assert [group.keys for group in groups] == [("P1",), ("P2", "P3"), ("P4",)]
    assert [group.kg_co2e for group in groups] == [Decimal("1.3"), Decimal("9.6"), Decimal("0.9")]


def test_no_split_is_shown_where_even_the_whole_would_tell() -> None:
    assert protection.split([a_cell(8.0, TOLL)], lambda part: part.stage, order=STAGES, step=Decimal("0.1")) == ()


@given(st.lists(st.floats(-5, 20), min_size=1, max_size=8))
def test_rounded_parts_sum_to_the_rounded_sum(values: list[float]) -> None:
    step = Decimal("0.1")
    rounded = protection.round_to_sum(values, step=step)

    exact = sum((Decimal(repr(value)) for value in values), Decimal())
    assert sum(rounded, Decimal()) == (exact / step).to_integral_value() * step
    assert all(abs(one - Decimal(repr(value))) < step for one, value in zip(rounded, values, strict=True))


def test_the_step_leaves_three_significant_digits() -> None:
    assert protection.rounding_step(12.48) == Decimal("0.1")
    assert protection.rounding_step(4.03) == Decimal("0.01")
    assert protection.rounding_step(104.0) == Decimal(1)


# ---- Parts of a record ----


def test_parts_sum_to_the_total_of_the_record() -> None:
    record = in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL, kept_by_model=0.4))

    parts = parts_of(record, load_model())

    assert sum(part.kg_co2e for part in parts) == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-12)
    assert sum(part.kwh for part in parts) == pytest.approx(record.result["electricity_kwh"], rel=1e-12)


def test_furnace_electricity_belongs_to_the_toll_plant_and_nobody_elses() -> None:
    parts = parts_of(in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL)), load_model())

    assert {part.owner for part in parts if part.stage == "P3" and part.kwh} == {TOLL}
    assert {part.owner for part in parts if part.stage != "P3"} == {MODEL}


def test_a_supplier_without_accepted_data_owns_nothing() -> None:
    provenance = {name: {"parts": [a_part(kind="default", source="model", supplier=TOLL)]} for name in MEASURED}

    assert {part.owner for part in parts_of(in_memory(provenance=provenance), load_model())} == {MODEL}


# ---- The attack: everything a reader knows, as linear constraints; how closely do they bound a supplier's kWh? ----


@dataclass(frozen=True)
class Bounds:
    low: float
    high: float

    @property
    def doubt(self) -> float:
        """How far the middle of what remains possible can be wrong, to either side."""
        return (self.high - self.low) / 2


def snapshot_of(record: FootprintRecord) -> dict[str, Any]:
    product = rows.Product(grade="A", plant_id=record.product_id, name_zh="甲", name_en="A", furnace="box", created_at=rows.NOW)
    plant = rows.Plant(name_zh="厂", name_en="Plant", province_code="CN-GD", created_at=rows.NOW)
    issue = Issue(
        number="AP-2026-0001",
        public_id="a" * 32,
        revision=1,
        supersedes=None,
        part_no=None,
        valid_from=rows.NOW.date(),
        valid_until=rows.NOW.date(),
    )
    subject = Subject(
        record=record,
        declared=builders.declared_in_memory(record, product, plant),
        product=product,
        plant=plant,
        customer=builders.Organisation(kind="customer", name_zh="客户", name_en="Customer", created_at=rows.NOW),
        interval=Interval(low=11.03, high=13.97),
        supplies=(),
        recycled=None,
        method=None,
    )
    return build_snapshot(subject, issue, settings=builders.some_settings(), model=load_model(), exports={})


def attack(record: FootprintRecord, snapshot: Mapping[str, Any], *, target: int, cells: Sequence[Part]) -> Bounds:
    """Bound one cell's kWh from all published figures.

    The reader knows the factors, those of the plant's contracts included, which cells exist and who owns them, every cell of the
    model to 20 % and every confidential one to 50 % beforehand, and each published figure to a whole rounding step.
    """
    rows_, low, high = [], [], []

    def learn(measure: Iterable[float], value: Decimal | str, half_step: float) -> None:
        rows_.append(list(measure))
        low.append(float(value) - half_step)
        high.append(float(value) + half_step)

    learn((cell.kg_co2e for cell in cells), snapshot["result"]["total"], 0.01)
    for kind, key in (("stages", "stage"), ("blocks", "block")):
        for group in snapshot[kind]:
            learn((cell.kg_co2e * (getattr(cell, key) in group["keys"]) for cell in cells), group["kg_co2e"], 0.1)
    electricity = snapshot["electricity"]
    if electricity["kwh_per_kg"] is not None:
        learn((cell.kwh for cell in cells), electricity["kwh_per_kg"], float(electricity["kwh_rounded_to"]) / 2)
    headline, *others = (view for view in record.views if view["view"] in PUBLIC_VIEWS)
    for view, published in zip(others, electricity["views"][1:], strict=True):
        if published["total"] is not None:
            learn(
                (
                    cell.kg_co2e + cell.kwh * (factor_of_stage(view, cell.stage) - factor_of_stage(headline, cell.stage))
                    for cell in cells
                ),
                published["total"],
                0.05,
            )
    if snapshot["data"]["shares"] is not None:
        half = float(snapshot["data"]["rounded_to"]) * record.total_kg_co2e_per_kg
        for kind, share in snapshot["data"]["shares"].items():
            learn(
                (cell.kg_co2e * (cell.kind == kind) for cell in cells), Decimal(share) * Decimal(record.total_kg_co2e_per_kg), half
            )
    return _extent(np.array(rows_), np.array(low), np.array(high), target=target, cells=cells)


def _extent(matrix: Any, low: Any, high: Any, *, target: int, cells: Sequence[Part]) -> Bounds:
    """Return the smallest and largest possible size of a cell, 1 being its true size."""
    prior = [0.2 if cell.owner == MODEL else 0.5 for cell in cells]
    bounds = [(1 - one, 1 + one) for one in prior]
    aim = np.zeros(len(cells))
    aim[target] = 1.0
    found = [
        linprog(sign * aim, A_ub=np.vstack([matrix, -matrix]), b_ub=np.concatenate([high, -low]), bounds=bounds, method="highs")
        for sign in (1, -1)
    ]
    assert all(one.success for one in found), "the published figures contradict the record"
    return Bounds(low=found[0].x[target], high=found[1].x[target])


SITUATIONS = {
    "one toll plant, the rest by the model": toll_provenance(TOLL),
    "one toll plant, the maker's own meters": toll_provenance(TOLL)
    | maker_provenance(
        "milling_electricity_kwh_per_kg", "granulation_electricity_kwh_per_kg", "carbonization_electricity_kwh_per_kg"
    ),
    "a toll plant for six tenths": toll_provenance(TOLL, kept_by_model=0.4),
    "two toll plants": toll_provenance(TOLL, "another"),
    "the furnace meter alone": {"graphitization_electricity_kwh_per_kg": {"parts": [a_part(supplier=TOLL)]}},
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_furnace_electricity_of_a_toll_plant_can_not_be_worked_out(situation: str) -> None:
    record = in_memory(parameters=MEASURED, provenance=SITUATIONS[situation])
    cells = [cell for cell in parts_of(record, load_model()) if cell.kg_co2e]
    target = next(n for n, cell in enumerate(cells) if cell.owner == TOLL and cell.kwh)

    bounds = attack(record, snapshot_of(record), target=target, cells=cells)

    assert bounds.doubt > 0.07


def test_the_attack_succeeds_on_figures_that_are_not_united() -> None:
    """The attack is able: given the exact stages and blocks, it comes closer."""
    record = in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL))
    cells = [cell for cell in parts_of(record, load_model()) if cell.kg_co2e]
    snapshot = snapshot_of(record)
    for kind, keys, key in (("stages", STAGES, "stage"), ("blocks", BLOCKS, "block")):
        snapshot[kind] = [
            {"keys": [one], "kg_co2e": sum(cell.kg_co2e for cell in cells if getattr(cell, key) == one)} for one in keys
        ]
    snapshot["electricity"]["kwh_per_kg"] = str(sum(cell.kwh for cell in cells))
    snapshot["electricity"]["kwh_rounded_to"] = "0.001"
    target = next(n for n, cell in enumerate(cells) if cell.owner == TOLL and cell.kwh)

    bounds = attack(record, snapshot, target=target, cells=cells)

    assert bounds.low > 0.9
    assert bounds.high < 1.06


def test_stage_p3_of_one_toll_plant_is_never_shown_alone() -> None:
    groups = snapshot_of(in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL)))["stages"]

    assert all(len(group["keys"]) > 1 for group in groups if "P3" in group["keys"])


def test_an_interval_without_suppliers_is_rounded_outwards_at_the_totals_digit() -> None:
    interval = snapshot_of(in_memory())["result"]["interval"]

    assert interval == {"low": "11.0", "high": "14.0", "rounded_to": "0.1"}  # 11.03 to 13.97


def test_an_interval_with_a_suppliers_meter_is_as_coarse_as_a_buyers_figures() -> None:
    """The furnace brings 12.4 kWh x 0.5777 = 7.2 kg: half a step must be at least 0.72, so the step is 2."""
    interval = snapshot_of(in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL)))["result"]["interval"]

    assert interval == {"low": "10", "high": "14", "rounded_to": "2"}


def test_nothing_of_a_supplier_is_named_in_the_snapshot() -> None:
    text = str(snapshot_of(in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL))))

    assert TOLL not in text
    assert "S-2026-0001" not in text
    assert "12.4" not in text


def test_without_supplier_data_every_stage_and_block_is_shown() -> None:
    snapshot = snapshot_of(in_memory())

    assert [group["keys"] for group in snapshot["stages"]] == [[stage] for stage in STAGES]
    assert [group["keys"] for group in snapshot["blocks"]] == [[block] for block in BLOCKS]


def test_stages_and_blocks_sum_to_the_total_at_three_digits() -> None:
    snapshot = snapshot_of(in_memory())

    total = Decimal(snapshot["result"]["total"]).quantize(Decimal("0.1"))
    assert builders.decimals(snapshot["stages"]) == total == Decimal("12.5")
    assert builders.decimals(snapshot["blocks"]) == total


def test_every_supply_of_the_model_has_a_stage_the_certificate_names() -> None:
    assert {stage_of(process) for process in load_model().processes} <= set(STAGES)
    assert ELECTRICITY in {key[0] for flows in load_model().formulas.values() for key in flows}
