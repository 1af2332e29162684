"""Published examples, an independent library, and properties of the ranking methods."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymcdm import methods as oracle
from pymcdm.normalizations import vector_normalization
from typer.testing import CliRunner

from service.cli import app
from service.scoring.answers import METHODS, rank_table
from service.scoring.decision_table import DecisionTable, read_decision_table
from service.scoring.smaa import acceptability, draw_weights

# Tzeng and Huang (2011).
TZENG = "alternative,a,b,c\n@weight,3,4,3\nA1,5,8,4\nA2,7,6,8\nA3,8,8,6\nA4,7,4,6\n"
SHAPES = {"usual": "I", "ushape": "II", "vshape": "III", "level": "IV", "vshape_2": "V"}


def table(text: str) -> DecisionTable:
    return read_decision_table(text.encode(), file="table.csv")


def ranked(text: str, method: str, **options: Any) -> dict[str, Any]:
    return rank_table(table(text), method=method, **({"samples": 2000, "seed": 1, "v": 0.5} | options))


def column(answer: dict[str, Any], name: str) -> list[Any]:
    return [one[name] for one in answer["results"]]


def test_topsis_gives_the_textbook_values() -> None:
    found = ranked(TZENG, "topsis")

    assert column(found, "score") == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=5e-5)
    assert column(found, "rank") == [3, 2, 1, 4]


def test_vikor_gives_the_textbook_values_and_the_compromise_set() -> None:
    found = ranked(TZENG, "vikor")

    assert column(found, "s") == pytest.approx([0.6, 0.3, 0.15, 0.65])
    assert column(found, "r") == pytest.approx([0.3, 0.2, 0.15, 0.4])
    assert column(found, "q") == pytest.approx([0.75, 0.25, 0.0, 1.0], abs=0.01)
    # Q of A2 is 0.25 above the best, less than 1 / (4 - 1).
    assert found["compromise_set"] == ["A3", "A2"]


def test_vikor_of_the_mountain_climber() -> None:
    """Opricovic and Tzeng (2004): risk 1, 2, 5, less is better; altitude 3000, 3750, 4500."""
    text = "alternative,risk,altitude\n@direction,min,max\n@weight,0.5,0.5\nA1,1,3000\nA2,2,3750\nA3,5,4500\n"

    assert column(ranked(text, "vikor"), "q") == pytest.approx([1.0, 0.0, 1.0])


def test_a_weighted_sum_between_bounds_by_hand() -> None:
    """Price 0 to 100, less is better: 80 gives 0.2; quality 0 to 10: 5 gives 0.5. 0.75 x 0.2 + 0.25 x 0.5 = 0.275."""
    text = "alternative,price,quality\n@direction,min,max\n@weight,3,1\n@low,0,0\n@high,100,10\nA,80,5\nB,120,10\n"

    # B lies above the bounds of price: 0, not below zero. 0.75 x 0 + 0.25 x 1.
    assert column(ranked(text, "wsm"), "score") == pytest.approx([0.275, 0.25])


def test_the_weighted_sum_between_bounds_does_not_see_who_else_is_there() -> None:
    bounds = "alternative,a,b\n@low,0,0\n@high,10,10\n"
    few, many = f"{bounds}A,4,6\nB,7,2\n", f"{bounds}A,4,6\nB,7,2\nC,0,0\nD,10,10\n"

    assert column(ranked(few, "wsm"), "score") == column(ranked(many, "wsm"), "score")[:2]


def test_promethee_flows_by_hand() -> None:
    """Difference 3 with q = 1, p = 5 is preferred by (3 - 1) / (5 - 1) = 0.5; with two alternatives a flow is that preference."""
    text = "alternative,a\n@preference,V\n@q,1\n@p,5\nA,8\nB,5\n"

    found = ranked(text, "promethee")

    assert column(found, "phi_plus") == [0.5, 0.0]
    assert column(found, "phi_minus") == [0.0, 0.5]
    assert column(found, "score") == [0.5, -0.5]


def test_the_gaussian_preference_by_hand() -> None:
    """1 - exp(-3^2 / (2 x 2^2)) = 0.675348."""
    found = ranked("alternative,a\n@preference,VI\n@sigma,2\nA,8\nB,5\n", "promethee")

    assert column(found, "score") == pytest.approx([1 - math.exp(-9 / 8), math.exp(-9 / 8) - 1])


matrices = st.integers(2, 6).flatmap(
    lambda n: st.integers(1, 4).flatmap(
        lambda m: st.lists(st.lists(st.integers(1, 20), min_size=m, max_size=m), min_size=n, max_size=n)
    )
)


def written(matrix: list[list[int]], signs: list[int], **rows: list[Any]) -> str:
    names = [f"c{number}" for number in range(len(matrix[0]))]
    lines = [["alternative", *names], ["@direction", *("max" if sign > 0 else "min" for sign in signs)]]
    lines += [[f"@{name}", *values] for name, values in rows.items()]
    lines += [[f"A{number}", *values] for number, values in enumerate(matrix)]
    return "\n".join(",".join(str(cell) for cell in line) for line in lines)


@settings(max_examples=60, deadline=None)
@given(matrix=matrices, data=st.data())
def test_an_independent_library_agrees(matrix: list[list[int]], data: st.DataObject) -> None:
    size = len(matrix[0])
    signs = data.draw(st.lists(st.sampled_from([1, -1]), min_size=size, max_size=size))
    weights = np.array(data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size)), dtype=float)
    weights /= weights.sum()
    values, types = np.array(matrix, dtype=float), np.array(signs)
    low, high = values.min(axis=0) - 1, values.max(axis=0) + 2
    text = written(matrix, signs, weight=weights.tolist(), low=low.tolist(), high=high.tolist(), q=[1] * size, p=[4] * size)

    spotis = oracle.SPOTIS(np.column_stack([low, high]))(values, weights, types, validation=False)
    if (values.max(axis=0) > values.min(axis=0)).all():  # the library divides by zero where a criterion is constant
        topsis = oracle.TOPSIS(vector_normalization)(values, weights, types, validation=False)
        assert column(ranked(text, "topsis"), "score") == pytest.approx(topsis.tolist(), abs=1e-9)
    assert column(ranked(text, "spotis"), "score") == pytest.approx(spotis.tolist(), abs=1e-9)
    for name, shape in SHAPES.items():
        wanted = oracle.PROMETHEE_II(name, p=[4] * size, q=[1] * size)(values, weights, types, validation=False)
        found = ranked(text.replace("\n@q", f"\n@preference,{','.join([shape] * size)}\n@q"), "promethee")
        assert column(found, "score") == pytest.approx(wanted.tolist(), abs=1e-9), name


@pytest.mark.parametrize("method", METHODS)
def test_equal_columns_one_alternative_and_ties_are_ranked(method: str) -> None:
    alone = ranked("alternative,a,b\nA,1,2\n", method)
    tied = ranked("alternative,a,b\nA,5,1\nB,5,1\nC,5,1\n", method)

    assert column(alone, "rank") == [1]
    assert column(tied, "rank") == [2, 2, 2]
    assert all(math.isfinite(score) for score in (*column(alone, "score"), *column(tied, "score")))


@settings(max_examples=30, deadline=None)
@given(matrix=matrices, method=st.sampled_from(METHODS), seed=st.integers(0, 5))
def test_names_exchanged_exchange_ranks(matrix: list[list[int]], method: str, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(matrix))
    signs = [1] * len(matrix[0])

    straight = ranked(written(matrix, signs), method, samples=200)
    mixed = ranked(written([matrix[row] for row in order], signs), method, samples=200)

    assert [column(straight, "rank")[row] for row in order] == column(mixed, "rank")


def test_acceptability_of_two_alternatives_that_each_win_on_one_criterion() -> None:
    """The uniform simplex of two weights: each wins where its criterion weighs more than half; there its mean weight is 3/4."""
    found = ranked("alternative,a,b\nA,1,0\nB,0,1\n", "smaa", samples=40_000)

    # Standard error 0.0025.
    assert column(found, "rank_acceptability")[0] == pytest.approx([0.5, 0.5], abs=0.01)
    assert column(found, "central_weight")[0] == pytest.approx([0.75, 0.25], abs=0.01)
    assert found["pairwise"]["A"]["B"] == pytest.approx(0.5, abs=0.01)


def test_one_that_is_always_beaten_has_no_central_weight() -> None:
    found = ranked("alternative,a,b\nbest,2,2\nworst,1,1\n", "smaa")

    assert column(found, "central_weight")[1] is None
    assert column(found, "rank_acceptability") == [[1.0, 0.0], [0.0, 1.0]]
    assert found["pairwise"]["best"]["worst"] == 1.0


@settings(max_examples=25, deadline=None)
@given(matrix=matrices, samples=st.integers(1, 1200), seed=st.integers(0, 99))
def test_ranks_and_alternatives_each_take_their_whole_share(matrix: list[list[int]], samples: int, seed: int) -> None:
    values = np.array(matrix, dtype=float)

    found = acceptability(values, draw_weights(None, criteria=values.shape[1], samples=samples, seed=seed))

    assert found.rank_acceptability.sum(axis=0) == pytest.approx(1.0)
    assert found.rank_acceptability.sum(axis=1) == pytest.approx(1.0)
    assert found.pairwise is not None
    assert (found.pairwise + found.pairwise.T) == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_bytes_and_stated_weights_stay_within_30_percent() -> None:
    once, again = (json.dumps(ranked(TZENG, "smaa", seed=7)) for _ in range(2))
    drawn = draw_weights(np.array([0.5, 0.3, 0.2]), criteria=3, samples=500, seed=1)

    assert once == again
    # Ratios of two weights change by at most 1.3 / 0.7.
    ratios = drawn[:, 0] / drawn[:, 1] / (0.5 / 0.3)
    assert 0.7 / 1.3 <= ratios.min() <= ratios.max() <= 1.3 / 0.7


@pytest.mark.parametrize(
    ("text", "method", "message"),
    [
        ("alternative,a\n@weight,-1\nA,1\n", "wsm", "line 2: the weight -1 of a is negative"),
        ("alternative,a\n@weight,0\nA,1\n", "wsm", "All weights are zero"),
        ("alternative,a\nA,nan\n", "topsis", "line 2, column a: “nan” is not a finite number"),
        ("alternative,a\nA,\n", "topsis", "line 2, column a: the cell is empty"),
        ("alternative,a\n@colour,1\nA,1\n", "wsm", "there is no property “@colour”"),
        ("alternative,a\n@direction,up\nA,1\n", "wsm", "@direction|direction|“up”"),
        ("alternative,a\nA,1\nA,2\n", "wsm", "line 3: the alternative “A” stands twice"),
        ("alternative,a\n@weight,1\n", "wsm", "has no alternative to rank"),
        ("name,a\nA,1\n", "wsm", "must be “alternative”"),
        ("alternative,a\n@low,5\n@high,1\nA,1\n", "wsm", "@low of a"),
        ("alternative,a\n@low,0\n@high,1\nA,3\n", "spotis", "a of A is 3, outside its bounds 0 to 1"),
        ("alternative,a\n@preference,III\nA,3\n", "promethee", "needs @p"),
        ("alternative,a\n@preference,V\n@q,3\n@p,1\nA,3\n", "promethee", "@p of a is below its @q"),
        ("alternative,a\n@preference,VI\n@sigma,0\nA,3\n", "promethee", "@sigma must be above zero"),
        ("alternative,a\nA,1\n", "electre", "There is no method “electre”"),
    ],
)
def test_a_table_that_cannot_be_ranked_says_where(text: str, method: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        ranked(text, method)


def test_the_command_prints_json_and_refuses_with_code_2(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(TZENG, encoding="utf-8")

    done = CliRunner().invoke(app, ["rank", "--table", str(file), "--method", "vikor", "--v", "0.5", "--json"])
    refused = CliRunner().invoke(app, ["rank", "--table", str(file), "--method", "smaa", "--samples", "0", "--json"])

    assert json.loads(done.stdout)["compromise_set"] == ["A3", "A2"]
    assert refused.exit_code == 2
    assert "0 samples are not possible" in refused.output
