"""Pages of the footprint team on verifications: verifiers, cases, questions, the statement and its publication."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Organisation, Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import get_user
from service.console.choices import Options
from service.database import new_id
from service.errors import N_, ServiceError
from service.footprints.models import FootprintStatus
from service.footprints.queries import RecordFilter, RecordRow, find_records
from service.verification import operations, publishing, queries
from service.verification.models import Conclusion, EvidencePack, VerificationCase, VerificationStatement
from service.verification.rules import is_open
from service.verification.schemas import BodyInput, CaseInput, CommentInput, DaysInput, VersionInput
from service.verification.threads import Thread, threads_of
from service.verification.words import statement_words
from service.web.forms import FormState, parse_form, rejected

router = APIRouter(prefix="/console/verification")

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.REVIEWER)
_USUAL_DAYS = timedelta(days=60)
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in the list."""

    case: VerificationCase
    verifier: str
    is_open: bool
    open_questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage:
    """All cases, and the verifiers with how many people each has."""

    lines: Sequence[CaseLine]
    bodies: Sequence[tuple[Organisation, int]]
    form: FormState
    may_write: bool
    may_invite: bool
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCasePage:
    """The form that opens a case."""

    form: FormState
    verifiers: Options
    footprints: Options
    chosen: Sequence[str]
    default_start: str
    default_end: str
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case, for the team."""

    case: VerificationCase
    verifier: str
    is_open: bool
    footprints: Sequence[RecordRow]
    threads: Sequence[Thread]
    statement: VerificationStatement | None
    words: Sequence[tuple[str, str]]
    may_publish: bool
    pack: EvidencePack | None
    may_write: bool
    form: FormState
    idempotency_key: str


@router.get("")
@endpoint(READERS)
def show_cases(context: Context) -> Response:
    """List the verifications and the verifiers."""
    return _show_list(context, FormState())


@router.post("/bodies")
@endpoint(WRITERS)
def add_body(context: Context) -> Response:
    """Add a verifier's organisation."""
    try:
        fields = parse_form(BodyInput, context.form)
        operations.add_body(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_list(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/verification", N_("Added. An administrator invites its people now."))


@router.get("/new")
@endpoint(WRITERS)
def new_case(context: Context) -> Response:
    """Show the form; a footprint may come with the address."""
    return _show_new(context, FormState())


@router.post("")
@endpoint(WRITERS)
def open_case(context: Context) -> Response:
    """Open a case."""
    try:
        fields = parse_form(CaseInput, context.form, many=frozenset({"record_ids"}))
        case = operations.open_case(context.session, fields, by=context.asking.actor, at=context.at, settings=context.settings)
    except ServiceError as error:
        return _show_new(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/verification/{case.id}", N_("The verification is open; the verifier's people get a mail."))


@router.get("/{case_id:uuid}")
@endpoint(READERS)
def show_case(context: Context, case_id: uuid.UUID) -> Response:
    """Show one case with its questions and its statement."""
    return _show(context, queries.get_case(context.session, case_id), FormState())


@router.post("/{case_id:uuid}/questions")
@endpoint(WRITERS)
def answer(context: Context, case_id: uuid.UUID) -> Response:
    """Answer a question, or ask one."""
    case = queries.get_case(context.session, case_id)
    try:
        fields = parse_form(CommentInput, context.form)
        author = get_user(context.session, context.asking.user_id or new_id())
        operations.comment(context.session, case, fields, author=author, at=context.at, settings=context.settings)
    except ServiceError as error:
        return _show(context, case, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/verification/{case.id}", N_("Sent. The verifier gets a mail."))


@router.post("/{case_id:uuid}/questions/{comment_id}/settle")
@endpoint(WRITERS)
def settle(context: Context, case_id: uuid.UUID, comment_id: uuid.UUID) -> Response:
    """Declare a question of the team answered."""
    case = queries.get_case(context.session, case_id)
    question = queries.get_comment(context.session, case.id, comment_id)
    operations.check_may_settle(question, is_verifier=False)
    operations.settle(context.session, case, question, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/verification/{case.id}", N_("Settled."))


@router.post("/{case_id:uuid}/days")
@endpoint(WRITERS)
def change_days(context: Context, case_id: uuid.UUID) -> Response:
    """Let the verifier look for longer, or less long."""
    case = queries.get_case(context.session, case_id)
    try:
        fields = parse_form(DaysInput, context.form)
        operations.change_days(context.session, case, fields, by=context.asking.actor, at=context.at, settings=context.settings)
    except ServiceError as error:
        return _show(context, case, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/verification/{case.id}", N_("Saved."))


@router.post("/{case_id:uuid}/pack")
@endpoint(WRITERS)
def make_pack(context: Context, case_id: uuid.UUID) -> Response:
    """Have the evidence pack made again."""
    case = queries.get_case(context.session, case_id)
    operations.ask_for_pack(context.session, case, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/verification/{case.id}", N_("The pack is being made."))


@router.post("/{case_id:uuid}/publish")
@endpoint(WRITERS)
def publish(context: Context, case_id: uuid.UUID) -> Response:
    """Carry the statement into the declared footprints."""
    case = queries.get_case(context.session, case_id)
    statement = queries.get_statement(context.session, case.id)
    try:
        with context.session.begin_nested():
            again = publishing.publish(
                context.session, case, statement, by=context.asking.actor, at=context.at, settings=context.settings
            )
    except ServiceError as error:
        return _show(context, case, rejected(context.form, error, context.locale), status=error.status)
    message = N_("%(count)s footprints carry the statement now; partners are told.")
    return see_other(context, f"/console/verification/{case.id}", message, count=len(again))


@router.post("/{case_id:uuid}/close")
@endpoint(WRITERS)
def close(context: Context, case_id: uuid.UUID) -> Response:
    """End the verification; its verifier sees nothing of it any more."""
    case = queries.get_case(context.session, case_id)
    seen = parse_form(VersionInput, context.form)
    operations.close_case(context.session, case, version=seen.version, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/verification/{case.id}", N_("The verification is closed."))


def _show_list(context: Context, form: FormState, *, status: int = 200) -> Response:
    session = context.session
    names = _names(context)
    page = CasesPage(
        lines=[
            CaseLine(
                case=case,
                verifier=names.get(case.organisation_id, "–"),
                is_open=is_open(case, today=context.today),
                open_questions=queries.open_comments(session, case.id),
            )
            for case in queries.find_cases(session)
        ],
        bodies=[(body, len(queries.people_of(session, body.id))) for body in queries.find_bodies(session)],
        form=form,
        may_write=context.asking.has(Role.ENGINEER, Role.REVIEWER),
        may_invite=context.asking.has(Role.ADMIN),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/verification_cases.html", page, status=status)


def _show_new(context: Context, form: FormState, *, status: int = 200) -> Response:
    today = context.today
    names = _names(context)
    active = {body.id for body in queries.find_bodies(context.session) if body.is_active}
    released = find_records(context.session, RecordFilter(status=FootprintStatus.RELEASED), limit=_MOST).rows
    asked_for = [str(one) for one in context.form.getlist("record_ids")]
    page = NewCasePage(
        form=form,
        verifiers=[(str(body_id), name) for body_id, name in names.items() if body_id in active],
        footprints=[(str(row.id), f"{row.grade} · {row.name(context.locale)} · {row.number}") for row in released],
        chosen=asked_for or context.request.query_params.getlist("footprint_id"),
        default_start=today.isoformat(),
        default_end=(today + _USUAL_DAYS).isoformat(),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/verification_case_form.html", page, status=status)


def _show(context: Context, case: VerificationCase, form: FormState, *, status: int = 200) -> Response:
    session = context.session
    statement = queries.find_statement(session, case.id)
    page = CasePage(
        case=case,
        verifier=_names(context).get(case.organisation_id, "–"),
        is_open=is_open(case, today=context.today),
        footprints=queries.rows_of(session, case.id),
        threads=threads_of(session, case.id, locale=context.locale),
        statement=statement,
        words=statement_words(statement, context.locale) if statement else (),
        may_publish=statement is not None
        and statement.published_at is None
        and statement.withdrawn_at is None
        and statement.conclusion is not Conclusion.ADVERSE,
        pack=queries.find_pack(session, case.id),
        may_write=context.asking.has(Role.ENGINEER, Role.REVIEWER) and case.closed_at is None,
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/verification_case.html", page, status=status)


def _names(context: Context) -> dict[uuid.UUID, str]:
    chinese = context.locale == "zh-CN"
    return {key: names[0] if chinese else names[1] for key, names in queries.names_of_bodies(context.session).items()}
