"""All lines of the plan on one page: targets, tasks, safeguards, with who answers, what is open, and where the work is done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.plan_headlines import headline_figures
from service.console.target_words import STATUS
from service.errors import N_
from service.governance.queries import Answerable, actions, overdue_actions, responsibilities
from service.i18n import translate
from service.measures.queries import OPEN, measures_of
from service.plan.items import ItemKind, PlanItem, plan_items
from service.plan.policies import PLAN_READERS
from service.targets.catalogue import Basis, Indicator
from service.targets.standing import Standing, standings

router = APIRouter()

_GROUPS: Final[Mapping[ItemKind, str]] = {
    ItemKind.TARGET: N_("Four targets"),
    ItemKind.TASK: N_("Twenty tasks"),
    ItemKind.SAFEGUARD: N_("Four safeguards"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One line of the plan.

    Attributes
    ----------
    figure
        The line's headline figure with its unit; empty where none is known.
    standing
        Words and tone of a target's state as the plan words it; None of tasks and safeguards.
    measures, actions, overdue
        How many are open, and how many of the actions are overdue.

    """

    item: PlanItem
    name: str
    answerable: Answerable | None
    figure: str
    standing: tuple[str, str] | None
    measures: int
    actions: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage:
    """All lines by kind."""

    groups: Sequence[tuple[str, Sequence[ItemLine]]]
    unanswered: int


@router.get("/console/plan/items")
@endpoint(PLAN_READERS)
def show_items(context: Context) -> Response:
    """Show all lines of the plan."""
    lines = _lines(context)
    groups = [
        (translate(context.locale, label), [one for one in lines if one.item.kind is kind]) for kind, label in _GROUPS.items()
    ]
    unanswered = sum(one.answerable is None or one.answerable.is_missing for one in lines)
    return render_page(context, "console/plan_items.html", ItemsPage(groups=groups, unanswered=unanswered))


def _lines(context: Context) -> list[ItemLine]:
    session, today = context.session, context.today
    answerable = {one.item: one for one in responsibilities(session)}
    measures = Counter(key for one in measures_of(session, statuses=OPEN) for key in one.content.plan_items)
    overdue = Counter(one.item for one in overdue_actions(session, on=today))
    waiting = Counter(one.item for one in actions(session) if one.status not in {"done", "dropped"})
    stated = [one for one in standings(session, at=context.at) if _is_stated(one)]
    states = {one.target.item: _state(one, context) for one in stated}
    figures = headline_figures(context, stated)
    return [
        ItemLine(
            item=item,
            name=item.name(context.locale),
            answerable=answerable.get(key),
            figure=figures.get(key, ""),
            standing=states.get(key),
            measures=measures[key],
            actions=waiting[key],
            overdue=overdue[key],
        )
        for key, item in plan_items().items()
    ]


def _is_stated(one: Standing) -> bool:
    """Tell whether it is CO2 as the plan words it."""
    return (one.indicator, one.basis, one.with_toll) == (Indicator.CO2, Basis.CURRENT_PRICE, False)


def _state(one: Standing, context: Context) -> tuple[str, str]:
    words, tone = STATUS[one.status]
    return translate(context.locale, words), tone
