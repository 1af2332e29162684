"""Suppliers' answers behind the footprints of a case, with every file, also those that are for the verifier only."""

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.review import review_page
from service.errors import N_, NotFoundError
from service.i18n import translate
from service.submissions.downloads import attachment
from service.submissions.models import Evidence, Submission
from service.verification import queries
from service.verification.models import VerificationCase
from service.verifier_room.cases import VERIFIER, case_of
from service.web.forms import FormState

router = APIRouter()


@router.get("/room/cases/{case_id}/answers/{submission_id}")
@endpoint(VERIFIER)
def show_answers(context: Context, case_id: uuid.UUID, submission_id: uuid.UUID) -> Response:
    """Show a questionnaire with its answers, checks, ratings and files."""
    case, submission = _submission_of(context, case_id, submission_id)
    base = f"/room/cases/{case.id}"
    page = review_page(
        context,
        submission,
        FormState(),
        path=f"{base}/answers/{submission.id}",
        steps=[(translate(context.locale, N_("Verifications")), "/room"), (case.number, base)],
        compares=False,
    )
    return render_page(context, "console/review.html", page)


@router.get("/room/cases/{case_id}/answers/{submission_id}/evidence/{evidence_id}")
@endpoint(VERIFIER)
def download_evidence(context: Context, case_id: uuid.UUID, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Send a file that backs an answer, to be saved."""
    _, submission = _submission_of(context, case_id, submission_id, file=evidence_id)
    found = context.session.get(Evidence, evidence_id)
    if found is None or found.submission_id != submission.id:
        context.noted.clear()
        raise NotFoundError
    return attachment(found, to=context.asking, data_dir=context.settings.data_dir)


def _submission_of(
    context: Context, case_id: uuid.UUID, submission_id: uuid.UUID, *, file: uuid.UUID | None = None
) -> tuple[VerificationCase, Submission]:
    looked_at = f"answers {submission_id}" if file is None else f"evidence {file}"
    case = case_of(context, case_id, page=looked_at)
    if submission_id not in queries.submission_ids_of(context.session, case.id):
        context.noted.clear()
        raise NotFoundError
    return case, context.session.get_one(Submission, submission_id)
