import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from service.product_footprints.models import DeclaredStatus


class DeclaredFootprintOut(BaseModel):
    """A declared footprint as staff and their systems get it.

    Attributes
    ----------
    document
        PACT v3 ProductFootprint with its present status.

    """

    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID
    record_id: uuid.UUID
    product_id: uuid.UUID
    status: DeclaredStatus
    preceding_ids: list[str]
    valid_from: datetime
    valid_until: datetime
    declared_at: datetime
    deprecated_at: datetime | None
    document_sha256: str
    document: dict[str, Any]


class DeclaredFootprintPage(BaseModel):
    """One page; `next_after` is the `after` of the next one, None on the last."""

    model_config = ConfigDict(extra="forbid")

    items: list[DeclaredFootprintOut]
    next_after: uuid.UUID | None
