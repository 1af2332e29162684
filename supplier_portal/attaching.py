"""Attaching files where the figure is typed: the button sends the whole screen, so nothing typed is lost on the way."""

import uuid
from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import SUPPLIER_OR_COLLEAGUE, Context, endpoint
from service.accounts.pages import see_other
from service.errors import N_, FieldError, InvalidInputError
from service.evidence.store import StoredFile, store_upload
from service.submissions import evidence
from service.submissions.models import Evidence, Submission
from service.submissions.questionnaire import Group
from service.submissions.rules import check_editable
from supplier_portal.evidence import UPLOAD_LIMIT
from supplier_portal.frames import get_group_shown, path_of, questionnaire_of
from supplier_portal.questionnaire import rejected_page
from supplier_portal.storing import store_typed
from supplier_portal.typed import text_of
from supplier_portal.views import files_shown

router = APIRouter()

Uploaded = Mapping[str, Sequence[StoredFile]] | InvalidInputError


def store_uploads(context: Context) -> Uploaded:
    """Write the files into the store, by field, before the transaction: the bytes lie there before any row speaks of them."""
    submission = questionnaire_of(context, uuid.UUID(context.request.path_params["submission_id"]))
    group = get_group_shown(context, submission, context.request.path_params["group_key"])
    check_editable(submission.status)
    stored: dict[str, Sequence[StoredFile]] = {}
    for question in group.questions:
        try:
            stored[question.key] = [
                store_upload(upload, settings=context.settings, at=context.at) for upload in _uploads(context, question.key)
            ]
        except FieldError as error:
            return InvalidInputError({question.key: error})
    return stored


@router.post("/portal/submissions/{submission_id}/{group_key}/attach")
@endpoint(SUPPLIER_OR_COLLEAGUE, limited=UPLOAD_LIMIT, prepare=store_uploads)
def attach_files(context: Context, uploaded: Uploaded, submission_id: uuid.UUID, group_key: str) -> Response:
    """Save the screen and attach the files chosen on it, each to its question."""
    submission = questionnaire_of(context, submission_id)
    group = get_group_shown(context, submission, group_key)
    try:
        if isinstance(uploaded, InvalidInputError):
            raise uploaded
        store_typed(context, submission, group)
        _attach_all(context, submission, group, uploaded)
    except InvalidInputError as error:
        return rejected_page(context, submission, group, error)
    return see_other(
        context, f"{path_of(submission)}/{group.key}#field-{text_of(context.form, 'attach')}", N_("The file is attached.")
    )


def _attach_all(context: Context, submission: Submission, group: Group, uploaded: Mapping[str, Sequence[StoredFile]]) -> None:
    attached = {str(one.id): one for one in files_shown(context, submission)}
    count = 0
    for question in group.questions:
        again = attached.get(text_of(context.form, f"{question.key}_attached"))
        files = [*uploaded[question.key], *([_as_stored(again)] if again else [])]
        if files:
            evidence.attach(context.session, submission, files, field=question.key, by=context.asking.actor, at=context.at)
        count += len(files)
    if not count:
        raise InvalidInputError({text_of(context.form, "attach"): FieldError(N_("Choose a file first."))})


def _as_stored(one: Evidence) -> StoredFile:
    return StoredFile(name=one.name, media_type=one.media_type, size_bytes=one.size_bytes, sha256=one.sha256)


def _uploads(context: Context, field: str) -> Sequence[UploadFile]:
    return [item for item in context.form.getlist(f"{field}_files") if isinstance(item, UploadFile) and item.filename]
