"""The evidence of a case as one file."""

import uuid
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.errors import NotFoundError
from service.verification import queries
from service.verification.models import EvidencePack, PackStatus, VerificationCase
from service.verification.packing import pack_path
from service.verifier_room.cases import VERIFIER, case_of

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPage:
    """How far the pack is; `pack` is None before anybody has asked for one."""

    case: VerificationCase
    pack: EvidencePack | None
    refresh_s: int | None


@router.get("/room/cases/{case_id}/pack")
@endpoint(VERIFIER)
def show_pack(context: Context, case_id: uuid.UUID) -> Response:
    """Say what is in the pack, and offer it once it is made."""
    case = case_of(context, case_id, page="pack")
    pack = queries.find_pack(context.session, case.id)
    waits = pack is not None and pack.status is PackStatus.WAITING
    return render_page(context, "verifier/pack.html", PackPage(case=case, pack=pack, refresh_s=5 if waits else None))


@router.get("/room/cases/{case_id}/pack.zip")
@endpoint(VERIFIER)
def download_pack(context: Context, case_id: uuid.UUID) -> Response:
    """Send the latest pack, to be saved."""
    case = case_of(context, case_id, page="pack.zip")
    pack = queries.find_pack(context.session, case.id)
    path = None if pack is None or pack.sha256 is None else pack_path(pack.sha256, data_dir=context.settings.data_dir)
    if path is None or not path.is_file():
        context.noted.clear()
        raise NotFoundError
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(path, media_type="application/zip", filename=f"{case.number}.zip", headers=headers)
