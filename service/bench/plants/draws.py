"""How figures of plants are drawn."""

import math
import random

from lca_models import load_model

Plant = dict[str, float | str]
"""Field → value in the field's canonical unit, or the key of a choice."""


def around(rng: random.Random, typical: float, spread: float) -> float:
    """Draw from a lognormal distribution with a geometric standard deviation."""
    return typical * math.exp(rng.gauss(0.0, math.log(spread)))


def between(rng: random.Random, low: float, typical: float, high: float) -> float:
    """Draw from a triangular distribution."""
    return rng.triangular(low, high, typical)


def of_model(rng: random.Random, process: str, flow: str) -> float:
    """Draw what a process of the model takes of a flow, per kg (that is, t/t, or MWh and 1000 Nm³ per t)."""
    exchange = next(one for one in load_model().processes[process].exchanges if one.flow == flow)
    low, high = exchange.evidence.low, exchange.evidence.high
    return exchange.amount if low is None or high is None or low == high else between(rng, low, exchange.amount, high)


def supply(kwh: float, rng: random.Random) -> Plant:
    """Split a site's electricity into what it bought and what it made itself."""
    onsite = kwh * rng.choice((0.0, 0.0, rng.uniform(0.02, 0.12)))
    return {
        "grid_electricity": kwh - onsite,
        "onsite_electricity": onsite,
        "captive_electricity": 0.0,
        "green_electricity": (kwh - onsite) * rng.choice((0.0, rng.uniform(0.05, 0.5))),
    }
