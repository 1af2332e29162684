import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from lca_models import load_model
from service.certificates.bundle import build_bundle
from service.certificates.controlled_rounding import round_table
from service.certificates.standalone.anodeprint_verify import _solved
from service.footprints.models import FootprintRecord
from service.footprints.ownership import parts_of
from service.footprints.protection import MAKER, MODEL, Part
from tests.certificates.builders import MEASURED, TOLL, a_part, in_memory, maker_provenance, toll_provenance
from tests.certificates.sealed import figures_of

ATTACK_LEAVES = 0.07
"""Of an input's size, to both sides: the limit of docs/decisions/0010, which also holds for what a bundle adds."""


def bundle_of(record: FootprintRecord) -> dict[str, Any]:
    return build_bundle(record, load_model(), snapshot=figures_of(record))


def solved(bundle: Mapping[str, Any]) -> tuple[dict[tuple[str, tuple[str, ...]], Fraction], list[Fraction]]:
    systems = [_solved(one) for one in bundle["systems"]]
    return {key: kg for parts, _ in systems for key, kg in parts.items()}, [total for _, total in systems]


# ---- What it says ----


def test_without_supplier_data_one_system_gives_total_stages_and_blocks() -> None:
    record = in_memory()
    snapshot, bundle = figures_of(record), bundle_of(record)

    parts, totals = solved(bundle)

    assert totals == [Fraction("12.48")]  # the printed figure of the default route, four digits
    assert len(bundle["systems"][0]["activities"]) == 8  # P1 to P7 and the product
    for split in ("stages", "blocks"):
        for group in snapshot[split]:
            assert parts[split, tuple(group["keys"])] == Fraction(group["kg_co2e"])


def test_where_cells_would_tell_an_input_stages_and_blocks_have_a_system_each() -> None:
    record = in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL))
    snapshot, bundle = figures_of(record), bundle_of(record)

    parts, totals = solved(bundle)

    assert totals == [Fraction(snapshot["result"]["total"])] * 2
    assert {key for key in parts if key[0] == "stages"} == {("stages", tuple(one["keys"])) for one in snapshot["stages"]}
    assert {flow["id"] for one in bundle["systems"] for flow in one["flows"]} == {"all_inputs", "rounding_difference"}


def test_a_footprint_that_may_not_be_split_has_its_total_only() -> None:
    snapshot = {**figures_of(in_memory()), "stages": [], "blocks": []}

    bundle = build_bundle(in_memory(), load_model(), snapshot=snapshot)

    assert solved(bundle) == ({}, [Fraction("12.48")] * 2)


def test_what_the_total_has_beyond_its_parts_is_a_flow_of_its_own() -> None:
    (system,) = bundle_of(in_memory())["systems"]

    assert system["flows"][-1]["id"] == "rounding_difference"
    assert system["interventions"][-1] == ["0"] * 7 + ["-0.02"]  # 12.48 - 12.5


def test_stages_supply_one_another_and_blocks_supply_the_product() -> None:
    stages, blocks = bundle_of(in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL)))["systems"]

    assert stages["technosphere"][0][:3] == ["1", "-1", "0"]
    assert [row[-1] for row in blocks["technosphere"]] == ["-1"] * (len(blocks["activities"]) - 1) + ["1"]
    assert [row[1] for row in blocks["technosphere"]][:2] == ["0", "1"]


def test_the_model_is_named_by_hashes_that_move_with_it() -> None:
    model = bundle_of(in_memory())["model"]

    assert model["content_sha256"] == load_model().content_hash
    assert model["gwp_set"] == "AR6"
    assert [one["set"] for one in model["electricity_factor_sets"]] == ["footprint_2024", "screening_2023"]
    assert (
        len({model["gwp_sha256"], model["life_cycle_factors_sha256"], *(one["sha256"] for one in model["electricity_factor_sets"])})
        == 4
    )


def test_the_same_record_gives_the_same_bytes() -> None:
    record = in_memory()

    assert rfc8785.dumps(bundle_of(record)) == rfc8785.dumps(bundle_of(record))


