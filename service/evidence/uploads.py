"""Files of a form, written into the store before the transaction in which rows speak of them."""

from collections.abc import Sequence
from datetime import datetime

from starlette.datastructures import FormData, UploadFile

from service.errors import N_, FieldError, InvalidInputError
from service.evidence.store import StoredFile, store_upload
from service.settings import Settings

Uploaded = Sequence[StoredFile] | InvalidInputError


def store_uploads(form: FormData, *, settings: Settings, at: datetime) -> Uploaded:
    """Write the files of a form's field `files` into the store; what stands in the way is returned, for the handler to raise."""
    uploads = [item for item in form.getlist("files") if isinstance(item, UploadFile) and item.filename]
    if not uploads:
        return InvalidInputError({"files": FieldError(N_("Choose a file first."))})
    try:
        return [store_upload(upload, settings=settings, at=at) for upload in uploads]
    except FieldError as error:
        return InvalidInputError({"files": error})


def stored_files(uploaded: Uploaded) -> Sequence[StoredFile]:
    """Return what was stored.

    Raises
    ------
    InvalidInputError
        Where there was nothing to store, or a file that may not be attached.

    """
    if isinstance(uploaded, InvalidInputError):
        raise uploaded
    return uploaded
