"""What speaks against a problem before it is solved: each finding names part, line, column, value and fix."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from service.allocation.lines import BidMode, DemandLine, OfferLine, Rules, SupplierLine
from service.errors import N_, FieldError, ServiceError

LARGEST: Final = 1e12
"""Tonnes, yuan or people: beyond any purchase, and a number that solvers still tell from infinity."""
SHORTEST_S: Final = 0.01

NOT_A_NUMBER: Final = N_("This is no number. Write digits only, such as 1250.5.")
NEGATIVE: Final = N_("This can't be negative. Write zero or more.")
TOO_LARGE: Final = N_("This is larger than anything that is bought. Check the unit.")
NOT_A_SHARE: Final = N_("A share lies between 0 and 1. Write 0.4 for forty percent.")
NOT_A_SCORE: Final = N_("A score lies between 0 and 100.")
MISSING: Final = N_("This must be filled in.")
TWICE: Final = N_("This stands twice. Keep one line for each.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    part
        `offers`, `demands`, `rules` or `suppliers`.
    line
        Position in that part, from 0; None for a rule, which is named by `column`.
    column
        Name of the field.
    value
        As it was given.

    """

    part: str
    line: int | None
    column: str
    value: object
    problem: ServiceError


class ProblemError(ServiceError):
    """Offers, demands and rules that can't be solved as they stand.

    Attributes
    ----------
    findings
        Everything that is wrong, so that it can be put right in one go.

    """

    code = "allocation-problem"
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            N_("%(count)s values can't be used. The first: %(part)s, line %(line)s, %(column)s “%(value)s”: %(problem)s"),
            count=len(self.findings),
            part=first.part,
            line="-" if first.line is None else first.line + 1,
            column=first.column,
            value="" if first.value is None else first.value,
            problem=first.problem,
        )


def require_sound(
    offers: Sequence[OfferLine], demands: Sequence[DemandLine], rules: Rules, suppliers: Sequence[SupplierLine]
) -> None:
    """Raise `ProblemError` with everything that is wrong."""
    findings = find_findings(offers, demands, rules, suppliers)
    if findings:
        raise ProblemError(findings)


def find_findings(
    offers: Sequence[OfferLine], demands: Sequence[DemandLine], rules: Rules, suppliers: Sequence[SupplierLine]
) -> list[Finding]:
    """Return everything that is wrong with the parts and with their fitting together, in the order of the lines."""
    return list(
        chain(
            *(_offer_findings(line, offer) for line, offer in enumerate(offers)),
            _repeated("offers", "supplier", [(offer.supplier, offer.material) for offer in offers]),
            *(_demand_findings(line, demand) for line, demand in enumerate(demands)),
            _repeated("demands", "material", [(demand.material,) for demand in demands]),
            _nothing_demanded(demands),
            *(_supplier_findings(line, supplier) for line, supplier in enumerate(suppliers)),
            _repeated("suppliers", "supplier", [(supplier.supplier,) for supplier in suppliers]),
            _unknown_suppliers(offers, suppliers),
            _rule_findings(rules),
            _unknown_defects(offers, demands),
        )
    )


def _offer_findings(line: int, offer: OfferLine) -> Iterator[Finding]:
    yield from _empty("offers", line, supplier=offer.supplier, material=offer.material)
    yield from _amounts(
        "offers",
        line,
        price_per_t=offer.price_per_t,
        kg_co2e_per_t=offer.kg_co2e_per_t,
        capacity_t=offer.capacity_t,
        moq_t=offer.moq_t,
        min_take_t=offer.min_take_t,
        fixed_cost=offer.fixed_cost,
    )
    yield from _shares(
        "offers", line, max_share=offer.max_share, defect_share=offer.defect_share, price_preference=offer.price_preference
    )
    yield from _scores("offers", line, green_score=offer.green_score)
    if offer.capacity_t is not None:
        for column, least in (("moq_t", offer.moq_t), ("min_take_t", offer.min_take_t)):
            if least > offer.capacity_t >= 0:
                problem = N_("This is more than the capacity of %(capacity)s t. Lower it or raise capacity_t.")
                yield _finding("offers", line, column, least, problem, capacity=f"{offer.capacity_t:g}")


