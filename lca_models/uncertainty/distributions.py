"""Distributions of a parameter: each one is sampled through its quantile function, so that any design of points in (0, 1) serves.

The point value, which the footprint is calculated with, is the mode of a triangular, the mean of a normal and the median of a
lognormal distribution (the geometric mean, as in ecoinvent and Brightway).
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lca_models.errors import N_, UncertaintyError

Values = NDArray[np.float64]

Z_975: Final = 1.959963984540054
"""Standard normal quantile of 97.5 %; a range of 95 % reaches this many standard deviations to both sides."""

# What the bounds of a parameter must leave of its distribution; less means that one of the two is wrong (own choice).
_LEAST_INSIDE: Final = 0.05


class Distribution(Protocol):
    """What a value may be.

    Attributes
    ----------
    kind
        Name as it stands in the tables.

    """

    @property
    def kind(self) -> str:
        """Name of the shape."""

    @property
    def point(self) -> float:
        """Value that the footprint is calculated with."""

    def quantile(self, shares: Values) -> Values:
        """Return the values below which the `shares` (0 to 1) of the distribution lie."""

    def scaled(self, factor: float) -> "Distribution":
        """Return the same shape for a value that is `factor` (above zero) times as large."""

    def bounded(self, minimum: float | None, maximum: float | None) -> "Distribution":
        """Return the part between two bounds that the value can't leave; None leaves a side open."""

    def as_stats_arrays(self) -> dict[str, Any]:
        """Return the fields of an exchange in Brightway; ids and meaning as in `stats_arrays`."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A value taken as certain."""

    value: float

    kind = "fixed"

    @property
    def point(self) -> float:
        """The value itself."""
        return self.value

    def quantile(self, shares: Values) -> Values:
        """Return the value as often as asked."""
        return np.full_like(shares, self.value)

    def scaled(self, factor: float) -> "Fixed":
        """Return the value times `factor`."""
        return Fixed(value=self.value * factor)

    def bounded(self, minimum: float | None, maximum: float | None) -> "Fixed":
        """Return itself; the value was checked when it was given."""
        del minimum, maximum
        return self

    def as_stats_arrays(self) -> dict[str, Any]:
        """Return id 1, no uncertainty."""
        return {"uncertainty type": 1, "loc": self.value}

    def __str__(self) -> str:
        return f"fixed {self.value:.6g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Every value between two hard bounds is as likely as any other."""

    value: float
    low: float
    high: float

    kind = "uniform"

    def __post_init__(self) -> None:
        check_range(self.low, self.value, self.high)

    @property
    def point(self) -> float:
        """Value that was stated within the bounds."""
        return self.value

    def quantile(self, shares: Values) -> Values:
        """Return values between the bounds."""
        return self.low + shares * (self.high - self.low)

    def scaled(self, factor: float) -> "Uniform":
        """Return the range times `factor`."""
        return Uniform(value=self.value * factor, low=self.low * factor, high=self.high * factor)

    def bounded(self, minimum: float | None, maximum: float | None) -> "Uniform":
        """Return itself; hard bounds beyond the parameter's own are an error."""
        check_inside(self.low, self.high, minimum, maximum)
        return self

    def as_stats_arrays(self) -> dict[str, Any]:
        """Return id 4."""
        return {"uncertainty type": 4, "loc": self.value, "minimum": self.low, "maximum": self.high}

    def __str__(self) -> str:
        return f"uniform {self.low:.4g} to {self.high:.4g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangular:
    """Hard bounds with the most likely value between them."""

    low: float
    mode: float
    high: float

    kind = "triangular"

    def __post_init__(self) -> None:
        check_range(self.low, self.mode, self.high)

    @property
    def point(self) -> float:
        """The most likely value."""
        return self.mode

    def quantile(self, shares: Values) -> Values:
        """Return values between the bounds."""
        span, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(shares * (span * rise))
        falling = self.high - np.sqrt((1.0 - shares) * (span * fall))
        result: Values = np.where(shares * span < rise, rising, falling)
        return result

    def scaled(self, factor: float) -> "Triangular":
        """Return the triangle times `factor`."""
        return Triangular(low=self.low * factor, mode=self.mode * factor, high=self.high * factor)

    def bounded(self, minimum: float | None, maximum: float | None) -> "Triangular":
        """Return itself; hard bounds beyond the parameter's own are an error."""
        check_inside(self.low, self.high, minimum, maximum)
        return self

    def as_stats_arrays(self) -> dict[str, Any]:
        """Return id 5."""
        return {"uncertainty type": 5, "loc": self.mode, "minimum": self.low, "maximum": self.high}

    def __str__(self) -> str:
        return f"triangular {self.low:.4g} to {self.high:.4g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """Symmetric about its mean, cut off at the bounds where there are any.

    Attributes
    ----------
    sd
        Standard deviation before cutting off.

    """

    mean: float
    sd: float
    minimum: float | None = None
    maximum: float | None = None

    kind = "normal"

    def __post_init__(self) -> None:
        _check_finite(mean=self.mean)
        if not (math.isfinite(self.sd) and self.sd > 0):
            raise UncertaintyError(
                N_("A normal distribution needs a standard deviation above zero, not %(value)s. Correct it, or use fixed."),
                value=f"{self.sd:g}",
            )

    @property
    def point(self) -> float:
        """The mean."""
        return self.mean

    def quantile(self, shares: Values) -> Values:
        """Return values between the bounds."""
        return self.mean + self.sd * _cut_scores(shares, self._score(self.minimum), self._score(self.maximum))

    def check_kept(self) -> None:
        """Refuse bounds that leave next to nothing of the distribution."""
        _check_kept(self._score(self.minimum), self._score(self.maximum), self)

    def _score(self, bound: float | None) -> float | None:
        return None if bound is None else (bound - self.mean) / self.sd

    def scaled(self, factor: float) -> "Normal":
        """Return mean, spread and bounds times `factor`."""
        low, high = (None if one is None else one * factor for one in (self.minimum, self.maximum))
        return Normal(mean=self.mean * factor, sd=self.sd * factor, minimum=low, maximum=high)

    def bounded(self, minimum: float | None, maximum: float | None) -> "Normal":
        """Return the part between the bounds."""
        found = replace(self, minimum=minimum, maximum=maximum)
        found.check_kept()
        return found

    def as_stats_arrays(self) -> dict[str, Any]:
        """Return id 3."""
        return _with_bounds({"uncertainty type": 3, "loc": self.mean, "scale": self.sd}, self.minimum, self.maximum)

    def __str__(self) -> str:
        return f"normal sd {self.sd:.4g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal:
    """Positive and right-skewed; the logarithm is normal. Cut off at the bounds where there are any.

    Attributes
    ----------
    sigma
        Standard deviation of the natural logarithm, before cutting off; exp(sigma) is the geometric standard deviation (GSD).

    """

    median: float
    sigma: float
    minimum: float | None = None
    maximum: float | None = None

    kind = "lognormal"

    def __post_init__(self) -> None:
        _check_finite(median=self.median)
        if self.median <= 0:
            raise UncertaintyError(
                N_("A lognormal distribution needs a value above zero, not %(value)s. Use triangular, normal or fixed."),
                value=f"{self.median:g}",
            )
        if not (math.isfinite(self.sigma) and self.sigma > 0):
            raise UncertaintyError(
                N_("A lognormal distribution needs a geometric standard deviation above 1, not %(value)s. Use fixed for none."),
                value=f"{math.exp(min(self.sigma, 700.0)):g}" if not math.isnan(self.sigma) else "nan",
            )

    @property
    def point(self) -> float:
        """The median, which is the geometric mean."""
        return self.median

    @property
    def gsd(self) -> float:
        """Geometric standard deviation."""
        return math.exp(self.sigma)

    @property
    def mean(self) -> float:
        """Arithmetic mean before cutting off: above the median, as the distribution is right-skewed."""
        return self.median * math.exp(self.sigma**2 / 2.0)

    def quantile(self, shares: Values) -> Values:
        """Return positive values between the bounds."""
        scores = _cut_scores(shares, self._score(self.minimum), self._score(self.maximum))
        result: Values = self.median * np.exp(self.sigma * scores)
        return result

    def check_kept(self) -> None:
        """Refuse bounds that leave next to nothing of the distribution."""
        _check_kept(self._score(self.minimum), self._score(self.maximum), self)

    def _score(self, bound: float | None) -> float | None:
        if bound is None or bound <= 0:
            return None if bound is None or bound == 0 else -math.inf
        return math.log(bound / self.median) / self.sigma

    def scaled(self, factor: float) -> "Lognormal":
        """Return median and bounds times `factor`, the GSD as it is."""
        low, high = (None if one is None else one * factor for one in (self.minimum, self.maximum))
        return Lognormal(median=self.median * factor, sigma=self.sigma, minimum=low, maximum=high)

    def bounded(self, minimum: float | None, maximum: float | None) -> "Lognormal":
        """Return the part between the bounds."""
        found = replace(self, minimum=minimum, maximum=maximum)
        found.check_kept()
        return found

    def as_stats_arrays(self) -> dict[str, Any]:
        """Return id 2; `loc` is the logarithm of the median."""
        fields = {"uncertainty type": 2, "loc": math.log(self.median), "scale": self.sigma}
        return _with_bounds(fields, self.minimum, self.maximum)

    def __str__(self) -> str:
        return f"lognormal GSD {self.gsd:.3f}"


def central_interval(distribution: Distribution, share: float) -> tuple[float, float]:
    """Return the values between which the central `share` (0 to 1) of a distribution lies."""
    low, high = distribution.quantile(np.array([0.5 - share / 2.0, 0.5 + share / 2.0]))
    return float(low), float(high)


def _cut_scores(shares: Values, low: float | None, high: float | None) -> Values:
    """Return standard normal scores between two bounds, which are scores too."""
    least = 0.0 if low is None else float(ndtr(low))
    most = 1.0 if high is None else float(ndtr(high))
    scores: Values = ndtri(least + shares * (most - least))
    return scores


def _check_finite(**numbers: float) -> None:
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise UncertaintyError(
                N_("The %(name)s of a distribution must be a finite number, not %(value)s."), name=name, value=number
            )


def check_range(low: float, value: float, high: float) -> None:
    """Refuse an empty range, and a value outside its own range."""
    _check_finite(low=low, value=value, high=high)
    if low >= high:
        raise UncertaintyError(
            N_("The range from %(low)s to %(high)s is empty: low must be below high. Use fixed for a certain value."),
            low=f"{low:g}",
            high=f"{high:g}",
        )
    if not low <= value <= high:
        raise UncertaintyError(
            N_("The value %(value)s lies outside its own range %(low)s to %(high)s. Correct one of them."),
            value=f"{value:g}",
            low=f"{low:g}",
            high=f"{high:g}",
        )


# A bound that was rounded in another place may lie a hair inside the range.
_ROUNDING: Final = 1e-9


def check_inside(low: float, high: float, minimum: float | None, maximum: float | None) -> None:
    """Refuse a range that reaches beyond the bounds of its parameter; None leaves a side open."""
    hair = _ROUNDING * max(abs(low), abs(high))
    if (minimum is not None and low < minimum - hair) or (maximum is not None and high > maximum + hair):
        raise UncertaintyError(
            N_("The range %(low)s to %(high)s reaches beyond what the parameter can be, %(minimum)s to %(maximum)s. Narrow it."),
            low=f"{low:g}",
            high=f"{high:g}",
            minimum="-∞" if minimum is None else f"{minimum:g}",
            maximum="∞" if maximum is None else f"{maximum:g}",
        )


def _check_kept(low: float | None, high: float | None, whole: Distribution) -> None:
    kept = (1.0 if high is None else float(ndtr(high))) - (0.0 if low is None else float(ndtr(low)))
    if kept < _LEAST_INSIDE:
        raise UncertaintyError(
            N_("Only %(share)s %% of %(distribution)s around %(value)s lie within the parameter's bounds. Correct it."),
            share=f"{100 * kept:.2g}",
            distribution=str(whole),
            value=f"{whole.point:g}",
        )


def _with_bounds(fields: dict[str, Any], minimum: float | None, maximum: float | None) -> dict[str, Any]:
    bounds = {"minimum": minimum, "maximum": maximum}
    return fields | {name: bound for name, bound in bounds.items() if bound is not None}
