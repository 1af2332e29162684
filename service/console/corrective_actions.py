"""Pages on corrective actions: the list with what scores suggest, one action, and each of its steps."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options, flow_label, read_filter, supplier_options
from service.console.standing import READERS, WRITERS
from service.database import new_id
from service.errors import N_, ServiceError
from service.green_score.indicator_names import INDICATOR_NAMES
from service.green_score.models import Score
from service.green_score.published import PublishedScore, disclosure_for, published_score
from service.green_score.queries import get_score
from service.i18n import translate
from service.procurement import corrective_action_mails as mails
from service.procurement import corrective_action_queries as queries
from service.procurement import corrective_actions as operations
from service.procurement.corrective_action_rules import LONGEST, check_closer, is_overdue
from service.procurement.corrective_action_schemas import ActionFilter, ActionInput, DoneInput, NoteInput
from service.procurement.models import ActionStatus, CorrectiveAction
from service.suppliers.queries import all_active_suppliers, find_owners, names_of
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

PATH = "/console/corrective-actions"
STATUS_NAMES: Mapping[str, str] = {
    "open": N_("To be done"),
    "overdue": N_("Overdue"),
    "done": N_("Said to be done"),
    "closed": N_("Closed"),
    "cancelled": N_("Cancelled"),
}
TONES: Mapping[str, str] = {"open": "attention", "overdue": "bad", "done": "info", "closed": "good", "cancelled": "neutral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """One action in the list; `state` is (words, tone)."""

    row: CorrectiveAction
    supplier: str
    owner: str
    state: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A score whose grade asks for an action."""

    score: Score
    supplier: str
    material: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsPage:
    """Context of the list."""

    lines: Sequence[ActionLine]
    suggestions: Sequence[Suggestion]
    filter: ActionFilter
    form: FormState
    statuses: Options
    suppliers: Options
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFormPage:
    """Context of the form of a new action; `latest` is the last day that may be asked for."""

    form: FormState
    suppliers: Options
    owners: Options
    indicators: Options
    latest: date
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage:
    """Context of one action.

    Attributes
    ----------
    may_close
        Whether whoever asks is another person than its owner and than who said that it is done.

    """

    line: ActionLine
    about: str
    names: Mapping[str, str]
    new_score: PublishedScore | None
    form: FormState
    may_write: bool
    may_close: bool


@router.get(PATH)
@endpoint(READERS)
def show_actions(context: Context) -> Response:
    """List actions, those that wait first; filters stand in the address."""
    wanted, form = read_filter(ActionFilter, context.request, context.locale)
    page = ActionsPage(
        lines=_lines(context, wanted),
        suggestions=_suggestions(context),
        filter=wanted,
        form=form,
        statuses=[(key, translate(context.locale, name)) for key, name in STATUS_NAMES.items()],
        suppliers=supplier_options(all_active_suppliers(context.session), context.locale),
        may_write=_may_write(context),
    )
    return render_page(context, "console/corrective_actions.html", page)


@router.get("/console/corrective-actions/new")
@endpoint(WRITERS)
def new_action(context: Context) -> Response:
    """Show the form; `score` in the address fills in what the score says."""
    return _form(context, FormState(values=_from_score(context)))