def _demand_findings(line: int, demand: DemandLine) -> Iterator[Finding]:
    yield from _empty("demands", line, material=demand.material)
    yield from _amounts(
        "demands", line, demand_t=demand.demand_t, min_suppliers=demand.min_suppliers, max_suppliers=demand.max_suppliers
    )
    yield from _shares("demands", line, max_defect_share=demand.max_defect_share)
    yield from _scores("demands", line, min_green_score=demand.min_green_score)
    if demand.max_suppliers is not None and demand.max_suppliers < demand.min_suppliers:
        problem = N_("This is less than min_suppliers (%(least)s). Raise it or lower min_suppliers.")
        yield _finding("demands", line, "max_suppliers", demand.max_suppliers, problem, least=demand.min_suppliers)
    if demand.max_suppliers == 0 and demand.demand_t > 0:
        yield _finding("demands", line, "max_suppliers", 0, N_("Nobody could deliver. Write 1 or more, or leave it empty."))


def _supplier_findings(line: int, supplier: SupplierLine) -> Iterator[Finding]:
    yield from _empty("suppliers", line, supplier=supplier.supplier)
    yield from _amounts("suppliers", line, capacity_t=supplier.capacity_t)


def _rule_findings(rules: Rules) -> Iterator[Finding]:
    yield from _amounts(
        "rules",
        None,
        carbon_price_per_t=rules.carbon_price_per_t,
        carbon_cap_t=rules.carbon_cap_t,
        defect_cost_per_t=rules.defect_cost_per_t,
        max_new_suppliers=rules.max_new_suppliers,
    )
    yield from _shares(
        "rules", None, gap=rules.gap, min_order_share=rules.min_order_share, max_owner_group_share=rules.max_owner_group_share
    )
    if not (math.isfinite(rules.time_limit_s) and rules.time_limit_s >= SHORTEST_S):
        problem = N_("Give the search at least %(least)s seconds.")
        yield _finding("rules", None, "time_limit_s", rules.time_limit_s, problem, least=SHORTEST_S)
    if rules.bid_mode is BidMode.GRADE_PREFERENCE and rules.carbon_price_per_t > 0:
        problem = N_("A carbon price and a price preference would count carbon twice. Set one of them only.")
        yield _finding("rules", None, "carbon_price_per_t", rules.carbon_price_per_t, problem)


def _nothing_demanded(demands: Sequence[DemandLine]) -> Iterator[Finding]:
    if not demands:
        yield _finding("demands", None, "material", None, N_("Nothing is demanded. Write at least one material and its tonnes."))


def _unknown_suppliers(offers: Sequence[OfferLine], suppliers: Sequence[SupplierLine]) -> Iterator[Finding]:
    known = {offer.supplier for offer in offers}
    for line, supplier in enumerate(suppliers):
        if supplier.supplier and supplier.supplier not in known:
            problem = N_("No offer is of this supplier. Correct the name or delete the line.")
            yield _finding("suppliers", line, "supplier", supplier.supplier, problem)


def _unknown_defects(offers: Sequence[OfferLine], demands: Sequence[DemandLine]) -> Iterator[Finding]:
    """An unknown share of defects is not zero: with a rule on it, the offer can't be judged."""
    ruled = {demand.material for demand in demands if demand.max_defect_share is not None}
    for line, offer in enumerate(offers):
        if offer.material in ruled and offer.defect_share is None and not offer.is_vetoed:
            problem = N_("“%(material)s” has a rule max_defect_share, so each of its offers needs this. Write the share.")
            yield _finding("offers", line, "defect_share", None, problem, material=offer.material)


def _repeated(part: str, column: str, keys: Sequence[tuple[str, ...]]) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for line, key in enumerate(keys):
        if key in seen and all(key):
            yield _finding(part, line, column, ", ".join(key), TWICE)
        seen.add(key)


def _empty(part: str, line: int, **texts: str) -> Iterator[Finding]:
    for column, text in texts.items():
        if not text.strip():
            yield _finding(part, line, column, None, MISSING)


def _amounts(part: str, line: int | None, **values: float | None) -> Iterator[Finding]:
    for column, value in values.items():
        if value is None:
            continue
        if not math.isfinite(value):
            yield _finding(part, line, column, value, NOT_A_NUMBER)
        elif value < 0:
            yield _finding(part, line, column, value, NEGATIVE)
        elif value > LARGEST:
            yield _finding(part, line, column, value, TOO_LARGE)


def _shares(part: str, line: int | None, **values: float | None) -> Iterator[Finding]:
    for column, value in values.items():
        if value is not None and not 0 <= value <= 1:
            yield _finding(part, line, column, value, NOT_A_SHARE)


def _scores(part: str, line: int, **values: float | None) -> Iterator[Finding]:
    for column, value in values.items():
        if value is not None and not 0 <= value <= 100:  # noqa: PLR2004 - points
            yield _finding(part, line, column, value, NOT_A_SCORE)


def _finding(part: str, line: int | None, column: str, value: object, template: str, **values: object) -> Finding:
    return Finding(part=part, line=line, column=column, value=value, problem=FieldError(template, **values))
