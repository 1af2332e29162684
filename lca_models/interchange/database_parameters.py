"""The database parameters of an export: what its formulas name, and what those are made of."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from lca_models.batch import BatchResult
from lca_models.compilation import CONSTANT
from lca_models.electricity import NATIONAL
from lca_models.errors import FormulaError
from lca_models.formulas import Formula, evaluate, parse_formula
from lca_models.interchange.database import DatabaseParameter
from lca_models.interchange.symbols import Symbol
from lca_models.inventory import Exchange
from lca_models.methods.sharing import shares_of
from lca_models.model import Model
from lca_models.route import value_reader
from lca_models.uncertainty.distributions import Distribution
from lca_models.uncertainty.inputs import uncertain_parameters

_SHARE: Final = "allocation_share_"
# How far a default formula may lie from the value it stands for and still be it.
_SAME: Final = 1e-14


class ParameterCollector:
    """Gathers the parameters of one calculated system while its exchanges are written."""

    def __init__(self, model: Model, batch: BatchResult) -> None:
        self._model = model
        self._batch = batch
        self._read = value_reader(model, batch.parameters.number)
        # Given symbols instead of numbers, the shares say how they are made of parameters.
        self._shares = shares_of(batch.parameters.words, lambda name: Symbol(self.value_of(name), name))
        self._distributions = _distributions(model, batch)
        self._used: dict[str, None] = {}

    def value_of(self, name: str) -> float:
        """Return the value of a parameter, of a constant, or of the share of an allocation."""
        if name.startswith(_SHARE):
            return float(self._shares[name.removeprefix(_SHARE)])
        return float(np.asarray(self._read(name)).reshape(-1)[0])

    def use(self, formula: Formula) -> None:
        """Note the parameters a formula needs, those they are made of first."""
        for name in sorted(formula.names):
            if name not in self._used:
                made_of = self._formula(name)
                if made_of is not None:
                    self.use(made_of)
                self._used[name] = None

    def carried(self, exchange: Exchange, formula: Formula | None) -> Formula | None:
        """Return the formula of what the product carries of an amount: all of it, or its share by the chosen allocation."""
        share = self._shares.get(exchange.share)
        if share is None or (not isinstance(share, Symbol) and share == 1.0):
            return formula
        physical = formula.text if formula else repr(exchange.amount)
        return parse_formula(f"({physical})*{_SHARE}{exchange.share}" if isinstance(share, Symbol) else f"({physical})*{share!r}")

    def parameters(self) -> Iterable[DatabaseParameter]:
        """Return what was used, in an order in which everything a formula names comes before it."""
        for name in self._used:
            formula = self._formula(name)
            definition = self._model.definitions.get(name)
            yield DatabaseParameter(
                name=name,
                amount=self.value_of(name),
                formula=formula.text if formula else "",
                unit=definition.unit if definition else "kg/kg",
                comment=f"{definition.meaning_en} {definition.meaning_zh}" if definition else _meaning(name),
                uncertainty=self._distributions.get(name),
            )

    def _formula(self, name: str) -> Formula | None:
        """Return what a parameter is made of; None if somebody set it, or its value does not follow its default formula."""
        if name.startswith(_SHARE):
            return self._share_formula(name)
        definition = self._model.definitions.get(name)
        default = definition.default_for(self._batch.parameters.furnace) if definition else None
        if default is None or not default.formula.names or name in self._batch.parameters.given:
            return None
        try:
            found = float(evaluate(default.formula, self.value_of))
        except FormulaError:
            return None
        value = self.value_of(name)
        return default.formula if abs(found - value) <= _SAME * abs(value) else None

    def _share_formula(self, name: str) -> Formula:
        share = self._shares[name.removeprefix(_SHARE)]
        return parse_formula(share.text if isinstance(share, Symbol) else repr(share))


def _distributions(model: Model, batch: BatchResult) -> dict[str, Distribution]:
    """Return the distribution of each uncertain parameter that is one quantity and not a weighted sum of several."""
    given = {
        name: value for name, value in batch.values.items() if name in batch.parameters.given and not isinstance(value, np.ndarray)
    }
    # An electricity factor that was typed in is among the given values already.
    view = NATIONAL if batch.parameters.view.status == "explicit" else batch.parameters.view
    found = uncertain_parameters(model, given, electricity=view)
    return {
        one.name: one.terms[0].distribution
        for one in found
        if len(one.terms) == 1 and not one.is_certain and one.terms[0].weight == 1.0
    }


def _meaning(name: str) -> str:
    if name.startswith(_SHARE):
        return f"what the product carries of the exchanges that an allocation shares ({name.removeprefix(_SHARE)})"
    return f"carbon content of {name.removeprefix(CONSTANT)}"
