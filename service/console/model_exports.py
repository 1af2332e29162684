"""Downloads of the model in use for Brightway, Activity Browser and openLCA."""

import io
import re
import zipfile
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.interchange.as_brightway import as_database
from lca_models.interchange.database import Database
from service.accounts.access import Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.errors import NotFoundError
from service.interchange import ZIP, ExportedFile, ExportFormat, export_files
from service.modelling import queries

router = APIRouter()

# A project archive costs a child process of a few seconds.
DOWNLOADS: Final = Limit(name="model-export", tries=20, per_s=600)
EXPORTERS: Final = (Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
READERS: Final = roles(*EXPORTERS)


@router.get("/console/model/exports/{export_format}")
@endpoint(READERS, limited=(DOWNLOADS,))
def download_model(context: Context, export_format: str) -> Response:
    """Return the model with all parameters at their defaults as one file."""
    if export_format not in set(ExportFormat):
        raise NotFoundError
    database = as_database(queries.active_model(context.session))
    name = re.sub(r"[^A-Za-z0-9.]+", "-", database.name)
    found = _one_file(name, export_files(database, ExportFormat(export_format)), database)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{export_format}{found.ending}"'}
    return Response(found.content, media_type=found.media_type, headers=headers)


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
