"""Exchange amounts as formulas of named parameters: a small whitelisted arithmetic, never `eval`."""

import ast
import functools
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from lca_models.errors import N_, FormulaError

_LONGEST = 500  # characters; the longest shipped formula has under 350

Number = float | NDArray[np.float64]
_Runner = Callable[[Callable[[str], Number]], Number]
_KEPT: Final = 4096
"""Formulas kept as functions; a model has some hundred."""

_BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Number]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CALLS: Final[dict[str, Callable[[Any, Any], Number]]] = {"min": np.minimum, "max": np.maximum}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A checked formula.

    Attributes
    ----------
    names
        Parameters and constants it uses.

    """

    text: str
    names: frozenset[str]
    tree: ast.expr


def parse_formula(text: str) -> Formula:
    """Check `text`: numbers, names, ``+ - * /``, brackets, `min` and `max`, nothing else."""
    if len(text) > _LONGEST:
        raise FormulaError(N_("The formula is longer than %(limit)s characters. Split it."), limit=_LONGEST)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(
            N_("“%(formula)s” is not a formula. Use numbers, parameter names, + - * / and brackets."), formula=text
        ) from error
    return Formula(text=text, names=frozenset(_names(tree, text)), tree=tree)


def _names(node: ast.expr, text: str) -> list[str]:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return []
        case ast.Name(id=name):
            return [name]
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            return _names(operand, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _names(left, text) + _names(right, text)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments, keywords=[]) if name in _CALLS:
            return [used for argument in arguments for used in _names(argument, text)]
    raise FormulaError(
        N_("“%(part)s” is not allowed in the formula “%(formula)s”. Use numbers, parameter names, + - * /, brackets, min and max."),
        part=ast.unparse(node),
        formula=text,
    )


@overload
def evaluate(formula: Formula, value_of: Callable[[str], float]) -> float: ...
@overload
def evaluate(formula: Formula, value_of: Callable[[str], Number]) -> Number: ...
def evaluate(formula: Formula, value_of: Callable[[str], Number]) -> Number:
    """Return the value of a formula; `value_of` gives the value of each name: a number, or an array of draws (K,).

    An infinite or undefined value (division by zero) is an error.
    """
    try:
        run = _runner_of(formula.text)
        value = _quietly(run, value_of) if formula.names else run(value_of)
    except (ZeroDivisionError, OverflowError):
        value = math.nan
    finite = math.isfinite(value) if isinstance(value, float) else bool(np.isfinite(value).all())
    if not finite:
        raise FormulaError(
            N_("The formula “%(formula)s” has no finite value with %(names)s. Check these parameters; a yield must not be zero."),
            formula=formula.text,
            names=", ".join(f"{name} = {_shown(value_of(name))}" for name in sorted(formula.names)),
        )
    return value


def _shown(value: Number) -> str:
    return f"{value:g}" if isinstance(value, float | int) else f"{np.min(value):g} … {np.max(value):g}"


def _quietly(run: _Runner, value_of: Callable[[str], Number]) -> Number:
    with np.errstate(all="ignore"):  # what is not finite is refused by `evaluate`
        return run(value_of)


@lru_cache(maxsize=_KEPT)
def _runner_of(text: str) -> _Runner:
    """Return a checked formula as a function of the names' values: going through its tree each time takes twice as long."""
    return _runner(parse_formula(text).tree)


def _runner(node: ast.expr) -> _Runner:
    match node:
        case ast.Name(id=name):
            return lambda value_of: value_of(name)
        case ast.Constant(value=int() | float() as constant):
            number = float(constant)
            return lambda _: number
        case ast.BinOp(left=left, op=op, right=right):
            combine, first, second = _BINARY[type(op)], _runner(left), _runner(right)
            return lambda value_of: combine(first(value_of), second(value_of))
        case ast.UnaryOp(op=op, operand=operand):
            run = _runner(operand)
            return (lambda value_of: -run(value_of)) if isinstance(op, ast.USub) else run
        case ast.Call(func=ast.Name(id=name), args=arguments):
            choose, runs = _CALLS[name], tuple(_runner(argument) for argument in arguments)
            return lambda value_of: functools.reduce(choose, [run(value_of) for run in runs])
    message = f"unchecked formula node {node!r}"
    raise AssertionError(message)
