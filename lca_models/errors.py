"""Errors of the model: an English message id with ``%(name)s`` placeholders, so that the service can translate them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark for translation"
    """Mark a message for extraction without translating it here."""
    return message


class ModelError(Exception):
    """Root of all errors of the model.

    Attributes
    ----------
    template
        English message id with ``%(name)s`` placeholders.
    values
        What fills the placeholders.

    """

    code: ClassVar[str] = "model-error"

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values: Mapping[str, object] = values
        super().__init__(template % values if values else template)


class TableError(ModelError):
    """A file or cell that can't be used; names file, line, column, value and fix."""

    code = "model-table"


class UnitError(ModelError):
    """Two units that do not convert into each other exactly."""

    code = "model-unit"


class FormulaError(ModelError):
    """A formula that is not allowed or has no finite value."""

    code = "model-formula"


class ParameterError(ModelError):
    """A parameter that does not exist or a value it can't take.

    Attributes
    ----------
    parameter
        Name of the parameter, so that a form can show the message beside its field.

    """

    code = "model-parameter"

    def __init__(self, template: str, *, parameter: str, **values: object) -> None:
        self.parameter = parameter
        super().__init__(template, parameter=parameter, **values)


class UncertaintyError(ModelError):
    """A distribution, a number of draws or a design of points that can't be used."""

    code = "model-uncertainty"


class LinkError(ModelError):
    """Flows that link to nothing, or to too much."""

    code = "model-link"


class DirectCo2FactorError(ModelError):
    """A direct-CO2 electricity factor where a product footprint needs a life-cycle factor."""

    code = "model-direct-co2-factor"


class FactorSetError(ModelError):
    """A factor set that does not exist, lacks a factor, or is of the wrong kind."""

    code = "model-factor-set"


class ScenarioError(ModelError):
    """A scenario that does not exist or can't be evaluated."""

    code = "model-scenario"


class ComparisonError(ModelError):
    """Two footprints whose difference can't be told apart into changes."""

    code = "model-comparison"


class SingularSystemError(ModelError):
    """A system of processes that can't deliver its product."""

    code = "model-singular"


class OracleDisagreementError(ModelError):
    """The engine and Brightway give different results for the same matrices."""

    code = "model-oracle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a reader of a result must know; translated like an error.

    Attributes
    ----------
    parameter
        The parameter it is about; empty if none.

    """

    template: str
    values: Mapping[str, object]
    parameter: str = ""

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template

    def as_dict(self) -> dict[str, object]:
        """Return what a stored result keeps."""
        return {"template": self.template, "values": dict(self.values), "text": str(self)}