def test_nothing_of_a_supplier_and_no_parameter_is_named() -> None:
    record = in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL, kept_by_model=0.4))
    text = rfc8785.dumps(bundle_of(record)).decode()

    names = [definition.name for definition in load_model().parameters]
    assert [name for name in (TOLL, "S-2026-0001", *names) if name in text] == []


# ---- Rounding with fixed sums ----


def test_a_table_is_rounded_to_the_sums_that_are_printed() -> None:
    # Down it is 0 1 | 2 3; the first row and the second column lack one step, the second row and the first column one.
    table = round_table(
        [[0.06, 0.16], [0.26, 0.32]],
        rows=[Decimal("0.2"), Decimal("0.6")],
        columns=[Decimal("0.3"), Decimal("0.5")],
        step=Decimal("0.1"),
    )

    assert table == [[Decimal("0.0"), Decimal("0.2")], [Decimal("0.3"), Decimal("0.3")]]


def test_an_empty_cell_stays_empty() -> None:
    table = round_table(
        [[None, 0.16], [0.26, 0.32]],
        rows=[Decimal("0.2"), Decimal("0.5")],
        columns=[Decimal("0.2"), Decimal("0.5")],
        step=Decimal("0.1"),
    )

    assert table is not None
    assert table[0][0] == 0


def test_sums_that_no_rounding_gives_are_refused() -> None:
    assert round_table([[0.11, 0.11]], rows=[Decimal("0.9")], columns=[Decimal("0.4"), Decimal("0.5")], step=Decimal("0.1")) is None


@given(st.lists(st.lists(st.integers(-40, 400), min_size=3, max_size=3), min_size=2, max_size=4))
def test_rows_and_columns_keep_their_sums_and_no_cell_moves_a_whole_step(hundredths: list[list[int]]) -> None:
    """With sums that are whole steps themselves a rounded table always exists (Bacharach 1966)."""
    for row in hundredths:
        row[-1] -= sum(row) % 10
    for place in range(3):
        hundredths[-1][place] -= sum(row[place] for row in hundredths) % 10
    step = Decimal("0.1")
    rows = [Decimal(sum(row)) / 100 for row in hundredths]
    columns = [Decimal(sum(row[place] for row in hundredths)) / 100 for place in range(3)]

    table = round_table([[one / 100 for one in row] for row in hundredths], rows=rows, columns=columns, step=step)

    assert table is not None
    assert [sum(row) for row in table] == rows
    assert [sum(column) for column in zip(*table, strict=True)] == columns
    assert all(
        abs(one - Decimal(old) / 100) < step
        for row, olds in zip(table, hundredths, strict=True)
        for one, old in zip(row, olds, strict=True)
    )


# ---- What it gives away ----


def doubts(record: FootprintRecord, bundle: Mapping[str, Any], *, exact: bool = False) -> dict[tuple[str, str], float]:
    """Return for each supplier's input how far it can be away from the truth, to the nearer side, 1 being its size.

    The reader knows the model, every exchange of it to 20 % and every confidential input to 50 % beforehand, and solves the bundle:
    each cell and the total to a whole rounding step. An input is one unknown wherever it occurs.
    """
    parts = [part for part in parts_of(record, load_model()) if part.kg_co2e]
    unknowns = sorted({(part.owner, part.input) for part in parts})
    rows, values, halves = [column_of(parts, unknowns, lambda _: True)], [Fraction(str(total_of(bundle)))], [0.01]
    for system in bundle["systems"]:
        for flow, amounts in zip(system["flows"], system["interventions"], strict=True):
            for activity, amount in zip(system["activities"], amounts, strict=True):
                if flow["id"] != "rounding_difference" and activity["id"] != "product":
                    rows.append(column_of(parts, unknowns, lambda part, flow=flow, activity=activity: is_in(part, flow, activity)))
                    values.append(Fraction(amount))
                    halves.append(0.1)
    matrix, given_ = np.array(rows), np.array([float(one) for one in values])
    if exact:
        given_, halves = matrix.sum(axis=1), [1e-6] * len(halves)
    suppliers = [one for one in unknowns if one[0] not in {MAKER, MODEL}]
    readers: list[str | None] = [None, *sorted({owner for owner, _ in suppliers})]
    return {
        target: min(
            doubt(matrix, given_, np.array(halves), unknowns, target=target, reader=reader)
            for reader in readers
            if reader != target[0]
        )
        for target in suppliers
    }


