import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_models import load_model
from lca_models.batch import Case, calculate_batch, calculate_cases
from lca_models.calculation import calculate_footprint
from lca_models.emissions import GwpSet
from lca_models.errors import OracleDisagreementError, ParameterError
from lca_models.matrices import compile_matrices
from lca_models.oracle import brightway_scores, replay
from lca_models.solution import SolvedSystem

MODEL = load_model()
KWH = "graphitization_electricity_kwh_per_kg"
GRID = "electricity_kg_co2e_per_kwh"
FACTOR = "natural_gas_kg_co2e_per_nm3"


def draws(seed: int, size: int) -> dict[str, np.ndarray]:
    """Parameters of every kind: an amount, a yield that others follow, a factor, a share."""
    rng = np.random.default_rng(seed)
    return {
        KWH: rng.uniform(10.0, 16.5, size),
        "milling_yield": rng.uniform(0.7, 0.95, size),
        "green_petroleum_coke_kg_co2e_per_kg": rng.uniform(0.25, 0.9, size),
        "toll_share": rng.uniform(0.0, 1.0, size),
    }


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 7),
    furnace=st.sampled_from(MODEL.definitions["furnace"].choices),
    view=st.sampled_from(["national", "market", "province:CN-NM"]),
)
def test_a_batch_gives_each_draw_what_it_gets_alone(seed: int, size: int, furnace: str, view: str) -> None:
    drawn = draws(seed, size)

    batch = calculate_batch(MODEL, {**drawn, "furnace": furnace}, electricity=view)

    alone = [
        calculate_footprint(
            MODEL, {"furnace": furnace, **{name: float(values[k]) for name, values in drawn.items()}}, electricity=view, check=False
        ).total_kg_co2e
        for k in range(size)
    ]
    assert batch.total_kg_co2e == pytest.approx(alone, rel=1e-13)
    assert sum(batch.by_stage(MODEL).values()) == pytest.approx(batch.total_kg_co2e, rel=1e-13)


@pytest.mark.parametrize("furnace", MODEL.definitions["furnace"].choices)
def test_brightway_replays_every_draw_of_a_batch(furnace: str) -> None:
    batch = calculate_batch(MODEL, {**draws(7, 40), "furnace": furnace})

    assert replay(batch).relative_difference <= 1e-12


@pytest.mark.parametrize("gwp", list(GwpSet))
def test_brightway_agrees_with_every_set_of_gwp(gwp: GwpSet) -> None:
    assert calculate_footprint(MODEL, gwp=gwp).oracle_relative_difference <= 1e-12


def test_brightway_goes_through_the_draws_in_their_order() -> None:
    batch = calculate_batch(MODEL, {KWH: np.array([10.0, 12.0, 14.0, 16.0])})

    scores = brightway_scores(compile_matrices(batch))

    # 2 kWh more of graphitization, of which 0.9998 kg are needed for 1 kg of product, at 0.5777 kg CO2e/kWh.
    per_step = 2.0 * 0.5777 * calculate_footprint(MODEL, check=False).scaling["P3_graphitisation:acheson_crucible"]
    assert np.diff(scores) == pytest.approx([per_step] * 3, rel=1e-9)


def test_an_engine_that_is_wrong_in_the_ninth_digit_is_found_out() -> None:
    batch = calculate_batch(MODEL, {KWH: np.array([12.0, 13.0])})
    parts = {name: getattr(batch, name) for name in SolvedSystem.__dataclass_fields__}
    wrong = SolvedSystem(**{**parts, "contributions_kg_co2e": batch.contributions_kg_co2e * (1.0 + 1e-9)})

    with pytest.raises(OracleDisagreementError, match=r"relative difference (9\.9e-10|1\.0e-09)"):
        replay(wrong)


def test_the_matrices_of_the_same_inputs_have_the_same_hash_and_others_another() -> None:
    first, again, other = (
        compile_matrices(calculate_batch(MODEL, {"furnace": furnace})).sha256 for furnace in ("box", "box", "inner_string")
    )

    assert first == again != other


def test_background_activities_emit_the_gases_that_their_factors_tell_apart() -> None:
    matrices = compile_matrices(calculate_batch(MODEL))
    column = matrices.activities.index(FACTOR)
    emitted = {
        matrices.elementary_flows[row]: value
        for row, at, value in zip(
            matrices.interventions.rows, matrices.interventions.columns, matrices.interventions.values[0], strict=True
        )
        if at == column
    }

    split = MODEL.background_splits["natural_gas"]
    assert emitted["CO2_fossil"] == pytest.approx(split["CO2_fossil"])
    # What the gases leave of 2.768 kg CO2e/Nm3: CO2 counts 1, CH4 29.8, N2O 273.
    known = split["CO2_fossil"] + 29.8 * split["CH4_fossil"] + 273.0 * split["N2O"]
    assert emitted["upstream_unsplit"] == pytest.approx(2.768 - known)


def test_of_a_factor_that_somebody_else_states_the_gases_are_not_known() -> None:
    batch = calculate_batch(MODEL, {FACTOR: 2.0})

    gases = {one.gas for one in batch.system.burdens if one.key == FACTOR}
    assert gases == {"upstream_unsplit"}


def test_cases_of_different_furnaces_and_views_keep_their_order() -> None:
    cases = [
        Case(parameters={"furnace": "box", GRID: 0.758}),
        Case(),
        Case(parameters={"furnace": "box", GRID: 0.5777}),
        Case(electricity="market"),
    ]

    found = calculate_cases(MODEL, cases)

    alone = [calculate_footprint(MODEL, one.parameters, electricity=one.electricity, check=False) for one in cases]
    assert found.total_kg_co2e == pytest.approx([one.total_kg_co2e for one in alone], rel=1e-13)
    assert found.by_stage_kg_co2e["P3"] == pytest.approx([one.by_stage_kg_co2e["P3"] for one in alone], rel=1e-13)


def test_draws_of_different_length_are_refused_by_name() -> None:
    with pytest.raises(ParameterError, match="has 2 values while others have 3"):
        calculate_batch(MODEL, {KWH: np.array([12.0, 13.0]), "toll_share": np.array([0.0, 0.5, 1.0])})


@pytest.mark.parametrize("bad", [np.array([12.0, np.nan]), np.array([12.0, 1e9]), np.array([np.inf, 12.0])])
def test_one_bad_draw_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(ParameterError, match=KWH):
        calculate_batch(MODEL, {KWH: bad})


def test_contradicting_draws_are_marked_where_the_caller_asks_for_it() -> None:
    # More carbon in tar (0.1 kg with 0.9 kg C/kg) than coke and pitch give off (0.045 kg C): CO2 would be negative.
    tar = np.array([0.01, 0.1])

    with pytest.raises(ParameterError, match="contradict each other"):
        calculate_batch(MODEL, {"granulation_tar_kg_per_kg": tar})

    batch = calculate_batch(MODEL, {"granulation_tar_kg_per_kg": tar}, allow_contradictions=True)
    assert batch.contradictory.tolist() == [False, True]
