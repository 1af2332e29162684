"""The body of a request, read before the handler's thread starts."""

import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from service.web.middleware import SAFE_METHODS

FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What came with a request: a form, or only the hash of another body."""

    form: FormData | None
    body_sha256: str


async def receive(request: Request) -> AsyncIterator[Arrived]:
    """Read a form or JSON body on the event loop, which costs no thread hop."""
    if request.method in SAFE_METHODS:
        yield Arrived(form=None, body_sha256="")
        return
    if request.headers.get("content-type", "").startswith(FORM_TYPES):
        async with request.form(max_files=20, max_fields=2000) as form:  # closes uploaded files afterwards
            yield Arrived(form=form, body_sha256=_form_sha256(form))
        return
    yield Arrived(form=None, body_sha256=hashlib.sha256(await request.body()).hexdigest())


def _form_sha256(form: FormData) -> str:
    digest = hashlib.sha256()
    for name, value in form.multi_items():
        if name == "csrf_token":
            continue
        content = value.file if isinstance(value, UploadFile) else io.BytesIO(value.encode())
        digest.update(f"{name}\0{content.seek(0, io.SEEK_END)}\0".encode())
        content.seek(0)
        while chunk := content.read(_CHUNK):  # a file is never in memory as a whole
            digest.update(chunk)
        content.seek(0)
    return digest.hexdigest()
