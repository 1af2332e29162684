import uuid
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class OrgUnit(SQLModel, table=True):
    """A unit of the maker that answers for parts of the carbon plan: a department, a plant, a committee."""

    __tablename__ = "org_unit"
    __table_args__ = (UniqueConstraint("name_zh"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    is_active: bool = True
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
