from datetime import datetime
from enum import StrEnum

from sqlalchemy import false
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, text_enum


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
