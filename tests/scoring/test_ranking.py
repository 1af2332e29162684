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
from service.scoring.smaa import acceptability
from service.scoring.weight_draws import WeightScheme, draw_by_scheme, draw_weights

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
    lines: list[list[Any]] = [["alternative", *names], ["@direction", *("max" if sign > 0 else "min" for sign in signs)]]
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
        wsm = (np.where(types > 0, values - low, high - values) / (high - low)) @ weights
        assert column(ranked(text, "wsm"), "score") == pytest.approx(wsm.tolist(), abs=1e-9)
        _check_vikor(text, values, weights, types)
    assert column(ranked(text, "spotis"), "score") == pytest.approx(spotis.tolist(), abs=1e-9)
    for name, shape in SHAPES.items():
        wanted = oracle.PROMETHEE_II(name, p=[4] * size, q=[1] * size)(values, weights, types, validation=False)
        found = ranked(text.replace("\n@q", f"\n@preference,{','.join([shape] * size)}\n@q"), "promethee")
        assert column(found, "score") == pytest.approx(wanted.tolist(), abs=1e-9), name


def _check_vikor(text: str, values: np.ndarray, weights: np.ndarray, types: np.ndarray) -> None:
    """Compare with the library where its formula is defined: it divides by the spread of S and of R."""
    found = ranked(text, "vikor", v=0.4)
    if len(set(np.round(column(found, "s"), 9))) > 1 and len(set(np.round(column(found, "r"), 9))) > 1:
        wanted = oracle.VIKOR(v=0.4)(values, weights, types, validation=False)
        assert column(found, "q") == pytest.approx(wanted.tolist(), abs=1e-9)


@pytest.mark.parametrize(
    ("rows", "compromise"),
    [
        ("A,0,2\nB,10,10\n", ["B"]),  # two alternatives: the advantage must be 1, and it is
        ("A,5,5\nB,5,5\n", ["A", "B"]),  # no advantage at all
        # Regrets A (0.5, 0.5), B (0.05, 0), C (0, 0.444); S 1, 0.05, 0.444; R 0.5, 0.05, 0.444; Q 1, 0, 0.645: leads by over 1 / 2.
        ("A,0,0\nB,9,9\nC,10,1\n", ["B"]),
    ],
)
def test_vikor_names_those_that_can_not_be_told_apart_from_the_best(rows: str, compromise: list[str]) -> None:
    assert ranked(f"alternative,a,b\n{rows}", "vikor")["compromise_set"] == compromise


