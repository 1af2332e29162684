import uuid
from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class ExemptedFlow(SQLModel, table=True):
    """A flow that this deployment leaves out of its footprints, or its own estimate for one that the model leaves out.

    Rows never change but for their withdrawal, so that the ledger of any day can be told.
    """

    __tablename__ = "exempted_flow"
    __table_args__ = (
        Index(
            "uq_exempted_flow_in_force",
            "flow",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    flow: str = Field(max_length=60, description="key; that of a flow in the model's ledger takes its place")
    name: str = Field(max_length=200)
    kg_co2e_per_kg: float = Field(description="estimate, per kg of product")
    reason: str = Field(max_length=500)
    evidence: str = Field(max_length=500, description="arithmetic or document behind the estimate")
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
