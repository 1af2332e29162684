"""A long table of factors, as `anodeprint lmdi` reads it."""

from collections.abc import Mapping
from typing import Any, Final

from lca_models.errors import N_
from lca_models.tables import read_table
from service.strategy.lmdi import Decomposition, check_groups, decompose_chain

_COLUMNS: Final = ("period", "group", "factor", "value")

Periods = Mapping[str, Mapping[str, Mapping[str, float]]]


def read_periods(content: bytes, *, file: str) -> Periods:
    """Return values by period, group and factor, periods in the order of their names."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for row in read_table(content, file=file, required=_COLUMNS, optional=()):
        cell = found.setdefault(row.text("period"), {}).setdefault(row.text("group"), {})
        if row.text("factor") in cell:
            raise row.error("factor", N_("%(file)s, line %(line)s: this value stands twice. Keep one row."))
        cell[row.text("factor")] = row.number("value")
    check_groups(found)
    groups, factors = list(next(iter(found.values()))), list(next(iter(next(iter(found.values())).values())))
    return {
        period: {group: {factor: found[period][group][factor] for factor in factors} for group in groups}
        for period in _sorted(found)
    }


def _sorted(periods: Mapping[str, Any]) -> list[str]:
    """Return periods in order: numbers by value, other names by their letters."""
    return sorted(periods, key=lambda name: (0, float(name), "") if name.replace(".", "", 1).isdigit() else (1, 0.0, name))


def decompose_table(content: bytes, *, file: str) -> list[dict[str, Any]]:
    """Return one JSON-ready decomposition for each pair of consecutive periods."""
    return [_as_dict(one) for one in decompose_chain(read_periods(content, file=file))]


def _as_dict(one: Decomposition) -> dict[str, Any]:
    return {
        "from": one.earlier,
        "to": one.later,
        "additive": dict(one.additive),
        "multiplicative": dict(one.multiplicative),
        "total_change": one.total_change,
        "cells": {group: dict(effects) for group, effects in one.cells.items()},
    }
