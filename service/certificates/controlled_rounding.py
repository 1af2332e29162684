"""Rounding of a table so that its rows and columns keep the sums that are printed elsewhere."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

import numpy as np
from scipy.optimize import linprog


def round_table(
    values: Sequence[Sequence[float | None]], *, rows: Sequence[Decimal], columns: Sequence[Decimal], step: Decimal
) -> list[list[Decimal]] | None:
    """Round each value to a multiple of `step`, down or up, so that rows and columns have the sums given.

    It is a transport problem: what the values lose by rounding down is given back in steps, first to those that lost most
    (controlled rounding; Bacharach 1966, Cox 1987). A basic solution of it is whole.

    Parameters
    ----------
    values
        Exact; None is nothing and stays zero.
    rows, columns
        Multiples of `step` with one and the same sum.

    Returns
    -------
    None where no such table exists.

    """
    exact = [[None if value is None else Decimal(repr(float(value))) / step for value in row] for row in values]
    floors = [[None if one is None else one.to_integral_value(ROUND_FLOOR) for one in row] for row in exact]
    wanted = [
        *(total / step - sum(one for one in row if one is not None) for row, total in zip(floors, rows, strict=True)),
        *(
            total / step - sum(one for one in column if one is not None)
            for column, total in zip(zip(*floors, strict=True), columns, strict=True)
        ),
    ]
    lost = [
        float(one - floor) if one is not None and floor is not None else None
        for row, other in zip(exact, floors, strict=True)
        for one, floor in zip(row, other, strict=True)
    ]
    raised = _distribute(lost, wanted, width=len(columns))
    if raised is None:
        return None
    return [
        [((floor or 0) + raised[place * len(columns) + column]) * step for column, floor in enumerate(row)]
        for place, row in enumerate(floors)
    ]


def _distribute(lost: Sequence[float | None], wanted: Sequence[Decimal], *, width: int) -> list[int] | None:
    """Return by cell whether it is rounded up; rows and then columns get as many steps as wanted."""
    height = len(lost) // width
    sums = np.vstack([np.kron(np.eye(height), np.ones(width)), np.kron(np.ones(height), np.eye(width))])
    found = linprog(
        [-(one or 0.0) for one in lost],
        A_eq=sums,
        b_eq=[float(one) for one in wanted],
        bounds=[(0, 0 if one is None else 1) for one in lost],
        method="highs-ds",
    )
    return [round(one) for one in found.x] if found.success else None
