import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from service.cli import app
from service.strategy.lmdi import decompose, logarithmic_mean
from service.strategy.lmdi_table import decompose_table, read_periods

FACTORS = ("price", "structure", "intensity", "mix", "factor")


def worked_example() -> str:
    """Two products, two carriers, two years: carbon per 10 000 yuan of output.

    Q 20,000 / 5,000 t to 26,000 / 9,000 t; output 125,000 to 105,000 (10 000 yuan); kWh/t 9,000 / 1,200 to 8,300 / 1,150; gas m3/t
    60 / 40 to 58 / 38; 0.5568 to 0.4200 kg/kWh, 2.162 kg/m3; energy in kgce with 0.1229 per kWh and 1.33 per m3.
    """
    years = {
        "2021": (125_000, {"a": (20_000, 9_000, 60), "b": (5_000, 1_200, 40)}, {"electricity": 0.5568, "gas": 2.162}),
        "2025": (105_000, {"a": (26_000, 8_300, 58), "b": (9_000, 1_150, 38)}, {"electricity": 0.42, "gas": 2.162}),
    }
    kgce = {"electricity": 0.1229, "gas": 1.33}
    rows = ["period,group,factor,value"]
    for year, (output, products, factors) in years.items():
        tonnes = sum(amount for amount, *_ in products.values())
        for product, (amount, kwh, gas) in products.items():
            energy = {"electricity": kwh * kgce["electricity"], "gas": gas * kgce["gas"]}
            for carrier, used in energy.items():
                total = sum(energy.values())
                values = (tonnes / output, amount / tonnes, total, used / total, factors[carrier] / kgce[carrier] / 1000)
                rows += [f"{year},{product}-{carrier},{name},{value!r}" for name, value in zip(FACTORS, values, strict=True)]
    return "\n".join(rows)


def test_the_worked_example_of_a_price_that_hides_a_saving() -> None:
    [found] = decompose_table(worked_example().encode(), file="x.csv")

    assert found["total_change"] == pytest.approx(0.08996, abs=1e-4)
    assert found["additive"]["price"] == pytest.approx(0.45783, abs=1e-4)
    assert found["additive"]["structure"] == pytest.approx(-0.05387, abs=1e-4)
    assert found["additive"]["intensity"] == pytest.approx(-0.06840, abs=1e-4)
    assert found["additive"]["mix"] == pytest.approx(-0.00153, abs=1e-4)
    assert found["additive"]["factor"] == pytest.approx(-0.24407, abs=1e-4)
    # 0.94269 / 0.85273
    assert math.prod(found["multiplicative"].values()) == pytest.approx(0.94269 / 0.85273, abs=1e-4)


values = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))


def as_group(found: tuple[float, ...]) -> dict[str, float]:
    return dict(zip("xyz", found, strict=True))


@given(st.lists(st.tuples(st.tuples(values, values, values), st.tuples(values, values, values)), min_size=1, max_size=4))
def test_the_effects_sum_to_the_change_also_with_zeros(pairs: list[tuple[tuple[float, ...], tuple[float, ...]]]) -> None:
    before = {str(number): as_group(first) for number, (first, _) in enumerate(pairs)}
    after = {str(number): as_group(second) for number, (_, second) in enumerate(pairs)}

    forward, back = decompose(before, after, names=("0", "1")), decompose(after, before, names=("1", "0"))

    size = sum(math.prod(group.values()) for group in (*before.values(), *after.values()))
    assert sum(forward.additive.values()) == pytest.approx(forward.total_change, abs=1e-12 * (size + 1e-9) * 1e3)
    # Going back undoes each effect.
    assert [-effect for effect in back.additive.values()] == pytest.approx(
        list(forward.additive.values()), abs=1e-9 * (size + 1e-9)
    )


