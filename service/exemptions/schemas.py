from typing import Annotated

from pydantic import Field, StringConstraints

from service.web.forms import FormInput

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ExemptionInput(FormInput):
    """A flow left out, with an estimate; the key is lower-case letters, digits and underscores."""

    flow: Annotated[_Text, StringConstraints(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
    name: Annotated[_Text, StringConstraints(max_length=200)]
    kg_co2e_per_kg: float = Field(ge=0, le=1000, allow_inf_nan=False)
    reason: Annotated[_Text, StringConstraints(max_length=500)]
    evidence: Annotated[_Text, StringConstraints(max_length=500)]
