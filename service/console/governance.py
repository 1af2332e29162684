"""Who answers for what in the plan, and the board of actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import User
from service.accounts.pages import render_page
from service.console.governance_words import ACTION_STATUS, governance_tabs
from service.errors import N_
from service.governance.models import ActionStatus, PlanAction
from service.governance.queries import UNFINISHED, Answerable, actions, responsibilities
from service.i18n import Locale, translate
from service.plan.items import ItemKind, plan_items
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.plan.queries import find_units

router = APIRouter()

KINDS: Mapping[ItemKind, str] = {
    ItemKind.TARGET: N_("Targets"),
    ItemKind.TASK: N_("Tasks"),
    ItemKind.SAFEGUARD: N_("Safeguards"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One line of the plan with who answers for it; `href` is where that is changed."""

    number: int
    name: str
    path: str
    unit: str
    person: str
    deputy: str
    is_missing: bool
    is_sample: bool
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernancePage:
    """Every line of the plan by kind, and how much is missing or late."""

    tabs: Sequence[tuple[str, str, bool]]
    groups: Sequence[tuple[str, Sequence[ItemLine]]]
    total: int
    missing: Sequence[ItemLine]
    open_actions: int
    late_actions: int
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCard:
    """One action on the board."""

    what: str
    item: str
    item_path: str
    unit: str
    person: str
    due: date
    is_late: bool
    is_sample: bool
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """Late actions, and all actions by status."""

    tabs: Sequence[tuple[str, str, bool]]
    late: Sequence[BoardCard]
    columns: Sequence[tuple[str, Sequence[BoardCard]]]
    total: int
    may_write: bool


@router.get("/console/plan/governance")
@endpoint(PLAN_READERS)
def show_governance(context: Context) -> Response:
    """Show who answers for each line of the plan, and what nobody answers for."""
    lines = {one.item: _item_line(one, context.locale) for one in responsibilities(context.session)}
    listed = actions(context.session)
    today = context.today
    page = GovernancePage(
        tabs=governance_tabs(context),
        groups=[
            (translate(context.locale, label), [lines[key] for key, item in plan_items().items() if item.kind is kind])
            for kind, label in KINDS.items()
        ],
        total=len(lines),
        missing=[line for line in lines.values() if line.is_missing],
        open_actions=sum(one.status in UNFINISHED for one in listed),
        late_actions=sum(_is_late(one, today) for one in listed),
        may_write=PLAN_EDITORS.lets_in(context.principal),
    )
    return render_page(context, "console/plan_governance.html", page)


@router.get("/console/plan/governance/board")
@endpoint(PLAN_READERS)
def show_board(context: Context) -> Response:
    """Show late actions, and all actions by status."""
    cards = _cards(context.session, actions(context.session), context.locale, context.today)
    page = BoardPage(
        tabs=governance_tabs(context),
        late=[card for _, card in cards if card.is_late],
        columns=[
            (translate(context.locale, label), [card for own, card in cards if own is status])
            for status, label in ACTION_STATUS.items()
        ],
        total=len(cards),
        may_write=PLAN_EDITORS.lets_in(context.principal),
    )
    return render_page(context, "console/plan_action_board.html", page)


def _item_line(one: Answerable, locale: Locale) -> ItemLine:
    item = plan_items()[one.item]
    path = "/console/plan/governance/responsibilities"
    unit = "" if one.unit is None else one.unit.name_zh if locale == "zh-CN" else one.unit.name_en
    return ItemLine(
        number=item.number,
        name=item.name(locale),
        path=item.path,
        unit=unit,
        person=one.person,
        deputy=one.deputy,
        is_missing=one.is_missing,
        is_sample=one.is_sample,
        href=f"{path}/{one.row_id}/edit" if one.row_id else f"{path}/new?item={one.item}",
    )


def _cards(session: Session, listed: Sequence[PlanAction], locale: Locale, today: date) -> list[tuple[ActionStatus, BoardCard]]:
    units = {unit.id: unit.name_zh if locale == "zh-CN" else unit.name_en for unit in find_units(session, active_only=False)}
    people = _people(session, listed)
    return [
        (
            one.status,
            BoardCard(
                what=one.what,
                item=plan_items()[one.item].name(locale),
                item_path=plan_items()[one.item].path,
                unit=units.get(one.unit_id, ""),
                person=people.get(one.person_id, ""),
                due=one.due,
                is_late=_is_late(one, today),
                is_sample=one.is_sample,
                href=f"/console/plan/governance/actions/{one.id}/edit",
            ),
        )
        for one in listed
    ]


def _people(session: Session, listed: Sequence[PlanAction]) -> Mapping[UUID, str]:
    ids = {one.person_id for one in listed}
    return {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(ids)))}


def _is_late(action: PlanAction, today: date) -> bool:
    return action.status in UNFINISHED and action.due < today
