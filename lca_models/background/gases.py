"""Which elementary flows of a background are greenhouse gases, by their names, and what they are worth.

Databases name flows differently and bring no method of ours, so a flow is recognised by name and compartment (`flow_names.csv`) or
by the refrigerant code at its end (``Ethane, 1,1-difluoro-, HFC-152a``). What looks like a greenhouse gas and is not recognised is
reported, never silently left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Literal

import numpy as np

from lca_models.background.categories import CATEGORIES
from lca_models.background.system import Amounts
from lca_models.emissions import EmissionFlow
from lca_models.tables import read_table

Compartment = Literal["air", "aircraft", "resource", "soil", "water"]

_TABLE: Final = "flow_names.csv"
_KILOGRAM: Final = frozenset({"kg", "kilogram"})
_AIRCRAFT: Final[Mapping[str, str]] = {"CO2_fossil": "CO2_aircraft", "CH4_fossil": "CH4_aircraft", "N2O": "N2O_aircraft"}
_LOOKS_LIKE_A_GAS: Final = re.compile(
    r"\bcarbon (di|mon)oxide\b|\bmethane\b|\bdinitrogen monoxide\b|\bnitrous oxide\b|hexafluoride|\bnitrogen (tri)?fluoride\b"
    r"|\b(hcfc|hfc|cfc|pfc|hfo|halon|r)[- ]?\d+|fluoro(m)?ethane|perfluoro|fluorocarbon",
    re.IGNORECASE,
)
_NOT_A_GAS: Final = re.compile(r"non-methane|methanesulfonic", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundFlow:
    """An elementary flow of a background.

    Attributes
    ----------
    compartments
        From the broad to the narrow: ("air", "urban air close to ground").

    """

    name: str
    unit: str
    compartments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} ({'/'.join(self.compartments) or '-'}, {self.unit})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Characterized:
    """The climate effect of a background's flows.

    Attributes
    ----------
    factors
        kg CO2e per unit; axis 0 as `CATEGORIES`, axis 1 as the flows.
    matched
        Each recognised flow and what it counts as.
    unmatched
        Flows to air that look like greenhouse gases but are not in our table, or not in kilograms.

    """

    factors: Amounts
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]


def characterize(flows: Sequence[BackgroundFlow], *, emission_flows: Mapping[str, EmissionFlow]) -> Characterized:
    """Return GWP100 (AR6) of the flows by category.

    Parameters
    ----------
    emission_flows
        Of the model: gas, category and GWP of each flow that we know.

    """
    names = _read_names()
    factors = np.zeros((len(CATEGORIES), len(flows)))
    matched: list[str] = []
    unmatched: list[str] = []
    for position, flow in enumerate(flows):
        found = _recognise(flow, names, emission_flows)
        if found is not None and flow.unit.casefold() in _KILOGRAM:
            known, factor = found
            factors[CATEGORIES.index(known.category), position] = (known.gwp100 or 0.0) * factor
            matched.append(f"{flow} = {known.flow}")
        elif found is not None or _is_suspicious(flow):
            unmatched.append(str(flow))
    return Characterized(factors=factors, matched=tuple(matched), unmatched=tuple(unmatched))


def compartment_of(compartments: Iterable[str]) -> Compartment:
    """Return where a flow goes or comes from; a flow that says nothing goes to air."""
    words = " ".join(compartments).casefold()
    if "stratosphere" in words:
        return "aircraft"
    if "resource" in words or "raw" in words:
        return "resource"
    if "water" in words and "air" not in words:
        return "water"
    return "soil" if "soil" in words else "air"


def _recognise(
    flow: BackgroundFlow, names: Mapping[tuple[str, str], tuple[str, float]], emission_flows: Mapping[str, EmissionFlow]
) -> tuple[EmissionFlow, float] | None:
    where = compartment_of(flow.compartments)
    name = flow.name.strip().casefold()
    key, factor = names.get((name, "air" if where == "aircraft" else where), (_by_code(name, emission_flows), 1.0))
    if not key or (where not in {"air", "aircraft"} and (name, where) not in names):
        return None
    return emission_flows[_AIRCRAFT.get(key, key) if where == "aircraft" else key], factor


def _by_code(name: str, emission_flows: Mapping[str, EmissionFlow]) -> str:
    """Return the flow whose code ends the name, or whose own name it is; empty if there is none."""
    code = name.rpartition(", ")[2]
    return next(
        (key for key, one in emission_flows.items() if one.gwp100 is not None and (code == key.casefold() or name == one.name_en)),
        "",
    )


def _is_suspicious(flow: BackgroundFlow) -> bool:
    to_air = compartment_of(flow.compartments) in {"air", "aircraft"}
    return to_air and bool(_LOOKS_LIKE_A_GAS.search(flow.name)) and not _NOT_A_GAS.search(flow.name)


def _read_names() -> Mapping[tuple[str, str], tuple[str, float]]:
    content = files(__package__).joinpath(_TABLE).read_bytes()
    rows = read_table(content, file=_TABLE, required=("name", "compartment", "flow", "factor", "note"), optional=())
    return {(row.text("name"), row.text("compartment")): (row.text("flow"), row.number("factor")) for row in rows}
