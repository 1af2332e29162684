"""One target: how it stands on every basis, and the statement that settles it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.exports import attachment
from service.console.target_words import TARGETS_PATH, target_tabs
from service.console.targets import StandingLine, standing_line
from service.errors import N_, NotFoundError, ServiceError
from service.i18n import explain, translate
from service.plan.items import plan_items
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.targets.catalogue import DEFINITIONS, Basis, DefinitionKey, Indicator, PlanTarget, get_target
from service.targets.models import SettlementStatus, TargetSettlement
from service.targets.settlement import approve_settlement, draft_settlement, find_settlement, settle
from service.targets.settlement_report import render_settlement
from service.targets.standing import record_of, standings_of
from service.targets.words import BASES, INDICATORS
from service.web.forms import VersionInput, parse_form

router = APIRouter()

PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """A row of the statement in words."""

    indicator: str
    basis: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPage:
    """One target.

    Attributes
    ----------
    content
        Of the statement: as kept, or as it would be drawn up today; None where `obstacle` says why not.
    may_approve
        Whether whoever looks may approve the draft: not who drew it up.

    """

    tabs: Sequence[tuple[str, str, bool]]
    target: PlanTarget
    name: str
    standings: Sequence[tuple[str, StandingLine]]
    content: Mapping[str, Any] | None
    rows: Sequence[RowShown]
    undefined: Sequence[str]
    price_decides: Sequence[tuple[str, bool]]
    obstacle: str | None
    settlement: TargetSettlement | None
    drafted_by: str
    approved_by: str
    may_draft: bool
    may_approve: bool
    is_sample: bool


@router.get(f"{TARGETS_PATH}/{{target}}")
@endpoint(PLAN_READERS)
def show_target(context: Context, target: str) -> Response:
    """Show one target on every basis, with its statement."""
    return _show(context, get_target(target), None)


@router.post(f"{TARGETS_PATH}/{{target}}/draft")
@endpoint(PLAN_EDITORS)
def draft(context: Context, target: str) -> Response:
    """Draw up the statement, or draw it up anew."""
    wanted = get_target(target)
    try:
        draft_settlement(context.session, wanted, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, wanted, error)
    return see_other(context, f"{TARGETS_PATH}/{wanted.year}", N_("The statement is drawn up; another person approves it."))


@router.post(f"{TARGETS_PATH}/{{target}}/approve")
@endpoint(PLAN_APPROVERS)
def approve(context: Context, target: str) -> Response:
    """Approve the statement; from then on it never changes."""
    wanted = get_target(target)
    version = parse_form(VersionInput, context.form).version
    try:
        approve_settlement(context.session, wanted, version=version, by=context.asking.actor, at=context.at)
    except NotFoundError:
        raise
    except ServiceError as error:
        return _show(context, wanted, error)
    return see_other(context, f"{TARGETS_PATH}/{wanted.year}", N_("Approved. The statement can't change any more."))


@router.get(f"{TARGETS_PATH}/{{target}}/settlement.pdf")
@endpoint(PLAN_READERS)
def download_settlement(context: Context, target: str) -> Response:
    """Hand out the statement that is kept, as PDF in both languages."""
    settlement = find_settlement(context.session, get_target(target).year)
    if settlement is None:
        raise NotFoundError
    content = render_settlement(settlement, settings=context.settings)
    return attachment(content, PDF, f"target-{settlement.target_year}-statement.pdf")


def _show(context: Context, target: PlanTarget, error: ServiceError | None) -> Response:
    locale = context.locale
    kept = find_settlement(context.session, target.year)
    content, obstacle = (kept.content, None) if kept else _today(context, target)
    names = names_of_actors(context.session, {one for one in (kept.drafted_by, kept.approved_by) if one}) if kept else {}
    found = [one for one in standings_of(record_of(context.session, at=context.at)) if one.target == target]
    page = TargetPage(
        tabs=target_tabs(context),
        target=target,
        name=plan_items()[target.item].name(locale),
        standings=[(translate(locale, INDICATORS[one.indicator]), standing_line(one, locale)) for one in found],
        content=content,
        rows=[_row(row, context) for row in content["rows"]] if content else (),
        undefined=[translate(locale, DEFINITIONS[DefinitionKey(key)].label) for key in content["not_defined_in_the_plan"]]
        if content
        else (),
        price_decides=_price_decides(content, context) if content else (),
        obstacle=explain(locale, error) if error else obstacle,
        settlement=kept,
        drafted_by=names.get(kept.drafted_by, "") if kept else "",
        approved_by=names.get(kept.approved_by or "", "") if kept else "",
        may_draft=context.asking.has(*EDITOR_ROLES) and (kept is None or kept.status is SettlementStatus.DRAFT),
        may_approve=context.asking.has(*APPROVER_ROLES)
        and kept is not None
        and kept.status is SettlementStatus.DRAFT
        and kept.drafted_by != context.asking.actor,
        is_sample=bool(content and content["is_sample"]),
    )
    return render_page(context, "console/target.html", page, status=error.status if error else 200)


def _today(context: Context, target: PlanTarget) -> tuple[Mapping[str, Any] | None, str | None]:
    """Return what a statement would say today, or why there can be none."""
    try:
        return settle(context.session, target, at=context.at), None
    except ServiceError as error:
        return None, explain(context.locale, error)


def _row(row: Mapping[str, Any], context: Context) -> RowShown:
    return RowShown(
        indicator=translate(context.locale, INDICATORS[Indicator(row["indicator"])]),
        basis=translate(context.locale, BASES[Basis(row["basis"])]),
        row=row,
    )


def _price_decides(content: Mapping[str, Any], context: Context) -> Sequence[tuple[str, bool]]:
    met = {(row["indicator"], row["basis"]): row["met"] for row in content["rows"] if not row["with_toll"]}
    return [
        (translate(context.locale, INDICATORS[Indicator(one)]), met[one, Basis.CURRENT_PRICE.value])
        for one in content["price_decides"]
    ]
