"""Which case a verifier is in, what may be seen of it, and that each look is written down."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page
from service.errors import NotFoundError
from service.footprints.models import FootprintRecord
from service.footprints.queries import RecordRow, get_record
from service.product_footprints.queries import declared_among
from service.verification import operations, queries
from service.verification.models import EvidencePack, VerificationCase, VerificationStatement

router = APIRouter()

VERIFIER = roles(Role.VERIFIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in the list."""

    case: VerificationCase
    footprints: int
    open_questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage:
    """The cases that are open for the verifier today."""

    lines: Sequence[CaseLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case."""

    case: VerificationCase
    footprints: Sequence[RecordRow]
    declared: frozenset[uuid.UUID]
    open_questions: int
    statement: VerificationStatement | None
    pack: EvidencePack | None


def case_of(context: Context, case_id: uuid.UUID, *, page: str) -> VerificationCase:
    """Return a case of the verifier that is open today, and have the look written down.

    Raises
    ------
    NotFoundError
        The case is another verifier's, is over, or does not exist: all the same.

    """
    case = queries.get_open_case(context.session, case_id, organisation_id=context.asking.organisation_id, today=today_of(context))
    context.noted.append(partial(_note, case_id=case.id, page=page, by=context.asking.actor, context=context))
    return case


def record_of(context: Context, case_id: uuid.UUID, record_id: uuid.UUID, *, page: str) -> tuple[VerificationCase, FootprintRecord]:
    """Return a footprint of such a case."""
    case = case_of(context, case_id, page=f"{page} {record_id}")
    if record_id not in queries.record_ids_of(context.session, case.id):
        context.noted.clear()
        raise NotFoundError
    return case, get_record(context.session, record_id)


def today_of(context: Context) -> date:
    """Return the day on the maker's calendar."""
    return context.today


@router.get("/room")
@endpoint(VERIFIER)
def show_cases(context: Context) -> Response:
    """List the cases that are open for the verifier."""
    cases = queries.open_cases_of(context.session, context.asking.organisation_id, today=today_of(context))
    page = CasesPage(
        lines=[
            CaseLine(
                case=case,
                footprints=len(queries.record_ids_of(context.session, case.id)),
                open_questions=queries.open_comments(context.session, case.id),
            )
            for case in cases
        ]
    )
    return render_page(context, "verifier/cases.html", page)


@router.get("/room/cases/{case_id}")
@endpoint(VERIFIER)
def show_case(context: Context, case_id: uuid.UUID) -> Response:
    """Show one case with its footprints and what to do next."""
    case = case_of(context, case_id, page="case")
    page = CasePage(
        case=case,
        footprints=queries.rows_of(context.session, case.id),
        declared=declared_among(context.session, queries.record_ids_of(context.session, case.id)),
        open_questions=queries.open_comments(context.session, case.id),
        statement=queries.find_statement(context.session, case.id),
        pack=queries.find_pack(context.session, case.id),
    )
    return render_page(context, "verifier/case.html", page)


def _note(session: Session, *, case_id: uuid.UUID, page: str, by: str, context: Context) -> None:
    operations.note_look(session, queries.get_case(session, case_id), page=page, by=by, at=context.at)
