"""Dense solution of systems, many at once: levels from A x = f, multipliers from Aᵀ y = b.

`elimination` solves what needs no pivoting, which is nearly everything; LAPACK the draws that come close to singular and loops with
credits. Both agree to rounding.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.elimination import Amounts, Factors, Positions, factorise, plan_elimination
from lca_models.errors import N_, SingularSystemError

# Above this 1-norm condition number no digit of a double-precision solution can be trusted.
_WORST_CONDITION: Final = 1e15
_DENSE_ENTRIES: Final = 8_000_000
"""Of the dense matrices held at a time, 64 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Which process takes from which. Amounts change from draw to draw; this does not.

    Attributes
    ----------
    size
        Number of processes N; the first makes the product.
    rows, columns
        (S,) position of the producer and of the consumer of each supply; supplies between the same two add up.
    names
        (N,) of the processes, for error messages.

    """

    size: int
    rows: Positions
    columns: Positions
    names: tuple[str, ...]


def solve_levels(pattern: Pattern, outputs: Amounts, supplies: Amounts) -> Amounts:
    """Return (K, N): how often each process runs for one unit of the first process's product.

    Parameters
    ----------
    outputs
        (N,) reference product per activity, in its unit; not zero.
    supplies
        (K, S) per activity of the consumer, in the unit of the producer's product; a negative amount is a credit.

    Raises
    ------
    SingularSystemError
        If a draw's processes consume as much of each other's products as they make, or more.

    """
    factors = _factorised(pattern, outputs, supplies)
    levels, doubtful = (factors.levels().T, factors.doubtful) if factors else _nothing_yet(pattern, supplies)
    if doubtful.any():
        demands = np.zeros((int(doubtful.sum()), pattern.size))
        demands[:, 0] = 1.0
        levels[doubtful] = _solve_densely(pattern, outputs, supplies[doubtful], demands)
        _refuse_negative(pattern, outputs, supplies[doubtful], levels[doubtful])
    return levels


def solve_multipliers(pattern: Pattern, outputs: Amounts, supplies: Amounts, burdens: Amounts) -> Amounts:
    """Return (K, N): burden of one unit of every product with all that it needs.

    Parameters
    ----------
    outputs, supplies
        As in `solve_levels`.
    burdens
        (K, N) of each process's own emissions and purchases, per activity.

    """
    factors = _factorised(pattern, outputs, supplies)
    solved = (factors.multipliers(np.ascontiguousarray(burdens.T)).T, factors.doubtful) if factors else None
    multipliers, doubtful = solved or _nothing_yet(pattern, supplies)
    if doubtful.any():
        multipliers[doubtful] = _solve_densely(pattern, outputs, supplies[doubtful], burdens[doubtful], transposed=True)
    return multipliers


def condition_numbers(pattern: Pattern, outputs: Amounts, supplies: Amounts) -> Amounts:
    """Return (K,): 1-norm condition numbers of the technosphere matrices; how much rounding may grow."""
    numbers = np.empty(len(supplies))
    for part in _parts(pattern, supplies):
        numbers[part] = np.linalg.cond(_dense(pattern, outputs, supplies[part]), 1)
    return numbers


def _factorised(pattern: Pattern, outputs: Amounts, supplies: Amounts) -> Factors | None:
    plan = plan_elimination(pattern.size, pattern.rows, pattern.columns)
    return factorise(plan, outputs, supplies) if plan else None


def _nothing_yet(pattern: Pattern, supplies: Amounts) -> tuple[Amounts, NDArray[np.bool_]]:
    return np.empty((len(supplies), pattern.size)), np.ones(len(supplies), dtype=np.bool_)


def _solve_densely(
    pattern: Pattern, outputs: Amounts, supplies: Amounts, right_sides: Amounts, *, transposed: bool = False
) -> Amounts:
    solutions = np.empty_like(right_sides)
    for part in _parts(pattern, supplies):
        matrices = _sound(pattern, outputs, supplies[part])
        matrices = matrices.transpose(0, 2, 1) if transposed else matrices
        solutions[part] = np.linalg.solve(matrices, right_sides[part][:, :, None])[:, :, 0]
    return solutions


def _parts(pattern: Pattern, supplies: Amounts) -> Iterator[slice]:
    """Yield parts of the draws whose dense matrices fit into memory together."""
    length = max(1, _DENSE_ENTRIES // pattern.size**2)
    for start in range(0, len(supplies), length):
        yield slice(start, start + length)


def _dense(pattern: Pattern, outputs: Amounts, supplies: Amounts) -> Amounts:
    """Return (K, N, N): row product, column process, inputs negative."""
    matrices = np.zeros((len(supplies), pattern.size, pattern.size))
    diagonal = np.arange(pattern.size)
    matrices[:, diagonal, diagonal] = outputs
    for position, (row, column) in enumerate(zip(pattern.rows, pattern.columns, strict=True)):
        matrices[:, row, column] -= supplies[:, position]
    return matrices


def _sound(pattern: Pattern, outputs: Amounts, supplies: Amounts) -> Amounts:
    """Return the matrices if every one can be solved."""
    matrices = _dense(pattern, outputs, supplies)
    is_singular = ~(np.linalg.cond(matrices, 1) < _WORST_CONDITION)
    if is_singular.any():
        raise _singular(pattern, outputs, supplies[is_singular][0])
    return matrices


def _refuse_negative(pattern: Pattern, outputs: Amounts, supplies: Amounts, levels: Amounts) -> None:
    """Refuse negative levels without a credit that could explain them: a loop needs more of its product than it makes."""
    has_credit = (supplies < 0).any(axis=1)
    eats_itself = np.logical_and((levels < 0).any(axis=1), ~has_credit)
    if eats_itself.any():
        raise _singular(pattern, outputs, supplies[eats_itself][0])


def _singular(pattern: Pattern, outputs: Amounts, supplies: Amounts) -> SingularSystemError:
    shares = np.eye(pattern.size) - _dense(pattern, outputs, supplies[None, :])[0] / outputs
    looped = _in_loops(shares)
    loop = shares[np.ix_(looped, looped)]
    consumed = float(np.abs(np.linalg.eigvals(loop)).max(initial=0.0)) if np.isfinite(loop).all() else float("inf")
    return SingularSystemError(
        N_(
            "These processes consume %(consumed)s of what they make of each other's products, "
            "so nothing comes out: %(processes)s. Lower the amounts they take from each other."
        ),
        consumed=f"{consumed:.4g}",
        processes=", ".join(pattern.names[position] for position in looped),
    )


def _in_loops(shares: Amounts) -> list[int]:
    """Return the processes that take, through others or directly, of their own product; all if there are none."""
    reached = shares != 0
    for middle in range(len(shares)):
        reached |= np.outer(reached[:, middle], reached[middle])
    return np.flatnonzero(reached.diagonal()).tolist() or list(range(len(shares)))
