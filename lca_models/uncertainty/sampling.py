"""Points between 0 and 1 for every stream of random numbers, by plain random, Latin hypercube or Sobol sampling.

Each stream has a generator of its own, seeded by its name and the simulation's seed. So two streams are never correlated, whatever
the seed, and a stream's numbers stay the same when others are added: a parameter is drawn alike in every simulation of a seed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from lca_models.errors import N_, UncertaintyError
from lca_models.uncertainty.distributions import Values

FEWEST_DRAWS: Final = 2
MOST_DRAWS: Final = 100_000
"""Limit of memory: the draws of 100 parameters take 80 MB."""
_BITS: Final = 32


class Sampling(StrEnum):
    """How points are chosen."""

    RANDOM = "random"
    LATIN_HYPERCUBE = "latin-hypercube"
    SOBOL = "sobol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A choice of points that can be made again: the same design gives the same numbers on every machine.

    Attributes
    ----------
    draws
        Number of points; of Sobol points a power of two.

    """

    draws: int
    seed: int
    sampling: Sampling = Sampling.LATIN_HYPERCUBE

    def __post_init__(self) -> None:
        if isinstance(self.draws, bool) or not FEWEST_DRAWS <= self.draws <= MOST_DRAWS:
            raise UncertaintyError(
                N_("%(draws)s draws are not possible. Ask for %(fewest)s to %(most)s; 1000 give the median to about 0.5 %%."),
                draws=self.draws,
                fewest=FEWEST_DRAWS,
                most=MOST_DRAWS,
            )
        if self.seed < 0:
            raise UncertaintyError(N_("The seed %(seed)s is negative. Use zero or a positive whole number."), seed=self.seed)
        if self.sampling is Sampling.SOBOL and self.draws & (self.draws - 1):
            raise UncertaintyError(
                N_("Sobol sampling needs a power of two, not %(draws)s. Use %(near)s draws."),
                draws=self.draws,
                near=min(1 << self.draws.bit_length(), 1 << (MOST_DRAWS.bit_length() - 1)),
            )

    def shares(self, streams: Sequence[str]) -> dict[str, Values]:
        """Return (K,) points between 0 and 1 for each stream.

        Points of plain random and Latin hypercube sampling depend on the stream's name and the seed alone; of Sobol sampling also
        on the stream's place, because a low-discrepancy sequence has an order of dimensions.
        """
        match self.sampling:
            case Sampling.RANDOM:
                return {name: _inside(generator(name, self.seed).random(self.draws)) for name in streams}
            case Sampling.LATIN_HYPERCUBE:
                return {name: self._stratified(name) for name in streams}
            case Sampling.SOBOL:
                return self._sobol(streams)

    def _stratified(self, stream: str) -> Values:
        """Return one point of each of K equal strata, in random order."""
        rng = generator(stream, self.seed)
        strata = rng.permutation(self.draws)
        points: Values = (strata + rng.random(self.draws)) / self.draws
        return _inside(points)

    def _sobol(self, streams: Sequence[str]) -> dict[str, Values]:
        """Return Sobol points, each dimension shifted digit by digit by its stream's own random number."""
        if not streams:
            return {}
        from scipy.stats.qmc import Sobol  # noqa: PLC0415 - scipy.stats takes half a second that no other design needs

        points = Sobol(len(streams), scramble=False, bits=_BITS).random(self.draws)
        digits = (points * 2.0**_BITS).astype(np.uint64)
        shifts = [int(generator(name, self.seed).integers(1 << _BITS)) for name in streams]
        return {
            name: _inside(((digits[:, column] ^ np.uint64(shift)).astype(np.float64) + 0.5) / 2.0**_BITS)
            for column, (name, shift) in enumerate(zip(streams, shifts, strict=True))
        }


def generator(stream: str, seed: int) -> np.random.Generator:
    """Return a stream's own generator: independent of every other stream's, for any seed."""
    key = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:16])
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence([seed, key])))


def _inside(points: Values) -> Values:
    """Keep points off 0 and 1, where unbounded distributions have no finite value."""
    edge = 2.0**-53
    clipped: Values = np.clip(points, edge, 1.0 - edge)
    return clipped