@router.post(PATH)
@endpoint(WRITERS)
def open_action(context: Context) -> Response:
    """Ask a supplier to put something right."""
    try:
        fields = parse_form(ActionInput, context.form)
        action = operations.open_action(context.session, fields, today=context.today, by=context.asking.actor, at=context.at)
        mails.tell_supplier(context.session, action, mails.OPENED, settings=context.settings, at=context.at)
    except ServiceError as error:
        return _form(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{PATH}/{action.id}", N_("Opened. The supplier sees it with its score."))


@router.get("/console/corrective-actions/{action_id}")
@endpoint(READERS)
def show_action(context: Context, action_id: uuid.UUID) -> Response:
    """Show one action."""
    return _page(context, queries.get_action(context.session, action_id, asking=context.asking), FormState())


@router.post("/console/corrective-actions/{action_id}/done")
@endpoint(WRITERS)
def say_done(context: Context, action_id: uuid.UUID) -> Response:
    """Say that it is done, for a supplier that told so by other ways."""
    action = queries.get_action(context.session, action_id, asking=context.asking)
    try:
        fields = parse_form(DoneInput, context.form)
        operations.say_done(
            context.session, action, evidence=fields.evidence, version=fields.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _page(context, action, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{PATH}/{action_id}", N_("Another person can close it now."))


@router.post("/console/corrective-actions/{action_id}/close")
@endpoint(WRITERS)
def close(context: Context, action_id: uuid.UUID) -> Response:
    """Confirm that it is done; the supplier is scored again."""
    return _decide(context, action_id, operations.close, N_("Closed. The score is calculated again in the background."))


@router.post("/console/corrective-actions/{action_id}/open-again")
@endpoint(WRITERS)
def open_again(context: Context, action_id: uuid.UUID) -> Response:
    """Ask for more."""
    return _decide(context, action_id, operations.open_again, N_("Open again; the supplier sees your words."))


@router.post("/console/corrective-actions/{action_id}/call-off")
@endpoint(WRITERS)
def call_off(context: Context, action_id: uuid.UUID) -> Response:
    """Let it go."""
    return _decide(context, action_id, operations.call_off, N_("Called off."))


def _decide(context: Context, action_id: uuid.UUID, decide: operations.Decision, done: str) -> Response:
    action = queries.get_action(context.session, action_id, asking=context.asking)
    try:
        fields = parse_form(NoteInput, context.form)
        decide(context.session, action, note=fields.note, version=fields.version, by=context.asking.actor, at=context.at)
        if action.status is ActionStatus.OPEN:
            mails.tell_supplier(context.session, action, mails.OPEN_AGAIN, settings=context.settings, at=context.at)
    except ServiceError as error:
        return _page(context, action, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{PATH}/{action_id}", done)


def _lines(context: Context, wanted: ActionFilter) -> list[ActionLine]:
    status = None if wanted.status is None else ActionStatus("open" if wanted.status == "overdue" else wanted.status)
    owner_id = context.asking.user_id if wanted.mine else None
    rows = queries.find_actions(context.session, supplier_id=wanted.supplier_id, status=status, owner_id=owner_id)
    suppliers = names_of(context.session, {row.supplier_id for row in rows}, context.locale)
    owners = dict(find_owners(context.session))
    lines = [_line(context, row, suppliers[row.supplier_id], owners.get(row.owner_id, "–")) for row in rows]
    today = context.today
    return [line for line in lines if wanted.status != "overdue" or is_overdue(line.row, today=today)]


def _line(context: Context, row: CorrectiveAction, supplier: str, owner: str) -> ActionLine:
    state = "overdue" if is_overdue(row, today=context.today) else str(row.status)
    return ActionLine(row=row, supplier=supplier, owner=owner, state=(translate(context.locale, STATUS_NAMES[state]), TONES[state]))


def _suggestions(context: Context) -> list[Suggestion]:
    scores = queries.suggested_scores(context.session)
    names = names_of(context.session, {one.supplier_id for one in scores}, context.locale)
    return [Suggestion(score=one, supplier=names[one.supplier_id], material=flow_label(one.flow, context.locale)) for one in scores]


def _from_score(context: Context) -> Mapping[str, str]:
    """Return what the form begins with: the supplier, why its grade is what it is, six months."""
    values = {"due": (context.today + LONGEST).isoformat(), "owner_id": str(context.asking.user_id or "")}
    try:
        score = get_score(context.session, uuid.UUID(context.request.query_params.get("score", "")))
    except ValueError:
        return values | {"supplier_id": context.request.query_params.get("supplier_id", "")}
    reasons = " ".join(one.in_words(context.locale) for one in _published(context, score).grade_reasons)
    grade = translate(context.locale, N_("Grade %(grade)s"), grade=score.grade)
    finding = f"{flow_label(score.flow, context.locale)}: {grade}. {reasons}".strip()
    return values | {"supplier_id": str(score.supplier_id), "score_id": str(score.id), "finding": finding[:1000]}


def _form(context: Context, form: FormState, *, status: int = 200) -> Response:
    page = ActionFormPage(
        form=form,
        suppliers=supplier_options(all_active_suppliers(context.session), context.locale),
        owners=[(str(user_id), name) for user_id, name in find_owners(context.session)],
        indicators=[(name, f"{name} {translate(context.locale, words)}") for name, words in INDICATOR_NAMES.items()],
        latest=context.today + LONGEST,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/corrective_action_form.html", page, status=status)


def _page(context: Context, action: CorrectiveAction, form: FormState, *, status: int = 200) -> Response:
    session = context.session
    owner = f"user:{action.owner_id}"
    actors = [name for name in (owner, action.opened_by, action.done_by, action.closed_by) if name]
    names = {name: name for name in actors} | dict(names_of_actors(session, actors))
    supplier = names_of(session, [action.supplier_id], context.locale)[action.supplier_id]
    page = ActionPage(
        line=_line(context, action, supplier, names[owner]),
        about=f"{action.indicator} {translate(context.locale, INDICATOR_NAMES[action.indicator])}" if action.indicator else "",
        names=names,
        new_score=_published(context, session.get_one(Score, action.rescored_id)) if action.rescored_id else None,
        form=form,
        may_write=_may_write(context),
        may_close=_may_close(context, action),
    )
    return render_page(context, "console/corrective_action.html", page, status=status)


def _published(context: Context, score: Score) -> PublishedScore:
    return published_score(score, disclosure_for(context.asking))


def _may_close(context: Context, action: CorrectiveAction) -> bool:
    try:
        check_closer(action, context.asking.actor)
    except ServiceError:
        return False
    return True


def _may_write(context: Context) -> bool:
    return WRITERS.lets_in(context.principal)
