"""The verifier's statement: recorded once, withdrawn with a reason, never changed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.database import new_id
from service.errors import N_, ServiceError
from service.i18n import translate
from service.verification import operations, publishing, queries
from service.verification.models import VerificationCase, VerificationStatement
from service.verification.schemas import ReasonInput, StatementInput
from service.verification.words import CONCLUSIONS, COVERAGES, LEVELS, statement_words
from service.verifier_room.cases import VERIFIER, case_of
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """The statement, or the form for it; `footprints` are those of the case."""

    case: VerificationCase
    statement: VerificationStatement | None
    words: Sequence[tuple[str, str]]
    footprints: Options
    covered: Sequence[str]
    open_questions: int
    form: FormState
    coverages: Options
    levels: Options
    conclusions: Options
    idempotency_key: str


@router.get("/room/cases/{case_id}/statement")
@endpoint(VERIFIER)
def show_statement(context: Context, case_id: uuid.UUID) -> Response:
    """Show the statement, or the form that records it."""
    case = case_of(context, case_id, page="statement")
    chinese = context.locale == "zh-CN"
    asking = context.asking
    values = {
        "body_name": asking.organisation_name_zh if chinese else asking.organisation_name_en,
        "standard": "ISO 14064-3:2019",
        "criteria": "ISO 14067:2018",
    }
    return _show(context, case, FormState(values=values))


@router.post("/room/cases/{case_id}/statement")
@endpoint(VERIFIER)
def record_statement(context: Context, case_id: uuid.UUID) -> Response:
    """Record the statement."""
    case = case_of(context, case_id, page="statement")
    try:
        fields = parse_form(StatementInput, context.form, many=frozenset({"record_ids"}))
        operations.record_statement(
            context.session, case, fields, by=context.asking.actor, at=context.at, settings=context.settings
        )
    except ServiceError as error:
        return _show(context, case, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/room/cases/{case.id}/statement", N_("The statement is recorded. The team publishes it unchanged."))


@router.post("/room/cases/{case_id}/statement/withdraw")
@endpoint(VERIFIER)
def withdraw_statement(context: Context, case_id: uuid.UUID) -> Response:
    """Withdraw the statement; footprints that carry it are no longer active."""
    case = case_of(context, case_id, page="statement")
    statement = queries.get_statement(context.session, case.id)
    try:
        reason = parse_form(ReasonInput, context.form).reason
        publishing.withdraw(
            context.session, case, statement, reason=reason, by=context.asking.actor, at=context.at, settings=context.settings
        )
    except ServiceError as error:
        return _show(context, case, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/room/cases/{case.id}/statement", N_("The statement is withdrawn."))


def _show(context: Context, case: VerificationCase, form: FormState, *, status: int = 200) -> Response:
    locale = context.locale
    rows = queries.rows_of(context.session, case.id)
    statement = queries.find_statement(context.session, case.id)
    ids = [str(row.id) for row in rows]
    page = StatementPage(
        case=case,
        statement=statement,
        words=statement_words(statement, locale) if statement else (),
        footprints=[(str(row.id), f"{row.grade} · {row.number}") for row in rows],
        covered=[str(one) for one in context.form.getlist("record_ids")] if form.errors else ids,
        open_questions=queries.open_comments(context.session, case.id),
        form=form,
        coverages=[(key, translate(locale, text)) for key, text in COVERAGES.items()],
        levels=[(key, translate(locale, text)) for key, text in LEVELS.items()],
        conclusions=[(key, translate(locale, text)) for key, text in CONCLUSIONS.items()],
        idempotency_key=str(new_id()),
    )
    return render_page(context, "verifier/statement.html", page, status=status)
