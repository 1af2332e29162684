"""The log's newest checkpoint and public keys, for anybody who wants to keep them as a witness."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.audit import tree
from service.audit.log_files import folder_beside, read_verifiers
from service.certificates.router import VERIFY_LIMIT
from service.errors import NotFoundError
from service.signing.authority import FOLDER

router = APIRouter()


@router.get("/log/checkpoint")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,))
def newest_checkpoint(context: Context) -> Response:
    """Return the newest signed checkpoint as text (C2SP signed note)."""
    checkpoint = tree.newest_checkpoint(context.session)
    if checkpoint is None:
        raise NotFoundError
    return PlainTextResponse(checkpoint.note)


@router.get("/log/key")
@endpoint(PUBLIC, limited=(VERIFY_LIMIT,))
def public_keys(context: Context) -> Response:
    """Return the public keys that checkpoints were signed with, one per line, the oldest first."""
    verifiers = read_verifiers(folder_beside(context.settings.data_dir / FOLDER))
    if not verifiers:
        raise NotFoundError
    return PlainTextResponse("".join(f"{verifier.as_text}\n" for verifier in verifiers))
