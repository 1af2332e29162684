"""Downloads of the model in use for Brightway, Activity Browser and openLCA."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.interchange.as_brightway import as_database
from lca_models.interchange.database import Database
from lca_models.model import Model
from service.accounts.access import Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.errors import NotFoundError
from service.interchange import ZIP, ExportedFile, ExportFormat, export_files
from service.modelling import queries

router = APIRouter()

DOWNLOADS: Final = Limit(name="model-export", tries=20, per_s=600)
EXPORTERS: Final = (Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
READERS: Final = roles(*EXPORTERS)
# A project archive costs a child process of some seconds, and each file has less than 100 kB.
_KEPT: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is downloaded; the same version and format give the same file."""

    model_version: str
    export_format: ExportFormat
    model: Model = field(compare=False)


@router.get("/console/model/exports/{export_format}")
@endpoint(READERS, limited=(DOWNLOADS,))
def download_model(context: Context, export_format: str) -> Response:
    """Return the model with all parameters at their defaults as one file."""
    if export_format not in set(ExportFormat):
        raise NotFoundError
    model = queries.active_model(context.session)
    found = _download(_Order(model_version=model.model_version, export_format=ExportFormat(export_format), model=model))
    name = f"{_file_name(model.model_version)}-{export_format}{found.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@lru_cache(maxsize=_KEPT)
def _download(order: _Order) -> ExportedFile:
    database = as_database(order.model)
    return _one_file(_file_name(order.model_version), export_files(database, order.export_format), database)


def _file_name(model_version: str) -> str:
    return "anodeprint-" + re.sub(r"[^A-Za-z0-9.]+", "-", model_version)


def _one_file(name: str, files: tuple[ExportedFile, ...], database: Database) -> ExportedFile:
    """Return the only file, or several in one archive."""
    if len(files) == 1:
        return files[0]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            archive.writestr(f"{name}{one.ending}", one.content)
        archive.writestr("README.txt", "\n".join(f"{fact}: {text}" for fact, text in database.facts.items()))
    return ExportedFile(ending=".zip", media_type=ZIP, content=stream.getvalue())
