"""Every SELECT on model versions; the service gets a model from here and nowhere else."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from lca_models.model import Model, load_model
from service.database import read_columns
from service.errors import N_, NotFoundError
from service.modelling.models import ModelOrigin, ModelStatus, ModelTable, ModelVersion
from service.modelling.reading import kept_model

_IN_USE: Final = select_columns(col(ModelVersion.label), col(ModelVersion.content_hash)).where(
    col(ModelVersion.status) == ModelStatus.RELEASED, col(ModelVersion.origin) == ModelOrigin.EDITED
)
_BY_HASH: Final = select_columns(col(ModelVersion.label)).where(
    col(ModelVersion.content_hash) == bindparam("content_hash"), col(ModelVersion.status) != ModelStatus.DRAFT
)


class ModelNotKeptError(NotFoundError):
    """A record rests on a model version whose tables are not stored here."""

    code = "model-not-kept"


def active_model(session: Session) -> Model:
    """Return the model in use: the version released here, else the one shipped with the software."""
    row = read_columns(session, _IN_USE).first()
    if row is None:
        return load_model()
    return kept_model(row.label, row.content_hash, lambda: tables_of(session, row.content_hash))


def model_of(session: Session, content_hash: str) -> Model:
    """Return the model that a record rests on.

    Raises
    ------
    ModelNotKeptError
        If its tables were never stored here.

    """
    if content_hash == load_model().content_hash:
        return load_model()
    row = read_columns(session, _BY_HASH, {"content_hash": content_hash}).first()
    if row is None:
        raise ModelNotKeptError(
            N_("The tables of model %(hash)s are not stored here, so that nothing can be calculated with it again."),
            hash=content_hash[:12],
        )
    return kept_model(row.label, content_hash, lambda: tables_of(session, content_hash))


def model_of_version(session: Session, version: ModelVersion) -> Model:
    """Return the model of a version, which may be a draft."""
    return kept_model(version.label, version.content_hash, lambda: read_tables(session, version))


def is_kept(session: Session, content_hash: str) -> bool:
    """Tell whether the tables of a content are stored as a version that records may rest on."""
    return read_columns(session, _BY_HASH, {"content_hash": content_hash}).first() is not None


def tables_of(session: Session, content_hash: str) -> Mapping[str, bytes]:
    """Return the tables of a content that is kept."""
    found = find_version(session, content_hash)
    if found is None:
        raise NotFoundError
    return read_tables(session, found)


def read_tables(session: Session, version: ModelVersion) -> Mapping[str, bytes]:
    """Return the tables of a version by file name."""
    wanted = set(version.tables.values())
    texts = {row.sha256: row.content for row in session.exec(select(ModelTable).where(col(ModelTable.sha256).in_(wanted)))}
    return {file: texts[digest].encode() for file, digest in version.tables.items()}


def get_version(session: Session, model_version_id: uuid.UUID) -> ModelVersion:
    """Return a version."""
    found = session.get(ModelVersion, model_version_id)
    if found is None:
        raise NotFoundError
    return found


def find_version(session: Session, content_hash: str) -> ModelVersion | None:
    """Return the version of a content that is no draft."""
    statement = select(ModelVersion).where(ModelVersion.content_hash == content_hash, col(ModelVersion.status) != ModelStatus.DRAFT)
    return session.exec(statement).first()


def released_versions(session: Session) -> Sequence[ModelVersion]:
    """Return the version released here, or the stored one of those shipped with the software."""
    return session.exec(select(ModelVersion).where(ModelVersion.status == ModelStatus.RELEASED)).all()


def all_versions(session: Session) -> Sequence[ModelVersion]:
    """Return all versions, the newest first; there are a few a year."""
    return session.exec(select(ModelVersion).order_by(col(ModelVersion.created_at).desc(), col(ModelVersion.id).desc())).all()


def labels(session: Session) -> frozenset[str]:
    """Return the labels taken."""
    return frozenset(session.exec(select(ModelVersion.label)))


def stored_tables(session: Session, digests: Iterable[str]) -> frozenset[str]:
    """Return which of these texts are stored, by SHA-256."""
    return frozenset(session.exec(select(ModelTable.sha256).where(col(ModelTable.sha256).in_(set(digests)))))


def read_table_text(session: Session, version: ModelVersion, file: str) -> bytes:
    """Return one table of a version."""
    return session.get_one(ModelTable, version.tables[file]).content.encode()
