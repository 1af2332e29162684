"""Spread from pedigree scores and kinds of evidence."""

import math
from importlib.resources import files

import pytest

from lca_models.errors import ModelError, UncertaintyError
from lca_models.model import load_model
from lca_models.uncertainty.pedigree import INDICATORS, read_uncertainty, sigma_of_scores

TABLES = {name: (files("lca_models") / "data" / name).read_bytes() for name in ("pedigree.csv", "evidence_uncertainty.csv")}
SOURCES = load_model().sources
UNCERTAINTY = load_model().uncertainty


def test_the_variances_of_the_scores_add_up_to_the_basic_one() -> None:
    # (2,3,2,5,1): 0.0006 basic + 0.0006 + 0.0006 + 0.0002 + 0.002 + 0 = 0.004; root 0.0632456; GSD 1.0653
    sigma = sigma_of_scores(UNCERTAINTY.pedigree, (2, 3, 2, 5, 1))

    assert sigma == pytest.approx(math.sqrt(0.004))
    assert math.exp(sigma) == pytest.approx(1.0653, abs=5e-5)


def test_the_factors_of_ecoinvent_2_are_squared_gsds() -> None:
    # (1,3,2,5,1): ln 1 + ln 1.05 + ln 1.03 + ln 1.1 + ln 1; half the root of the squares: sigma 0.0555; no basic variance
    squares = math.log(1.05) ** 2 + math.log(1.03) ** 2 + math.log(1.1) ** 2

    found = sigma_of_scores(UNCERTAINTY.pedigree, (1, 3, 2, 5, 1), basic_variance=0.0, scheme="ecoinvent-2")

    assert found == pytest.approx(math.sqrt(squares) / 2)


def test_the_factors_of_ciroth_are_gsds() -> None:
    found = sigma_of_scores(UNCERTAINTY.pedigree, (2, 1, 1, 1, 1), basic_variance=0.0, scheme="ciroth-2016")

    assert math.exp(found) == pytest.approx(1.54)


def test_the_default_variances_agree_with_the_published_factors_but_for_two_scores() -> None:
    # The default scheme is written from memory; its variances are the published (ln U / 2)^2, rounded to one or two digits.
    pedigree = UNCERTAINTY.pedigree
    off = [
        (indicator, score)
        for indicator in INDICATORS
        for score in range(1, 6)
        if not math.isclose(pedigree["ecoinvent-3", indicator, score], pedigree["ecoinvent-2", indicator, score], rel_tol=0.15)
        and abs(pedigree["ecoinvent-3", indicator, score] - pedigree["ecoinvent-2", indicator, score]) > 6e-5
    ]

    assert sorted(off) == [("geographical", 4), ("technological", 2)]


def test_better_evidence_has_less_spread() -> None:
    order = [UNCERTAINTY.kind(key).gsd for key in ("metered", "billed", "calculated", "estimated")]

    assert order == sorted(order)
    assert order[0] == pytest.approx(math.exp(math.sqrt(0.0006)))  # 1.025, within the 1.02 to 1.05 of a revenue-grade meter
    assert order[3] ** 1.96 == pytest.approx(1.20, abs=0.005)  # an estimate is good to about 20 % in 95 of 100 cases


def test_a_suppliers_own_footprint_is_good_to_ten_percent() -> None:
    assert UNCERTAINTY.kind("own_footprint").gsd ** 1.96 == pytest.approx(1.10, abs=0.001)


def test_an_unknown_kind_of_evidence_lists_the_known() -> None:
    with pytest.raises(UncertaintyError, match=r"no kind of evidence “guessed”. Use one of: metered, billed"):
        UNCERTAINTY.kind("guessed")


@pytest.mark.parametrize(
    ("scores", "scheme", "words"),
    [
        ((1, 2, 3), "ecoinvent-3", "five whole numbers from 1 to 5"),
        ((1, 2, 3, 4, 6), "ecoinvent-3", "not “1,2,3,4,6”"),
        ((1, 1, 1, 1, 1), "ecoinvent-4", "no pedigree scheme “ecoinvent-4”. Use one of: ciroth-2016, ecoinvent-2, ecoinvent-3"),
    ],
)
def test_impossible_scores_are_refused(scores: tuple[int, ...], scheme: str, words: str) -> None:
    with pytest.raises(UncertaintyError) as caught:
        sigma_of_scores(UNCERTAINTY.pedigree, scores, scheme=scheme)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "pedigree.csv",
            "ecoinvent-3,reliability,2,variance,0.0006",
            "ecoinvent-3,reliability,2,variance,-1",
            "line 3, column value",
        ),
        ("pedigree.csv", "ciroth-2016,reliability,2,gsd,1.54", "ciroth-2016,reliability,2,gsd,0.5", "0.5 is below 1"),
        ("pedigree.csv", "ecoinvent-3,reliability,2,", "ecoinvent-3,reliability,3,", "this score stands twice"),
        ("pedigree.csv", "ecoinvent-3,reliability,2,", "ecoinvent-9,reliability,2,", "ecoinvent-3 has no row for reliability 2"),
        ("pedigree.csv", "ecoinvent-3,reliability,2,", "ecoinvent-3,readability,2,", "column indicator: “readability”"),
        ("evidence_uncertainty.csv", "metered,1,", "metered,7,", "column reliability: “7” is not allowed"),
        ("evidence_uncertainty.csv", "metered,1,", "billed,1,", "the evidence “billed” stands twice"),
        (
            "evidence_uncertainty.csv",
            '0.0006,,ecoinvent-3-pedigree,memory,"read',
            '0.0006,1.1,ecoinvent-3-pedigree,memory,"read',
            "not both",
        ),
        ("evidence_uncertainty.csv", "1.0498", "0.98", "a GSD of 0.98 is not above 1"),
    ],
)
def test_a_broken_table_is_refused_with_file_line_and_value(file: str, old: str, new: str, words: str) -> None:
    broken = TABLES[file].decode().replace(old, new, 1)
    assert broken != TABLES[file].decode()

    with pytest.raises(ModelError) as caught:
        read_uncertainty(TABLES | {file: broken.encode()}, sources=SOURCES)

    assert words in str(caught.value)