def test_what_appears_is_due_to_the_factor_that_was_zero() -> None:
    """A new product: 0 x 3 x 2 becomes 5 x 3 x 2 = 30, all of it by its quantity."""
    found = decompose({"new": as_group((0.0, 3.0, 2.0))}, {"new": as_group((5.0, 3.0, 2.0))}, names=("0", "1"))

    assert found.additive == {"x": 30.0, "y": 0.0, "z": 0.0}
    assert found.multiplicative == {"x": None, "y": None, "z": None}


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (0.0, 3.0, 6.0),  # appears: all of what comes
        (3.0, 0.0, -6.0),  # vanishes: all of what goes
    ],
)
def test_a_factor_that_is_zero_on_one_side_has_the_whole_change(before: float, after: float, effect: float) -> None:
    found = decompose({"g": as_group((before, 2.0, 1.0))}, {"g": as_group((after, 2.0, 1.0))}, names=("0", "1"))

    assert found.additive == {"x": effect, "y": 0.0, "z": 0.0}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((0.0, 2.0, 0.0), (3.0, 2.0, 0.0)),  # the factor appears, the group stays at zero because of another
        ((3.0, 2.0, 0.0), (0.0, 2.0, 0.0)),
        ((0.0, 2.0, 1.0), (0.0, 4.0, 3.0)),  # zero in both years
        ((1.0, 2.0, 0.0), (3.0, 4.0, 0.0)),  # others change while the group is zero
    ],
)
def test_a_group_that_is_zero_in_both_years_has_no_effects(
    before: tuple[float, float, float], after: tuple[float, float, float]
) -> None:
    found = decompose({"g": as_group(before)}, {"g": as_group(after)}, names=("0", "1"))

    assert found.additive == {"x": 0.0, "y": 0.0, "z": 0.0}


@pytest.mark.parametrize("is_forward", [True, False])
def test_a_factor_that_is_positive_in_both_years_has_no_effect_where_another_brings_the_group_to_zero(
    is_forward: bool,  # noqa: FBT001 - pytest passes it by position
) -> None:
    pair = ({"g": as_group((1.0, 2.0, 0.0))}, {"g": as_group((3.0, 2.0, 5.0))})

    found = decompose(*(pair if is_forward else pair[::-1]), names=("0", "1"))

    assert found.additive == {"x": 0.0, "y": 0.0, "z": 30.0 if is_forward else -30.0}


def test_two_factors_that_vanish_together_share_the_loss() -> None:
    found = decompose({"old": as_group((5.0, 3.0, 2.0))}, {"old": as_group((0.0, 0.0, 2.0))}, names=("0", "1"))

    assert found.additive == {"x": -15.0, "y": -15.0, "z": 0.0}


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_the_logarithmic_mean_lies_between_geometric_and_arithmetic(first: float, second: float) -> None:
    mean = logarithmic_mean(first, second)

    assert math.sqrt(first * second) * (1 - 1e-9) <= mean <= (first + second) / 2 * (1 + 1e-9)


def test_nearly_equal_numbers_have_a_mean_between_them() -> None:
    assert logarithmic_mean(1.0 + 1e-14, 1.0) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("period,group,factor,value\n2021,a,q,1", "needs two periods"),
        ("period,group,factor,value\n2021,a,q,1\n2022,b,q,1", "Period 2021 has no value of q for b"),
        ("period,group,factor,value\n2021,a,q,1\n2022,a,q,-2", "q of a in 2022 is -2"),
        ("period,group,factor,value\n2021,a,q,1\n2021,a,q,2\n2022,a,q,1", "line 3: this value stands twice"),
        ("period,group,factor,value\n2021,a,q,x\n2022,a,q,1", "“x” is not a finite number"),
        ("period,group,value\n2021,a,1", "factor"),
    ],
)
def test_a_table_that_cannot_be_decomposed_says_where(table: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        decompose_table(table.encode(), file="x.csv")


def test_periods_are_compared_in_their_order_not_in_that_of_the_rows() -> None:
    rows = "\n".join(f"{year},a,q,{value}" for year, value in ((2023, 3), (2021, 1), (2022, 2)))

    assert list(read_periods(f"period,group,factor,value\n{rows}".encode(), file="x.csv")) == ["2021", "2022", "2023"]


def test_the_command_prints_json_and_refuses_with_code_2(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(worked_example(), encoding="utf-8")

    done = CliRunner().invoke(app, ["lmdi", "--table", str(table), "--json"])
    refused = CliRunner().invoke(app, ["lmdi", "--table", str(tmp_path / "none.csv"), "--json"])

    [found] = json.loads(done.stdout)
    assert (found["from"], found["to"]) == ("2021", "2025")
    assert sum(effect for cell in found["cells"].values() for effect in cell.values()) == pytest.approx(found["total_change"])
    assert refused.exit_code == 2
