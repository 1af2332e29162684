import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import false
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written


class Scan(StrEnum):
    """What a virus scanner said of a file."""

    UNSCANNED = "unscanned"
    CLEAN = "clean"
    INFECTED = "infected"


class FileColumns(SQLModel):
    """What a row says of a file whose bytes lie outside the web root, by their hash; a table adds whose file it is."""

    name: str = Field(max_length=255, description="as uploaded; never part of a path")
    media_type: str = Field(max_length=80, description="found from the content")
    size_bytes: int
    sha256: str = Field(max_length=64, index=True)
    shows_place: bool = Field(default=False, sa_column_kwargs={"server_default": false()}, description="a photo that tells where")
    scan: Scan = Field(
        default=Scan.UNSCANNED, sa_type=text_enum(Scan), sa_column_kwargs={"server_default": Scan.UNSCANNED.value}, index=True
    )
    scanned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AttachedFile(FileColumns, table=True):
    """A file behind something that the company itself has entered; a table of the domain says behind what.

    Taken off again, the row stays with the reason, and the bytes are handed out no more.
    """

    __tablename__ = "attached_file"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    attached_by: str = Field(max_length=80)
    attached_at: datetime = Field(sa_type=UtcDateTime)
    removed_by: str | None = Field(default=None, max_length=80)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_because: str | None = Field(default=None, max_length=500)
    is_sample: bool = False


class FileKeptError(ConflictError):
    """A row of a file, or of what it stands behind, was to be changed or deleted."""

    code = "attached-file-kept"


def _kept(row: SQLModel, changed: str) -> FileKeptError:
    del row
    return FileKeptError(
        N_("What was attached is kept as it came (%(changed)s); take the file off, with a reason."), changed=changed
    )


def keep_link_as_written(link: type[SQLModel]) -> None:
    """Let a table's rows, each naming a file and what it stands behind, never change."""
    keep_as_written(link, refuse=_kept)


# A file's name and a reason may name somebody who has a right to be forgotten.
keep_as_written(
    AttachedFile, refuse=_kept, changeable={"name", "scan", "scanned_at", "removed_by", "removed_at", "removed_because"}
)
