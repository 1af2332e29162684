from typing import Annotated

from pydantic import Field, StringConstraints

from service.web.forms import FormInput

ParameterName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[a-z][A-Za-z0-9_]*$")
]


class FactorInput(FormInput):
    """Which activity a parameter takes its value from; the number is the activity's place in the background."""

    parameter: ParameterName
    activity: int = Field(ge=0, le=10_000_000)


class FactorRemoval(FormInput):
    """Which parameter has its default again."""

    parameter: ParameterName


class BackgroundSwitch(FormInput):
    """The background as the person saw it."""

    version: int = Field(ge=1, le=1_000_000_000)


class ActivityFilter(FormInput):
    """What to look for, and for which parameter."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = None
    parameter: ParameterName | None = None
