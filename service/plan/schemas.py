from typing import Annotated

from pydantic import Field

from service.web.forms import FormInput

Name = Annotated[str, Field(min_length=1, max_length=100)]


class OrgUnitInput(FormInput):
    """A unit as it is typed."""

    name_zh: Name
    name_en: Name
    is_active: bool = True
