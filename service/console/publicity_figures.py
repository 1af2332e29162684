"""The page on the company's own figures for the public: proposed by one person, released by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.company_inventory.queries import closed_years
from service.console.publicity import LIST
from service.database import new_id
from service.errors import N_
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.publicity import figures
from service.publicity.models import FigureKind, ReleasedFigure
from service.publicity.queries import find_figures
from service.web.forms import FormInput, FormState, parse_form

router = APIRouter()

PAGE: Final = f"{LIST}/figures"


class FiguresInput(FormInput):
    """Which figures are meant."""

    kind: FigureKind
    year: Annotated[int, Field(ge=2000, le=2100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureGroup:
    """Figures that were proposed together."""

    kind: FigureKind
    year: int
    figures: Sequence[ReleasedFigure]
    is_released: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    """All groups, and the form that proposes one more."""

    groups: Sequence[FigureGroup]
    years: Sequence[tuple[str, str]]
    form: FormState
    may_propose: bool
    may_release: bool
    idempotency_key: str


def _show(context: Context, form: FormState) -> Response:
    groups = []
    for (kind, year), found in groupby(find_figures(context.session), key=lambda one: (one.kind, one.year)):
        rows = list(found)
        groups.append(FigureGroup(kind=kind, year=year, figures=rows, is_released=all(one.released_at for one in rows)))
    page = FiguresPage(
        groups=groups,
        years=[(str(year), str(year)) for year in closed_years(context.session)],
        form=form,
        may_propose=context.asking.has(*EDITOR_ROLES),
        may_release=context.asking.has(*APPROVER_ROLES),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/plan_figures.html", page, status=form.status)


@router.get(PAGE)
@endpoint(PLAN_READERS)
def show_figures(context: Context) -> Response:
    """Show which figures are public or wait."""
    return _show(context, FormState())


@router.post(PAGE)
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def propose(context: Context) -> Response:
    """Propose figures."""
    wanted = parse_form(FiguresInput, context.form)
    figures.propose_figures(context.session, wanted.kind, wanted.year, by=context.asking.actor, at=context.at)
    return see_other(context, PAGE, N_("Proposed. Another person releases it."))


@router.post(f"{PAGE}/release")
@endpoint(PLAN_APPROVERS)
def release(context: Context) -> Response:
    """Release proposed figures."""
    wanted = parse_form(FiguresInput, context.form)
    figures.release_figures(context.session, wanted.kind, wanted.year, by=context.asking.actor, at=context.at)
    return see_other(context, PAGE, N_("Released to the public."))


@router.post(f"{PAGE}/withdraw")
@endpoint(PLAN_EDITORS)
def withdraw(context: Context) -> Response:
    """Take figures back."""
    wanted = parse_form(FiguresInput, context.form)
    figures.withdraw_figures(context.session, wanted.kind, wanted.year, by=context.asking.actor, at=context.at)
    return see_other(context, PAGE, N_("Withdrawn from the public pages."))
