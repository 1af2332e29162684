import uuid
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from service.accounts.models import OrganisationKind, Role


class Me(BaseModel):
    """Who is asking, as programs see it."""

    model_config = ConfigDict(frozen=True)

    user_id: uuid.UUID | None
    name: str
    roles: Sequence[Role]
    organisation_id: uuid.UUID
    organisation_kind: OrganisationKind
    organisation_name_zh: str
    organisation_name_en: str
    locale: str
