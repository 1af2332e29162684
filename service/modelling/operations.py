"""Every write on model versions: keep what records rest on, draft, edit, release."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from lca_models.errors import ModelError
from lca_models.methods.exemption import Exemption
from lca_models.model import Model, load_model, read_model, shipped_tables
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError, StaleVersionError
from service.modelling import queries, rules
from service.modelling.models import ModelOrigin, ModelStatus, ModelTable, ModelVersion

SYSTEM: Final = "system"


def keep_model(session: Session, model: Model, *, at: datetime) -> None:
    """Store the tables of a model that a record is about to rest on, if they are not stored yet.

    Versions made here are stored when they are made, so that only the shipped model can be missing. It replaces the shipped
    model of an earlier release of the software.
    """
    if queries.is_kept(session, model.content_hash):
        return
    earlier = update(ModelVersion).where(
        col(ModelVersion.origin) == ModelOrigin.SHIPPED, col(ModelVersion.status) == ModelStatus.RELEASED
    )
    try:
        with session.begin_nested():
            session.connection().execute(earlier.values(status=ModelStatus.RETIRED))
            version = _shipped_version(session, at=at)
            session.add(version)
    except IntegrityError:  # another transaction has just stored the same
        return
    record(session, "model_version_kept", of=version, by=SYSTEM, at=at, content_hash=version.content_hash)


def _shipped_version(session: Session, *, at: datetime) -> ModelVersion:
    return ModelVersion(
        label=load_model().version,
        content_hash=load_model().content_hash,
        tables=_store_tables(session, shipped_tables()),
        origin=ModelOrigin.SHIPPED,
        status=ModelStatus.RELEASED,
        notes="",
        created_by=SYSTEM,
        created_at=at,
        released_by=SYSTEM,
        released_at=at,
    )


def create_draft(session: Session, *, notes: str, by: str, at: datetime, parent: ModelVersion | None = None) -> ModelVersion:
    """Begin a draft with the tables of another version, of the one in use if `parent` is None."""
    model = queries.active_model(session) if parent is None else queries.model_of_version(session, parent)
    if parent is None:
        keep_model(session, model, at=at)
        parent = queries.find_version(session, model.content_hash)
    if parent is None:
        raise NotFoundError
    draft = ModelVersion(
        label=rules.next_label(load_model().version, queries.labels(session)),
        content_hash=parent.content_hash,
        tables=dict(parent.tables),
        origin=ModelOrigin.EDITED,
        parent_hash=parent.content_hash,
        parent_label=parent.label,
        notes=notes,
        created_by=by,
        created_at=at,
        edited_by=[by],
    )
    session.add(draft)
    session.flush()  # the label may have been taken in the meantime
    record(session, "model_draft_created", of=draft, by=by, at=at, label=draft.label, parent=parent.label)
    return draft


def replace_tables(
    session: Session, model_version_id: uuid.UUID, changed: Mapping[str, bytes], *, version: int, by: str, at: datetime
) -> ModelVersion:
    """Give a draft other tables; the model must be readable with them, else nothing is stored.

    Parameters
    ----------
    changed
        New content by file name; the tables not named stay.
    version
        Of the draft as the person saw it.

    Raises
    ------
    ModelError
        What is wrong, with table, line, column, value and fix.
    InvalidInputError
        If a name is no table of the model.

    """
    draft = lock_draft(session, model_version_id, version=version)
    tables = {**queries.read_tables(session, draft), **changed}
    unknown = sorted(set(tables) - set(draft.tables))
    if unknown:
        raise InvalidInputError({"": unknown_table(unknown[0], draft.tables)})
    model = read_model(tables, version=draft.label)
    if model.content_hash == draft.content_hash:
        return draft
    draft.tables = _store_tables(session, tables)
    draft.content_hash = model.content_hash
    draft.version += 1
    draft.edited_by = sorted({*draft.edited_by, by})
    record(session, "model_draft_changed", of=draft, by=by, at=at, tables=", ".join(sorted(changed)), hash=model.content_hash)
    return draft


def describe_draft(
    session: Session, model_version_id: uuid.UUID, *, notes: str, version: int, by: str, at: datetime
) -> ModelVersion:
    """Change the reason that a draft gives."""
    draft = lock_draft(session, model_version_id, version=version)
    draft.notes = notes
    draft.version += 1
    record(session, "model_draft_described", of=draft, by=by, at=at)
    return draft


def discard_draft(session: Session, model_version_id: uuid.UUID, *, version: int, by: str, at: datetime) -> None:
    """Throw a draft away; no record can rest on it."""
    draft = lock_draft(session, model_version_id, version=version)
    record(session, "model_draft_discarded", of=draft, by=by, at=at, label=draft.label, hash=draft.content_hash)
    session.delete(draft)


def release(
    session: Session, model_version_id: uuid.UUID, *, exemptions: Sequence[Exemption], version: int, by: str, at: datetime
) -> ModelVersion:
    """Let a second person put a version to use: a draft, or one used earlier; the version in use until now is retired.

    Parameters
    ----------
    exemptions
        The ledger of flows left out that counts here.
    version
        Of the row as the person saw it.

    Raises
    ------
    SamePersonError
        If the person began or changed the version.
    ReleaseRefusedError
        If anything speaks against it; names every obstacle.

    """
    wanted = _lock(session, model_version_id, version=version)
    rules.check_release(wanted, by=by, shipped_hash=load_model().content_hash)
    same = queries.find_version(session, wanted.content_hash)
    if same is not None and same.id != wanted.id:
        raise rules.SameContentError(label=wanted.label, other=same.label)
    checks = rules.check_model(queries.model_of_version(session, wanted), exemptions=exemptions)
    if checks.obstacles:
        raise rules.ReleaseRefusedError(wanted.label, checks.obstacles)
    _retire(session, queries.released_versions(session), by=by, at=at)
    wanted.status = ModelStatus.RELEASED
    wanted.version += 1
    wanted.released_by = by
    wanted.released_at = at
    wanted.checks = checks.as_dict()
    record(session, "model_version_released", of=wanted, by=by, at=at, label=wanted.label, hash=wanted.content_hash)
    return wanted


def lock_draft(session: Session, model_version_id: uuid.UUID, *, version: int) -> ModelVersion:
    """Return a draft that nobody else changes until the end of the transaction."""
    draft = _lock(session, model_version_id, version=version)
    if draft.status is not ModelStatus.DRAFT:
        raise ConflictError(
            N_("Model %(label)s is released; records rest on it. Begin a draft from it and change that."), label=draft.label
        )
    return draft


def unknown_table(name: str, known: Mapping[str, Any]) -> FieldError:
    """Return the error for a table that the model does not have."""
    return FieldError(
        N_("“%(name)s” is no table of the model. Name the file like one of: %(known)s."), name=name, known=", ".join(sorted(known))
    )


def as_field_error(error: ModelError) -> FieldError:
    """Return what the model said as an error of a form."""
    return FieldError(error.template, **error.values)


def _lock(session: Session, model_version_id: uuid.UUID, *, version: int) -> ModelVersion:
    found = session.get(ModelVersion, model_version_id, with_for_update=True)
    if found is None:
        raise NotFoundError
    if found.version != version:
        raise StaleVersionError
    return found


def _retire(session: Session, versions: Iterable[ModelVersion], *, by: str, at: datetime) -> None:
    """Take versions out of use; flushed at once because only one may be in use."""
    for version in versions:
        version.status = ModelStatus.RETIRED
        version.version += 1
        record(session, "model_version_retired", of=version, by=by, at=at, label=version.label)
    session.flush()


def _store_tables(session: Session, tables: Mapping[str, bytes]) -> dict[str, str]:
    """Store the texts that are not stored yet; return the SHA-256 of each by file name."""
    digests = {file: hashlib.sha256(content).hexdigest() for file, content in sorted(tables.items())}
    present = queries.stored_tables(session, digests.values())
    missing = {digest: tables[file] for file, digest in digests.items() if digest not in present}
    session.add_all(ModelTable(sha256=digest, content=content.decode()) for digest, content in missing.items())
    return digests
