"""The unit of a formula of answers: units go through the arithmetic with the numbers, so that no formula needs a factor 1000."""

import ast
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

import pint

from lca_models.formulas import parse_formula
from service.submissions.units import UNITS, UnknownUnitError, registry

# Units of the model's parameters that no question offers.
_PARAMETER_UNITS: Final[Mapping[str, str]] = {
    "1": "dimensionless",
    "kg/kg": "kg / kg",
    "kWh/kg": "kWh / kg",
    "Nm3/kg": "Nm3 / kg",
    "CNY/t": "yuan / t",
    "kgCO2e/kg": "kgCO2e / kg",
    "kgCO2e/Nm3": "kgCO2e / Nm3",
    "kgCO2e/kWh": "kgCO2e / kWh",
    "kgCO2e/tkm": "kgCO2e / t / km",
}


@lru_cache
def conversion(formula: str, units: tuple[tuple[str, str], ...], to: str) -> Fraction:
    """Return what a formula's value is multiplied with to be in a parameter's unit.

    Parameters
    ----------
    units
        Field and canonical unit of each name in the formula.

    Raises
    ------
    UnknownUnitError
        If the formula adds different units, or measures something else than the parameter.

    """
    found = _unit(parse_formula(formula).tree, dict(units))
    wanted = registry().parse_units(_PARAMETER_UNITS.get(to) or UNITS[to])
    if not found.is_compatible_with(wanted):
        message = f"{formula} is in {found}, which does not convert to {to}"
        raise UnknownUnitError(message)
    return Fraction(registry().Quantity(Fraction(1), found).to(wanted).magnitude)


def _unit(node: ast.expr, units: Mapping[str, str]) -> pint.Unit:
    match node:
        case ast.Name(id=name):
            return registry().parse_units(UNITS[units[name]])
        case ast.Constant():
            return registry().parse_units("dimensionless")
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _as_unit(_unit(left, units) * _unit(right, units))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _as_unit(_unit(left, units) / _unit(right, units))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return _same(_unit(left, units), _unit(right, units))
    message = f"{ast.unparse(node)} has no unit"
    raise UnknownUnitError(message)


def _as_unit(found: pint.Unit) -> pint.Unit:
    return found  # Pint's arithmetic is untyped


def _same(left: pint.Unit, right: pint.Unit) -> pint.Unit:
    if left != right:
        message = f"{left} and {right} can't be added"
        raise UnknownUnitError(message)
    return left