def test_vikor_adds_the_second_where_the_first_is_best_by_neither_sum_nor_regret() -> None:
    """Q of D is 0.061, of C 0.25: D leads by more than 1 / 7. But S is least at C (0.426 to 0.442), R at H (0.278 to 0.296)."""
    values = [[2, 9, 6], [4, 1, 6], [3, 8, 9], [10, 1, 2], [1, 4, 1], [5, 0, 3], [2, 9, 5], [5, 2, 1]]
    rows = "".join(f"{name},{a},{b},{c}\n" for name, (a, b, c) in zip("ABCDEFGH", values, strict=True))

    assert ranked(f"alternative,a,b,c\n@weight,3,2,1\n{rows}", "vikor")["compromise_set"] == ["D", "C"]


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
        ("alternative,a,\nA,1,2\n", "wsm", "Column 3 of table.csv has no name"),
        ("alternative,a,a\nA,1,2\n", "wsm", "stands twice"),
        ("alternative,a\n@weight,1\n@weight,2\nA,1\n", "wsm", "line 3: the property “@weight” stands twice"),
        ("alternative,a\nA,1e300\n", "topsis", "line 2, column a: 1e300 is too large"),
        ("alternative,a\n@q,-1\n@preference,II\nA,1\n", "promethee", "must not be negative"),
        ("alternative,a\n@preference,VII\nA,1\n", "promethee", "“VII” is not allowed"),
        ("", "wsm", "must be “alternative”"),
    ],
)
def test_a_table_that_cannot_be_ranked_says_where(text: str, method: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        ranked(text, method)


@pytest.mark.parametrize("method", METHODS)
def test_byte_order_mark_line_ends_quotation_marks_and_blanks_make_no_difference(method: str) -> None:
    plain = 'alternative,"price, CNY",b\n@direction,min,max\n"A, first",5,1\nB,4,2\n'
    dressed = "\ufeff" + 'alternative , "price, CNY",b\r\n\r\n@direction,min,max\r\n"A, first", 5,1\r\n"B",4,"2"\r\n'.replace(
        ', "price', ',"price'
    )

    assert ranked(plain, method) == ranked(dressed, method)
    assert column(ranked(plain, method), "alternative") == ["A, first", "B"]


def test_thousands_of_alternatives_are_ranked_in_blocks_as_at_once() -> None:
    """Net flow of the usual preference over one criterion: (how many are worse - how many are better) / (n - 1)."""
    size = 3000
    text = "alternative,a\n" + "".join(f"A{number},{number}\n" for number in range(size))

    scores = column(ranked(text, "promethee"), "score")

    assert scores == pytest.approx([(2 * number - (size - 1)) / (size - 1) for number in range(size)])
    assert column(ranked(text, "wsm"), "rank")[-1] == 1


def test_alike_alternatives_share_their_ranks_in_every_draw() -> None:
    """A and B differ in a criterion without weight only: each has half of ranks 1 and 2."""
    found = ranked("alternative,a,b,c\n@weight,2,1,0\nA,3,3,1\nB,3,3,9\nC,1,2,3\n", "smaa", samples=700)

    assert column(found, "rank_acceptability") == [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    assert found["pairwise"]["A"]["B"] == 0.5


def test_ten_draws_with_one_upset_give_nine_tenths() -> None:
    values = np.array([[2.0, 0.0], [0.0, 1.0]])
    weights = np.array([[0.9, 0.1]] * 9 + [[0.1, 0.9]])

    found = acceptability(values, weights)

    assert found.pairwise is not None
    assert found.pairwise.tolist() == pytest.approx(np.array([[0.5, 0.9], [0.1, 0.5]]))
    assert found.central_weights.tolist() == pytest.approx(np.array([[0.9, 0.1], [0.1, 0.9]]))


def test_weights_in_order_keep_it_and_are_otherwise_free() -> None:
    """Of three in order the mean of the largest is (1 + 1/2 + 1/3) / 3 = 0.6111, of the smallest 1/9."""
    drawn = draw_by_scheme(WeightScheme.ORDER, np.array([0.2, 0.5, 0.3]), samples=20_000, seed=3)

    assert (drawn[:, 1] >= drawn[:, 2]).all()
    assert (drawn[:, 2] >= drawn[:, 0]).all()
    assert drawn.mean(axis=0) == pytest.approx([1 / 9, 11 / 18, 5 / 18], abs=0.005)  # standard error 0.001


def test_equal_weights_in_order_change_places() -> None:
    drawn = draw_by_scheme(WeightScheme.ORDER, np.array([0.4, 0.3, 0.3]), samples=20_000, seed=3)

    assert drawn[:, 1].mean() == pytest.approx(drawn[:, 2].mean(), abs=0.005)


def test_topsis_may_change_the_order_when_a_worse_one_joins_which_the_weighted_sum_between_bounds_never_does() -> None:
    """Why it is a second opinion only."""
    head = "alternative,a,b\n@low,0,0\n@high,10,10\n"
    rng = np.random.default_rng(5)
    changes = 0
    for _ in range(200):
        rows = rng.uniform(1, 10, size=(4, 2)).round(2)
        worse = (rows.min(axis=0) * rng.uniform(0.05, 1, size=2)).round(4)
        few = head + "".join(f"A{number},{a},{b}\n" for number, (a, b) in enumerate(rows.tolist()))
        many = few + f"worse,{worse[0]},{worse[1]}\n"
        changes += _order(few, "topsis") != _order(many, "topsis")[: len(rows)]
        assert column(ranked(few, "wsm"), "score") == column(ranked(many, "wsm"), "score")[:4]

    assert changes


def _order(text: str, method: str) -> list[str]:
    results = [one for one in ranked(text, method)["results"] if one["alternative"] != "worse"]
    return [one["alternative"] for one in sorted(results, key=lambda one: one["rank"])]


def test_the_command_prints_json_and_refuses_with_code_2(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(TZENG, encoding="utf-8")

    done = CliRunner().invoke(app, ["rank", "--table", str(file), "--method", "vikor", "--v", "0.5", "--json"])
    refused = CliRunner().invoke(app, ["rank", "--table", str(file), "--method", "smaa", "--samples", "0", "--json"])

    assert json.loads(done.stdout)["compromise_set"] == ["A3", "A2"]
    assert refused.exit_code == 2
    assert "0 samples are not possible" in refused.output
