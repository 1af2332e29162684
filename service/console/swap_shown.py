"""What the pages on swapping suppliers show, put together from the domain."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.accounts.access import Context
from service.backgrounds.queries import draws_of_factors
from service.certificates.queries import find_customers
from service.console.choices import flow_label
from service.footprints.views import HEADLINE
from service.green_score.published import Disclosure
from service.i18n import explain
from service.products.models import Product
from service.suppliers.queries import names_of
from service.swaps import queries
from service.swaps.desk import Candidate, Desk
from service.swaps.mixes import field_of, percent_text
from service.swaps.models import FootprintLimit, SwapRun
from service.swaps.outcomes import Outcome, Scores, outcomes
from service.swaps.overlay import Combination, is_nothing
from service.swaps.pareto import BreakEven, break_even
from service.swaps.spread import Spread
from service.web.forms import FormState

Periods = Sequence[tuple[date, date]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateLine:
    """A candidate as the form shows it.

    Attributes
    ----------
    percent
        As typed, else today's share.
    problem
        Why it can't be chosen; empty where it can.

    """

    candidate: Candidate
    field: str
    name: str
    percent: str
    score: float | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLine:
    """One input with its candidates."""

    flow: str
    label: str
    candidates: Sequence[CandidateLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Today or the choice, with its 90th percentile."""

    outcome: Outcome
    p90_kg_co2e_per_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLine:
    """A customer's limit beside today and the choice; headrooms are kg CO2e per kg, negative above the limit."""

    limit: FootprintLimit
    customer: str
    today_headroom: float
    headroom: float

    @property
    def is_crossed(self) -> bool:
        """Whether the choice exceeds what today keeps."""
        return self.headroom < 0 <= self.today_headroom


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapResult:
    """What a choice does.

    Attributes
    ----------
    trade
        How the choice stands to today; None where one has no cost.
    unpriced
        (input, supplier) without price.

    """

    today: Side
    chosen: Side
    is_today: bool
    trade: BreakEven | None
    limits: Sequence[LimitLine]
    unpriced: Sequence[tuple[str, str]]
    is_exact: bool

    @property
    def change_kg_co2e_per_kg(self) -> float:
        """Footprint of the choice less that of today."""
        return self.chosen.outcome.kg_co2e_per_kg - self.today.outcome.kg_co2e_per_kg

    @property
    def change_cny_per_t(self) -> float | None:
        """Cost of the choice less that of today; None where one has none."""
        chosen, today = self.chosen.outcome.cny_per_t, self.today.outcome.cny_per_t
        return None if chosen is None or today is None else chosen - today

    @property
    def change_score(self) -> float | None:
        """Score of the choice less that of today; None where one has none."""
        chosen, today = self.chosen.outcome.score, self.today.outcome.score
        return None if chosen is None or today is None else chosen - today


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapPage:
    """The explorer of one product; without `result` while something is wrong with what was typed.

    Attributes
    ----------
    problem
        Why the product can't be calculated at all; empty where it can.

    """

    product: Product
    start: date
    end: date
    periods: Periods
    form: FormState
    run_form: FormState
    picked: frozenset[str]
    inputs: Sequence[InputLine]
    result: SwapResult | None
    problem: str
    runs: Sequence[SwapRun]
    may_write: bool
    is_exact: bool
    idempotency_key: str


def swap_result(context: Context, desk: Desk, product: Product, combination: Combination) -> SwapResult:
    """Return what a choice does to today's product; errors as in `outcomes`."""
    session = context.session
    scores = queries.scores(session, desk.candidates, disclosure=desk.disclosure)
    both = outcomes(desk, [{}, combination], scores)
    spread = Spread(overlays=desk.overlays, backgrounds=draws_of_factors(session))
    p90 = spread.p90_kg_co2e_per_kg([one.combination for one in both], [one.kg_co2e_per_kg for one in both])
    today, chosen = (Side(outcome=one, p90_kg_co2e_per_kg=float(high)) for one, high in zip(both, p90, strict=True))
    return SwapResult(
        today=today,
        chosen=chosen,
        is_today=is_nothing(combination, desk.today),
        trade=_trade(today.outcome, chosen.outcome),
        limits=_limits(context, product, desk.on, today.outcome, chosen.outcome),
        unpriced=_unpriced(context, chosen.outcome),
        is_exact=desk.disclosure is Disclosure.EXACT,
    )


def _trade(today: Outcome, chosen: Outcome) -> BreakEven | None:
    if today.cny_per_t is None or chosen.cny_per_t is None:
        return None
    return break_even((today.cny_per_t, today.kg_co2e_per_kg), (chosen.cny_per_t, chosen.kg_co2e_per_kg))


def _limits(context: Context, product: Product, on: date, today: Outcome, chosen: Outcome) -> list[LimitLine]:
    names = customer_names(context)
    return [
        LimitLine(
            limit=limit,
            customer=names[limit.customer_id],
            today_headroom=limit.limit_kg_co2e_per_kg - today.kg_co2e_per_kg,
            headroom=limit.limit_kg_co2e_per_kg - chosen.kg_co2e_per_kg,
        )
        for limit in queries.limits_of(context.session, product_id=product.id, on=on)
        if limit.electricity_view == HEADLINE
    ]


def customer_names(context: Context) -> Mapping[uuid.UUID, str]:
    """Return customers' names in the reader's language."""
    is_chinese = context.locale == "zh-CN"
    return {one.id: one.name_zh if is_chinese else one.name_en for one in find_customers(context.session)}


def _unpriced(context: Context, outcome: Outcome) -> list[tuple[str, str]]:
    names = names_of(context.session, [supplier_id for _, supplier_id in outcome.unpriced], context.locale)
    return [(flow_label(flow, context.locale), names[supplier_id]) for flow, supplier_id in outcome.unpriced]


def input_lines(context: Context, desk: Desk, form: FormState) -> list[InputLine]:
    """Return the inputs with their candidates, as typed or as today."""
    ids = {one.supplier_id for found in desk.candidates.values() for one in found}
    names = names_of(context.session, ids, context.locale)
    scores = queries.scores(context.session, desk.candidates, disclosure=desk.disclosure)
    return [
        InputLine(
            flow=flow,
            label=flow_label(flow, context.locale),
            candidates=[_line(context, one, names[one.supplier_id], scores, form) for one in found],
        )
        for flow, found in desk.candidates.items()
    ]


def _line(context: Context, candidate: Candidate, name: str, scores: Scores, form: FormState) -> CandidateLine:
    field = field_of(candidate.flow, candidate.supplier_id)
    return CandidateLine(
        candidate=candidate,
        field=field,
        name=name,
        percent=form.value(field, percent_text(candidate.share_today)),
        score=scores.get((candidate.flow, candidate.supplier_id)),
        problem="" if candidate.problem is None else explain(context.locale, candidate.problem),
    )
