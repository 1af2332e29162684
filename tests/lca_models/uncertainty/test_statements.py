"""Distributions as people write them."""

import math

import pytest

from lca_models.errors import UncertaintyError
from lca_models.model import load_model
from lca_models.uncertainty.distributions import Distribution, Fixed, Lognormal, Normal, Triangular, Uniform
from lca_models.uncertainty.statements import SHAPES, parse_distribution

TABLES = load_model().uncertainty


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fixed:3", Fixed(value=3.0)),
        ("uniform:1,3", Uniform(value=2.0, low=1.0, high=3.0)),
        ("triangular:10,13,16.5", Triangular(low=10.0, mode=13.0, high=16.5)),
        (" normal : 5 , 0.2 ", Normal(mean=5.0, sd=0.2)),
        ("lognormal:2,1.5", Lognormal(median=2.0, sigma=math.log(1.5))),
        # 0.0006 basic + 0.008 + 0.002 + 0.002 + 0.000025 + 0.0006 = 0.013225; root 0.115
        ("pedigree:13,4,4,3,2,2", Lognormal(median=13.0, sigma=0.115)),
    ],
)
def test_a_distribution_is_read_as_it_is_meant(text: str, expected: Distribution) -> None:
    found = parse_distribution(text, TABLES)

    assert found.kind == expected.kind
    assert str(found) == str(expected)
    assert found.point == expected.point


def test_every_shape_can_be_written() -> None:
    for shape, numbers in SHAPES.items():
        text = ",".join(str(place + 1.5) if shape != "pedigree" else "2" for place, _ in enumerate(numbers))
        assert parse_distribution(f"{shape}:{text}", TABLES).point > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gamma:1,2", "no shape “gamma”. Write one of: fixed:value; uniform:low,high"),
        ("", "no shape “”"),
        ("triangular:1,2", "“triangular:1,2” is not complete. Write it as triangular:low,mode,high"),
        ("triangular:1,2,x", "is not complete"),
        ("normal:", "Write it as normal:mean,sd"),
        ("triangular:1,nan,2", "is not complete"),
        ("triangular:3,2,1", "The range from 3 to 1 is empty"),
        ("lognormal:2,-1.2", "geometric standard deviation of -1.2 is not possible"),
        ("uniform:1,inf", "must be a finite number"),
        ("pedigree:13,1.5,1,1,1,1", "five whole numbers from 1 to 5"),
        ("pedigree:13,1,1,1,1,6", "not “1,1,1,1,6”"),
        ("pedigree:-1,1,1,1,1,1", "value above zero, not -1"),
    ],
)
def test_a_distribution_that_can_not_be_read_is_explained(text: str, words: str) -> None:
    with pytest.raises(UncertaintyError) as caught:
        parse_distribution(text, TABLES)

    assert words in str(caught.value)
