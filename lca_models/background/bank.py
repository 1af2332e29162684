"""A bank of draws for an uncertain background: one adjoint solve per draw, then every foreground draw looks its constants up.

Each draw has its own random stream for the technosphere and another one for the biosphere, addressed by (seed, draw, matrix): one
seed for both, as bw2calc uses it, would draw the same numbers twice and correlate them. Draw 17 is the same in any bank.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import LinearOperator, bicgstab, splu

from lca_models.background.adjoint import Factorisation, total_burdens
from lca_models.background.categories import IN_TOTAL
from lca_models.background.system import Amounts, SparseBackground, Spread
from lca_models.errors import N_, ModelError

RTOL: Final = 1e-14
"""Residual of a draw's solution, relative to its burdens; leaves the products' scores within some 1e-12 of a direct solution."""
_UNPRECONDITIONED_STEPS: Final = 60
_PRECONDITIONED_STEPS: Final = 30
_TECHNOSPHERE, _BIOSPHERE = 0, 1
_MOST_DRAWS: Final = 100_000


class BankError(ModelError):
    """A bank that can't be drawn."""

    code = "background-bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Draws of the products that the foreground buys.

    Attributes
    ----------
    kg_co2e_per_unit
        Biogenic uptake left out; shape (K, products).
    products
        Positions in the background.
    seconds
        What drawing and solving took; goes into reports, not into results.

    """

    kg_co2e_per_unit: Amounts
    products: NDArray[np.int64]
    seed: int
    seconds: float


def build_bank(
    background: SparseBackground,
    factorisation: Factorisation,
    *,
    products: NDArray[np.int64],
    draws: int,
    seed: int,
    rtol: float = RTOL,
    progress: Callable[[int], object] = lambda _: None,
) -> Bank:
    """Draw and solve a background K times.

    Parameters
    ----------
    factorisation
        Of the point values: the start of each iteration, and its preconditioner where the plain one is slow.
    rtol
        Residual of each solution, relative to its burdens.
    progress
        Called with the number of draws done.

    Raises
    ------
    BankError
        If the background has no uncertainty, or the number of draws is out of range.

    """
    _check(background, draws)
    started = time.perf_counter()
    sampler = _Sampler(background, seed=seed)
    start = factorisation.solve(total_burdens(background))
    values = np.empty((draws, len(products)))
    for draw in range(draws):
        technosphere, burdens = sampler.draw(draw)
        values[draw] = _solution(technosphere, burdens, start, factorisation, rtol)[products]
        progress(draw + 1)
    return Bank(kg_co2e_per_unit=values, products=products, seed=seed, seconds=time.perf_counter() - started)


def drawn_background(background: SparseBackground, *, seed: int, draw: int) -> SparseBackground:
    """Return the background of one draw, for an oracle that replays it; flows without climate effect keep their point values."""
    sampler = _Sampler(background, seed=seed)
    technosphere_data, biosphere_data = sampler.amounts(draw)
    biosphere = background.biosphere.copy()
    biosphere.data[sampler.climate] = biosphere_data
    technosphere = background.technosphere
    return SparseBackground(
        technosphere=csc_array((technosphere_data, technosphere.indices, technosphere.indptr), shape=technosphere.shape),
        biosphere=biosphere,
        characterization=background.characterization,
    )


def _check(background: SparseBackground, draws: int) -> None:
    if background.spread is None or not (background.spread.technosphere.any() or background.spread.biosphere.any()):
        raise BankError(N_("This background states no uncertainty, so a bank of draws would hold one value. Use its point values."))
    if not 1 <= draws <= _MOST_DRAWS:
        raise BankError(
            N_("%(draws)s draws are outside 1 to %(most)s. Give a number in that range."), draws=draws, most=_MOST_DRAWS
        )


class _Sampler:
    """Draws of one background; only entries that reach the climate score are drawn.

    Attributes
    ----------
    climate
        Positions in `biosphere.data` of flows with a characterization factor in the total.

    """

    def __init__(self, background: SparseBackground, *, seed: int) -> None:
        spread = background.spread or Spread(
            technosphere=np.zeros(background.technosphere.nnz), biosphere=np.zeros(background.biosphere.nnz)
        )
        factors = background.characterization[np.array(IN_TOTAL)].sum(axis=0)
        biosphere = background.biosphere
        self._technosphere = background.technosphere
        self._technosphere_sigma = spread.technosphere
        self._seed = seed
        self.climate: NDArray[np.int64] = np.flatnonzero(factors[biosphere.indices] != 0.0)
        self._factors = factors[biosphere.indices[self.climate]]
        self._amounts = biosphere.data[self.climate]
        self._biosphere_sigma = spread.biosphere[self.climate]
        self._emitters = _columns(biosphere)[self.climate]
        self._consumers = _columns(background.technosphere)
        self._diagonal = np.flatnonzero(self._consumers == background.technosphere.indices)

    def amounts(self, draw: int) -> tuple[Amounts, Amounts]:
        """Return the technosphere's entries and those biosphere entries that count, of one draw."""
        return (
            self._technosphere.data * self._factor(_TECHNOSPHERE, draw, self._technosphere_sigma),
            self._amounts * self._factor(_BIOSPHERE, draw, self._biosphere_sigma),
        )

    def draw(self, draw: int) -> tuple[csr_array, Amounts]:
        """Return A transposed and the burdens of the activities, of one draw; each row divided by the activity's output."""
        technosphere, biosphere = self.amounts(draw)
        outputs = technosphere[self._diagonal]
        burdens = np.bincount(self._emitters, biosphere * self._factors, len(outputs)) / outputs
        # The columns of A are the rows of its transpose: the same arrays, read as CSR.
        indices, indptr = self._technosphere.indices, self._technosphere.indptr
        return csr_array((technosphere / outputs[self._consumers], indices, indptr), shape=self._technosphere.shape), burdens

    def _factor(self, matrix: int, draw: int, sigma: Amounts) -> Amounts:
        stream = np.random.Generator(np.random.SFC64(np.random.SeedSequence([self._seed, draw, matrix])))
        factor: Amounts = np.exp(sigma * stream.standard_normal(len(sigma)))
        return factor


def _columns(matrix: csc_array) -> NDArray[np.int64]:
    """Return the column of each stored entry."""
    return np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))


def _solution(transposed: csr_array, burdens: Amounts, start: Amounts, factorisation: Factorisation, rtol: float) -> Amounts:
    """Solve one draw by BiCGSTAB from the point values: plain, then preconditioned, then by its own factorisation."""
    if not burdens.any():
        return np.zeros(len(burdens))
    options = {"x0": start, "rtol": rtol, "atol": 0.0}
    with np.errstate(all="ignore"):
        solution, failed = bicgstab(transposed, burdens, maxiter=_UNPRECONDITIONED_STEPS, **options)
        if failed:
            inverse = LinearOperator(transposed.shape, matvec=factorisation.solve, dtype=np.float64)
            solution, failed = bicgstab(transposed, burdens, maxiter=_PRECONDITIONED_STEPS, M=inverse, **options)
    return np.asarray(splu(csc_array(transposed)).solve(burdens) if failed else solution, dtype=np.float64)
