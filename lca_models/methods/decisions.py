"""The allocation decisions of the route, as data: what the rules recommend, what is chosen, and with which numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.inventory import check_sources
from lca_models.methods.allocation import AllocationDecision, ByProductTest, CoProduct, Options, decide
from lca_models.methods.sharing import FINES, PACKING_COKE
from lca_models.parameters import ParameterDefinition
from lca_models.tables import Row, read_table

_KG_PER_T: Final = 1000.0
_CRITERIA: Final = (
    "further_use_is_certain",
    "used_without_further_processing",
    "integral_part_of_production",
    "further_use_is_lawful",
)
_COLUMNS: Final = (
    *("case", "process", "co_product", "parameter", *_CRITERIA, "is_recycling", "can_be_divided", "substitute"),
    *("name_en", "name_zh", "default_en", "default_zh", "source"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationCase:
    """One situation with several outputs.

    Attributes
    ----------
    parameter
        The choice, or the factor with named alternatives, that switches it; empty if nothing can be switched.
    default_en, default_zh
        What the model does unless something else is chosen, and why.

    """

    case: str
    process: str
    co_product: str
    parameter: str
    test: ByProductTest
    options: Options
    name_en: str
    name_zh: str
    default_en: str
    default_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDecision:
    """A case as one footprint treats it.

    Attributes
    ----------
    recommended
        By the rules alone.
    chosen
        Word of the choice or name of the alternative; empty where the value is the default or somebody's own.
    choices
        What may be chosen instead.
    is_default
        Whether the footprint follows the model's default.

    """

    case: AllocationCase
    recommended: AllocationDecision
    chosen: str
    choices: tuple[str, ...]
    is_default: bool


def read_cases(content: bytes, *, file: str, sources: Iterable[str]) -> tuple[AllocationCase, ...]:
    """Read the cases; criteria are yes or no."""
    known = frozenset(sources)
    return tuple(_case(row, known) for row in read_table(content, file=file, required=_COLUMNS, optional=()))


def _case(row: Row, known: frozenset[str]) -> AllocationCase:
    return AllocationCase(
        test=ByProductTest(**{name: _is(row, name) for name in _CRITERIA}),
        options=Options(
            can_be_divided=_is(row, "can_be_divided"),
            is_recycling=_is(row, "is_recycling"),
            substitute=row.optional_text("substitute"),
        ),
        parameter=row.optional_text("parameter"),
        sources=check_sources(row, known),
        **{name: row.text(name) for name in ("case", "process", "co_product", "name_en", "name_zh", "default_en", "default_zh")},
    )


def _is(row: Row, column: str) -> bool:
    return row.choice(column, ("yes", "no")) == "yes"


def recorded_decisions(
    cases: Sequence[AllocationCase], definitions: Mapping[str, ParameterDefinition], values: Mapping[str, float | str]
) -> tuple[RecordedDecision, ...]:
    """Return each case with what the rules recommend and what the parameter values choose."""
    return tuple(_recorded(case, definitions.get(case.parameter), values) for case in cases)


def _recorded(case: AllocationCase, definition: ParameterDefinition | None, values: Mapping[str, float | str]) -> RecordedDecision:
    value = values.get(case.parameter)
    alternatives = definition.alternatives if definition else {}
    named = next((name for name, one in alternatives.items() if one.value == value), "")
    return RecordedDecision(
        case=case,
        recommended=decide(_co_products(case, values), case.test, case.options),
        chosen=value if isinstance(value, str) else named,
        choices=(definition.choices or tuple(alternatives)) if definition else (),
        is_default=definition is None or value is None or value == definition.default,
    )


def _co_products(case: AllocationCase, values: Mapping[str, float | str]) -> tuple[CoProduct, ...]:
    """Return the outputs of a case with amounts and prices where the parameters give them, the main product first."""

    def number(name: str) -> float:
        return float(values[name])

    def price(name: str) -> float:
        return number(name) / _KG_PER_T

    if case.parameter == PACKING_COKE:
        return (
            CoProduct(name="graphitised_powder", amount_kg=1.0, unit_value=price("graphitized_powder_price_cny_per_t")),
            CoProduct(
                name=case.co_product,
                amount_kg=number("packing_coke_sold_kg_per_kg"),
                unit_value=price("graphitized_packing_coke_price_cny_per_t"),
            ),
        )
    if case.parameter == FINES:
        fines = (1.0 / number("milling_yield") - 1.0) * number("milling_fines_recovered_share")
        return (
            CoProduct(name="shaped_coke_powder", amount_kg=1.0, unit_value=price("shaped_powder_price_cny_per_t")),
            CoProduct(name=case.co_product, amount_kg=fines, unit_value=price("coke_fines_price_cny_per_t")),
        )
    return (CoProduct(name=case.process, amount_kg=1.0), CoProduct(name=case.co_product, amount_kg=1.0))
