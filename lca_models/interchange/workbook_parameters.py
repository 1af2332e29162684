"""Parameters of a workbook and the formulas that use them, calculated with the model's own small arithmetic."""

from collections.abc import Callable, Iterable
from typing import Final

from lca_models.errors import N_, FormulaError
from lca_models.formulas import Number, evaluate, parse_formula
from lca_models.tables import Row

MOST_STEPS: Final = 50
"""Longest chain of parameters that name each other; honest ones stay below ten. Own choice."""


class WorkbookParameters:
    """Parameters of one scope, calculated when first needed."""

    def __init__(self, rows: Iterable[Row], *, beyond: Callable[[str], Number]) -> None:
        self._rows = {row.text("name"): row for row in rows}
        self._beyond = beyond
        self._known: dict[str, Number] = {}
        self._waiting: list[str] = []

    def value_of(self, name: str) -> Number:
        """Return the value of a parameter of this scope or of the one beyond."""
        if name not in self._rows:
            return self._beyond(name)
        if name not in self._known:
            if name in self._waiting:
                raise self._rows[name].error(
                    "formula",
                    N_("%(file)s, line %(line)s, column %(column)s: the parameters %(chain)s need each other. Give one a number."),
                    chain=" -> ".join((*self._waiting, name)),
                )
            if len(self._waiting) == MOST_STEPS:
                raise self._rows[name].error(
                    "formula",
                    N_(
                        "%(file)s, line %(line)s, column %(column)s: parameters are made of each other over more than %(steps)s "
                        "steps. Give some of them numbers."
                    ),
                    steps=MOST_STEPS,
                )
            self._waiting.append(name)
            self._known[name] = self.amount(self._rows[name])
            self._waiting.pop()
        return self._known[name]

    def amount(self, row: Row) -> float:
        """Return the amount of a row: of its formula, else its number."""
        text = row.optional_text("formula")
        if not text:
            return row.number("amount")
        try:
            return float(evaluate(parse_formula(text), self.value_of))
        except FormulaError as error:
            raise row.error(
                "formula",
                N_("%(file)s, line %(line)s, column %(column)s: %(problem)s"),
                problem=error,
            ) from error


def no_parameter(name: str) -> float:
    """Refuse a name; stands beyond the outermost scope."""
    raise FormulaError(N_("There is no parameter “%(name)s” in this workbook. Add it or correct the formula."), name=name)
