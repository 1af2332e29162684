"""Files behind a figure or a document, on the page of it: shown, attached, taken off, saved."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from service.accounts.access import Context
from service.accounts.limits import Limit
from service.accounts.queries import names_of_actors
from service.console.choices import Options
from service.database import new_id
from service.evidence.models import AttachedFile, Scan
from service.web.forms import FormInput, FormState

UPLOADS: Final = (Limit(name="upload-address", tries=120, per_s=3600),)
KIB: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file; `href` is None where a scanner found something in it."""

    name: str
    href: str | None
    size_kib: int
    sha256: str
    attached_by: str
    attached_at: datetime
    scan: Scan
    shows_place: bool
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedLine:
    """A file that was taken off."""

    name: str
    sha256: str
    removed_by: str
    removed_at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFiles:
    """The files of one figure or document.

    Attributes
    ----------
    path
        Where files are sent to; that of taking one off and of each file lies below it.
    removable
        Those that may be taken off.
    kept_because
        Why the others may not, in words; empty without any.

    """

    path: str
    files: Sequence[FileLine]
    removed: Sequence[RemovedLine]
    may_attach: bool
    removable: Options
    kept_because: str
    form: FormState
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


class RemoveFileForm(FormInput):
    """Which file is taken off, and why."""

    file_id: uuid.UUID
    removal_reason: Annotated[str, Field(min_length=2, max_length=500)]


def attached_files(
    context: Context,
    files: Sequence[AttachedFile],
    *,
    path: str,
    may_attach: bool,
    may_remove: Callable[[AttachedFile], bool],
    kept_because: str,
    form: FormState,
) -> AttachedFiles:
    """Return the files of one figure or document as a page shows them."""
    standing = [one for one in files if one.removed_at is None]
    names = names_of_actors(context.session, {actor for one in files for actor in (one.attached_by, one.removed_by) if actor})
    removable = [one for one in standing if may_remove(one)]
    return AttachedFiles(
        path=path,
        files=[_line(one, path, names.get(one.attached_by, "–")) for one in standing],
        removed=[
            RemovedLine(
                name=one.name,
                sha256=one.sha256,
                removed_by=names.get(one.removed_by or "", "–"),
                removed_at=one.removed_at,
                because=one.removed_because or "",
            )
            for one in files
            if one.removed_at is not None
        ],
        may_attach=may_attach,
        removable=[(str(one.id), one.name) for one in removable],
        kept_because=kept_because if len(removable) < len(standing) else "",
        form=form,
    )


def _line(one: AttachedFile, path: str, attached_by: str) -> FileLine:
    return FileLine(
        name=one.name,
        href=None if one.scan is Scan.INFECTED else f"{path}/{one.id}",
        size_kib=-(-one.size_bytes // KIB),
        sha256=one.sha256,
        attached_by=attached_by,
        attached_at=one.attached_at,
        scan=one.scan,
        shows_place=one.shows_place,
        is_sample=one.is_sample,
    )
