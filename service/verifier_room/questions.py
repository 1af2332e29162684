"""The verifier's questions on the pages of a case, with the team's answers."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.accounts.queries import get_user
from service.database import new_id
from service.errors import N_, ServiceError
from service.i18n import translate
from service.verification import operations, queries
from service.verification.models import VerificationCase
from service.verification.rules import WHOLE_CASE
from service.verification.schemas import CommentInput
from service.verification.threads import Thread, threads_of
from service.verification.words import PART_LABELS
from service.verifier_room.cases import VERIFIER, case_of
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

COMMENT_LIMIT = (Limit(name="case-comment", tries=120, per_s=3600),)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage:
    """All questions of a case, and the form that asks one; `subjects` are the pages to ask about."""

    case: VerificationCase
    threads: Sequence[Thread]
    subjects: Sequence[tuple[str, str]]
    form: FormState
    idempotency_key: str


@router.get("/room/cases/{case_id}/questions")
@endpoint(VERIFIER)
def show_questions(context: Context, case_id: uuid.UUID) -> Response:
    """Show the questions; the page to ask about may come with the address."""
    case = case_of(context, case_id, page="questions")
    return _show(context, case, FormState(values={"about": context.request.query_params.get("about", "")}))


@router.post("/room/cases/{case_id}/questions")
@endpoint(VERIFIER, limited=COMMENT_LIMIT)
def ask(context: Context, case_id: uuid.UUID) -> Response:
    """Ask a question, or write below one."""
    case = case_of(context, case_id, page="questions")
    try:
        fields = parse_form(CommentInput, context.form)
        author = get_user(context.session, context.asking.user_id or new_id())
        operations.comment(context.session, case, fields, author=author, at=context.at, settings=context.settings)
    except ServiceError as error:
        return _show(context, case, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/room/cases/{case.id}/questions", N_("Sent. The team gets a mail."))


@router.post("/room/cases/{case_id}/questions/{comment_id}/settle")
@endpoint(VERIFIER)
def settle(context: Context, case_id: uuid.UUID, comment_id: uuid.UUID) -> Response:
    """Declare a question of the verifier answered."""
    case = case_of(context, case_id, page="questions")
    question = queries.get_comment(context.session, case.id, comment_id)
    operations.check_may_settle(question, is_verifier=True)
    operations.settle(context.session, case, question, by=context.asking.actor, at=context.at)
    return see_other(context, f"/room/cases/{case.id}/questions", N_("Settled."))


def _show(context: Context, case: VerificationCase, form: FormState, *, status: int = 200) -> Response:
    rows = queries.rows_of(context.session, case.id)
    whole = (WHOLE_CASE, translate(context.locale, N_("The whole verification")))
    pages = [
        (f"{row.id}/{part}", f"{row.grade} {row.number} · {translate(context.locale, label)}")
        for row in rows
        for part, label in PART_LABELS.items()
    ]
    page = QuestionsPage(
        case=case,
        threads=threads_of(context.session, case.id, locale=context.locale),
        subjects=[whole, *pages],
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "verifier/questions.html", page, status=status)
