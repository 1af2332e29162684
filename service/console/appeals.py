"""Pages on suppliers' objections to their scores: the list, and one with its decision."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import flow_label
from service.console.standing import READERS, WRITERS
from service.errors import N_, ServiceError
from service.green_score.indicator_names import INDICATOR_NAMES
from service.green_score.models import Score
from service.green_score.published import PublishedScore, disclosure_for, published_score
from service.i18n import translate
from service.procurement import appeal_queries as queries
from service.procurement.appeal_rules import check_decider
from service.procurement.appeal_schemas import DecisionInput
from service.procurement.appeals import decide
from service.procurement.models import Appeal, AppealStatus
from service.suppliers.queries import names_of
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

PATH = "/console/appeals"
STATES: Mapping[AppealStatus, tuple[str, str]] = {
    AppealStatus.FILED: (N_("To be decided"), "attention"),
    AppealStatus.UPHELD: (N_("Upheld"), "good"),
    AppealStatus.REJECTED: (N_("Rejected"), "neutral"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLine:
    """One objection; `state` is (words, tone)."""

    row: Appeal
    supplier: str
    material: str
    about: str
    state: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealsPage:
    """Context of the list."""

    lines: Sequence[AppealLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealPage:
    """Context of one objection.

    Attributes
    ----------
    may_decide
        Whether it waits, and whoever asks had no hand in the score.

    """

    line: AppealLine
    score: PublishedScore
    new_score: PublishedScore | None
    names: Mapping[str, str]
    form: FormState
    is_waiting: bool
    may_decide: bool


@router.get(PATH)
@endpoint(READERS)
def show_appeals(context: Context) -> Response:
    """List objections, those that wait first."""
    rows = queries.find_appeals(context.session)
    names = names_of(context.session, {row.supplier_id for row in rows}, context.locale)
    lines = [_line(context, row, names[row.supplier_id]) for row in rows]
    return render_page(context, "console/appeals.html", AppealsPage(lines=lines))


@router.get("/console/appeals/{appeal_id}")
@endpoint(READERS)
def show_appeal(context: Context, appeal_id: uuid.UUID) -> Response:
    """Show one objection."""
    return _page(context, queries.get_appeal(context.session, appeal_id, asking=context.asking), FormState())


@router.post("/console/appeals/{appeal_id}")
@endpoint(WRITERS)
def decide_appeal(context: Context, appeal_id: uuid.UUID) -> Response:
    """Uphold or reject it, with words that the supplier reads."""
    appeal = queries.get_appeal(context.session, appeal_id, asking=context.asking)
    try:
        fields = parse_form(DecisionInput, context.form)
        decide(context.session, appeal, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _page(context, appeal, rejected(context.form, error, context.locale), status=error.status)
    upheld = appeal.status is AppealStatus.UPHELD
    done = (
        N_("Upheld. Correct the entry; the score is calculated again.")
        if upheld
        else N_("Rejected. The supplier reads your words.")
    )
    return see_other(context, f"{PATH}/{appeal_id}", done)


def _line(context: Context, row: Appeal, supplier: str) -> AppealLine:
    score = context.session.get_one(Score, row.score_id)
    words, tone = STATES[row.status]
    name = INDICATOR_NAMES[row.indicator] if row.indicator else N_("The grade as a whole")
    return AppealLine(
        row=row,
        supplier=supplier,
        material=flow_label(score.flow, context.locale),
        about=f"{row.indicator or ''} {translate(context.locale, name)}".strip(),
        state=(translate(context.locale, words), tone),
    )


def _page(context: Context, appeal: Appeal, form: FormState, *, status: int = 200) -> Response:
    session, shown = context.session, disclosure_for(context.asking)
    actors = [name for name in (appeal.filed_by, appeal.decided_by) if name]
    page = AppealPage(
        line=_line(context, appeal, names_of(session, [appeal.supplier_id], context.locale)[appeal.supplier_id]),
        score=published_score(session.get_one(Score, appeal.score_id), shown),
        new_score=published_score(session.get_one(Score, appeal.rescored_id), shown) if appeal.rescored_id else None,
        names={name: name for name in actors} | dict(names_of_actors(session, actors)),
        form=form,
        is_waiting=appeal.status is AppealStatus.FILED,
        may_decide=_may_decide(context, appeal),
    )
    return render_page(context, "console/appeal.html", page, status=status)


def _may_decide(context: Context, appeal: Appeal) -> bool:
    score = context.session.get_one(Score, appeal.score_id)
    try:
        check_decider(context.asking.actor, queries.people_behind(context.session, score, appeal.indicator))
    except ServiceError:
        return False
    return WRITERS.lets_in(context.principal) and appeal.status is AppealStatus.FILED