def total_of(bundle: Mapping[str, Any]) -> Fraction:
    return solved(bundle)[1][0]


def is_in(part: Part, flow: Mapping[str, Any], activity: Mapping[str, Any]) -> bool:
    places = [one for one in (flow, activity) if one["split"]]
    return all((part.stage if one["split"] == "stages" else part.block) in one["keys"] for one in places)


def column_of(parts: Sequence[Part], unknowns: Sequence[tuple[str, str]], wanted: Any) -> list[float]:
    return [sum(part.kg_co2e for part in parts if (part.owner, part.input) == one and wanted(part)) for one in unknowns]


def doubt(
    matrix: Any, given_: Any, halves: Any, unknowns: Sequence[tuple[str, str]], *, target: tuple[str, str], reader: str | None
) -> float:
    prior = [0.0 if owner == reader else 0.2 if owner == MODEL else 0.5 for owner, _ in unknowns]
    aim = [1.0 if one == target else 0.0 for one in unknowns]
    ends = [
        linprog(
            [sign * one for one in aim],
            A_ub=np.vstack([matrix, -matrix]),
            b_ub=np.concatenate([given_ + halves, halves - given_]),
            bounds=[(1 - one, 1 + one) for one in prior],
        )
        for sign in (1, -1)
    ]
    assert all(one.success for one in ends), "the bundle contradicts the record"
    place = unknowns.index(target)
    return float(min(1 - ends[0].x[place], ends[1].x[place] - 1))


METERS = maker_provenance(
    "milling_electricity_kwh_per_kg", "granulation_electricity_kwh_per_kg", "carbonization_electricity_kwh_per_kg"
)
SITUATIONS: dict[str, Mapping[str, Any]] = {
    "one toll plant, the rest by the model": toll_provenance(TOLL),
    "one toll plant, the maker's own meters": toll_provenance(TOLL) | METERS,
    "a toll plant for six tenths": toll_provenance(TOLL, kept_by_model=0.4),
    "a toll plant for three tenths": toll_provenance(TOLL, kept_by_model=0.7),
    "two toll plants": toll_provenance(TOLL, "another"),
    "three toll plants, one of them reading": toll_provenance(TOLL, "another", "a third"),
    "the furnace meter alone": {"graphitization_electricity_kwh_per_kg": {"parts": [a_part(supplier=TOLL)]}},
    "the packing coke alone": {"packing_coke_net_kg_per_kg": {"parts": [a_part(supplier=TOLL)]}},
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_input_of_a_supplier_can_be_worked_out_from_a_bundle(situation: str) -> None:
    record = in_memory(parameters=MEASURED, provenance=SITUATIONS[situation])

    found = doubts(record, bundle_of(record))

    assert found
    assert min(found.values()) > ATTACK_LEAVES, found


@pytest.mark.parametrize("seed", range(12))
def test_no_input_can_be_worked_out_whoever_delivers_what(seed: int) -> None:
    drawn = random.Random(seed)
    names = [one.name for one in load_model().parameters if one.default]
    suppliers = ["first", "second", "third"][: drawn.randint(1, 3)]
    provenance = {
        name: {
            "parts": [
                a_part(supplier=drawn.choice(suppliers), weight=share),
                a_part(kind="default", source="model", weight=1 - share),
            ]
        }
        for name in drawn.sample(names, drawn.randint(1, 12))
        for share in [drawn.choice([0.2, 0.5, 0.999])]
    }
    record = in_memory(provenance=provenance)

    assert min(doubts(record, bundle_of(record)).values(), default=1.0) > ATTACK_LEAVES


def test_the_attack_succeeds_on_exact_cells() -> None:
    """The attack is able: given every cell of stage and block exactly, it finds the furnace's electricity."""
    record = in_memory(parameters=MEASURED, provenance=toll_provenance(TOLL))
    open_cells = bundle_of(in_memory(parameters=MEASURED))

    found = doubts(record, open_cells, exact=True)

    assert found[TOLL, "graphitization_electricity_kwh_per_kg"] < 0.06
