"""A returned mail, pasted or uploaded: its notification says which request's link did not arrive."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.console.campaigns import WRITERS
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.mail.delivery_status import PROBLEMS, read_delivery_status
from service.sandbox import run_limited
from service.submissions.deliveries import note_bounced
from service.submissions.invitation_queries import find_invitation_by_mail
from service.submissions.models import Submission
from service.web.forms import FormState, rejected

router = APIRouter(prefix="/console/bounces")

UPLOADS = Limit(name="bounces", tries=60, per_s=600)
PARSE_SECONDS = 5.0
PARSE_BYTES = 512 * 1024**2
LONGEST_SOURCE = 1024**2
NOTHING_GIVEN = N_("Paste the source of the returned mail, or choose its file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncesPage:
    """Context of the page."""

    form: FormState


@router.get("")
@endpoint(WRITERS)
def show_bounces(context: Context) -> Response:
    """Show where to paste or upload."""
    return render_page(context, "console/bounces.html", BouncesPage(form=FormState()))


def read_notification(context: Context) -> Mapping[str, str]:
    """Read the notification in a limited child process, before the transaction begins."""
    content = _content(context)
    if not content:
        return {"problem": "nothing"}
    try:
        answer: Mapping[str, str] = run_limited(
            read_delivery_status, content[:LONGEST_SOURCE], seconds=PARSE_SECONDS, memory_bytes=PARSE_BYTES
        )
    except ServiceError:
        return {"problem": "no_notification"}  # nested so deeply that no mail system wrote it
    return answer


@router.post("")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_notification)
def note_notification(context: Context, returned: Mapping[str, str]) -> Response:
    """Mark the request whose link did not arrive."""
    try:
        submission = _note(context, returned)
    except ServiceError as error:
        page = BouncesPage(form=rejected(context.form, error, context.locale))
        return render_page(context, "console/bounces.html", page, status=error.status)
    message = N_("%(number)s is marked as bounced. Correct the address and send again.")
    return see_other(context, f"/console/requests/{submission.id}", message, number=submission.number)


def _content(context: Context) -> bytes:
    file, source = context.form.get("file"), context.form.get("source")
    if isinstance(file, UploadFile) and file.filename:
        return file.file.read(LONGEST_SOURCE)
    return source.strip().encode(errors="replace") if isinstance(source, str) else b""


def _note(context: Context, returned: Mapping[str, str]) -> Submission:
    if "problem" in returned:
        raise InvalidInputError({"source": FieldError(PROBLEMS.get(returned["problem"], NOTHING_GIVEN))})
    invitation = find_invitation_by_mail(context.session, uuid.UUID(returned["message_id"]))
    if invitation is None:
        raise InvalidInputError(
            {"source": FieldError(N_("The mail that came back carried no link that still opens; nothing was changed."))}
        )
    submission = context.session.get_one(Submission, invitation.submission_id)
    note_bounced(context.session, submission, reason=returned["reason"], by=context.asking.actor, at=context.at)
    return submission
