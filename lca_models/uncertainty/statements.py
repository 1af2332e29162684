"""Distributions as people write them, such as ``triangular:10,13,16.5``."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from lca_models.errors import N_, UncertaintyError
from lca_models.uncertainty.distributions import Distribution, Fixed, Lognormal, Normal, Triangular, Uniform
from lca_models.uncertainty.fitting import lognormal_by_gsd
from lca_models.uncertainty.pedigree import UncertaintyTables, sigma_of_scores

_Maker = Callable[[list[float], UncertaintyTables], Distribution]

SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "gsd"),
    "pedigree": ("median", "reliability", "completeness", "temporal", "geographical", "technological"),
}
"""Shapes and the numbers that each one takes, in the parameter's unit; scores are 1 (best) to 5."""


def parse_distribution(text: str, tables: UncertaintyTables) -> Distribution:
    """Return the distribution that ``shape:number,number`` states; shapes and their numbers as in `SHAPES`."""
    shape, _, rest = (part.strip() for part in text.partition(":"))
    if shape not in SHAPES:
        raise UncertaintyError(
            N_("There is no shape “%(value)s”. Write one of: %(known)s."),
            value=shape,
            known="; ".join(f"{name}:{','.join(numbers)}" for name, numbers in SHAPES.items()),
        )
    numbers = [_number(part) for part in rest.split(",")]
    if len(numbers) != len(SHAPES[shape]) or any(math.isnan(number) for number in numbers):
        raise UncertaintyError(
            N_("“%(value)s” is not complete. Write it as %(shape)s:%(numbers)s, with numbers like 12.5."),
            value=text,
            shape=shape,
            numbers=",".join(SHAPES[shape]),
        )
    return _MAKERS[shape](numbers, tables)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _pedigree(numbers: list[float], tables: UncertaintyTables) -> Distribution:
    median, *scores = numbers
    return Lognormal(median=median, sigma=sigma_of_scores(tables.pedigree, scores))


_MAKERS: Final[Mapping[str, _Maker]] = {
    "fixed": lambda numbers, _: Fixed(value=numbers[0]),
    "uniform": lambda numbers, _: Uniform(value=(numbers[0] + numbers[1]) / 2.0, low=numbers[0], high=numbers[1]),
    "triangular": lambda numbers, _: Triangular(low=numbers[0], mode=numbers[1], high=numbers[2]),
    "normal": lambda numbers, _: Normal(mean=numbers[0], sd=numbers[1]),
    "lognormal": lambda numbers, _: lognormal_by_gsd(numbers[0], numbers[1]),
    "pedigree": _pedigree,
}
