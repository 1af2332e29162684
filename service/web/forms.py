"""From an HTML form to a validated input, and back to the person with each error beside its field, nothing typed lost."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from starlette.datastructures import FormData, UploadFile

from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import Locale, explain

RULES: Mapping[str, str] = {
    "missing": N_("Please fill this in."),
    "string_too_short": N_("Please fill this in; at least %(min_length)s characters."),
    "string_too_long": N_("At most %(max_length)s characters; shorten this."),
    "float_parsing": N_("“%(input)s” is not a number; type digits, for example 1250.5."),
    "int_parsing": N_("“%(input)s” is not a whole number; type digits, for example 12."),
    "int_from_float": N_("“%(input)s” is not a whole number; type digits, for example 12."),
    "finite_number": N_("“%(input)s” is not a number that can be used; type digits, for example 1250.5."),
    "greater_than": N_("%(input)s is too small; it must be more than %(gt)s."),
    "greater_than_equal": N_("%(input)s is too small; it must be at least %(ge)s."),
    "less_than": N_("%(input)s is too large; it must be less than %(lt)s."),
    "less_than_equal": N_("%(input)s is too large; it must be at most %(le)s."),
    "date_from_datetime_parsing": N_("“%(input)s” is not a date; write it as 2026-11-22."),
    "date_parsing": N_("“%(input)s” is not a date; write it as 2026-11-22."),
    "enum": N_("“%(input)s” is not one of the choices; pick one from the list."),
    "literal_error": N_("“%(input)s” is not one of the choices; pick one from the list."),
    "uuid_parsing": N_("“%(input)s” is not one of the choices; pick one from the list."),
    "string_pattern_mismatch": N_("“%(input)s” does not have the form expected; see the example beside the field."),
    "extra_forbidden": N_("This field is not known here; reload the page."),
    "value_error": N_("“%(input)s” can't be used: %(error)s."),
}
OTHER_RULE = N_("“%(input)s” can't be used here; check it.")
# Control characters but tab and line breaks, marks that reverse the direction of reading, lone surrogates.
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
INTEGER_MAX = 2**63 - 1
SYSTEM_FIELDS = frozenset({"csrf_token", "idempotency_key"})


class FormInput(BaseModel):
    """Base of everything parsed from a form or JSON: no unknown field, no infinite number, text trimmed."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def without_hidden_characters(cls, value: object) -> object:
        """Refuse, at any depth, what can't be stored everywhere or can't be seen: control characters, reversed reading."""
        if any(UNFIT.search(text) for text in _texts(value)):
            raise FieldErrorInValidator(N_("This contains a character that can't be stored; type it again."))
        return value

    @field_validator("*", mode="after")
    @classmethod
    def storable_integer(cls, value: object) -> object:
        """Refuse whole numbers that no database column holds."""
        if isinstance(value, int) and abs(value) > INTEGER_MAX:
            raise FieldErrorInValidator(N_("%(input)s is too large; it must be at most %(le)s."), input=value, le=INTEGER_MAX)
        return value


Version = Annotated[int, Field(ge=1, le=1_000_000)]


class VersionInput(FormInput):
    """A button on something that may have changed since its page was read."""

    version: Version


def _texts(value: object) -> Iterator[str]:
    """Return every text in a value; a stack of our own, because what was sent may be nested deeper than Python's."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one


Input = TypeVar("Input", bound=BaseModel)


def parse_form(model: type[Input], form: FormData, *, many: frozenset[str] = frozenset()) -> Input:
    """Validate a form; empty fields count as not given.

    Parameters
    ----------
    many
        Names of fields that may come several times (check boxes) and become lists.

    Raises
    ------
    InvalidInputError
        With one message per field.

    """
    raw: dict[str, Any] = {}
    for name in form:
        if name in SYSTEM_FIELDS:
            continue
        values = [value for value in form.getlist(name) if isinstance(value, UploadFile) or value.strip()]
        if values or name in many:
            raw[name] = values if name in many else values[0]
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise InvalidInputError({field_name(item): field_error(item) for item in error.errors()}) from error


def field_name(item: Mapping[str, Any]) -> str:
    """Return the field that a Pydantic error is about."""
    return ".".join(str(part) for part in item["loc"])


def field_error(item: Mapping[str, Any]) -> FieldError:
    """Turn a Pydantic error into ours; a ServiceError raised in a validator comes through as it is."""
    context = dict(item.get("ctx", {}))
    inner = context.get("error")
    if isinstance(inner, FieldErrorInValidator):
        return inner.inner
    given = item.get("input")
    shown = str(given)[:60] if isinstance(given, str | int | float) else "-"
    return FieldError(RULES.get(item["type"], OTHER_RULE), **{**context, "input": shown})


class FieldErrorInValidator(ValueError):  # noqa: N818 - the name says what it carries
    """Raise inside a Pydantic validator to give the form a message of its own."""

    def __init__(self, template: str, **values: object) -> None:
        self.inner = FieldError(template, **values)
        super().__init__(str(self.inner))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """What a form shows: the values as typed and the errors beside them.

    Attributes
    ----------
    values
        By field name, exactly as typed.
    errors
        By field name, in the reader's language; an empty name stands for the whole form.
    status
        HTTP status of a page that shows it: of a form that came back, the error's.

    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def value(self, name: str, default: object = "") -> str:
        """Return what a field shows."""
        return self.values.get(name, "" if default is None else str(default))

    def error(self, name: str) -> str | None:
        """Return the message beside a field, if any."""
        return self.errors.get(name)

    @property
    def first_error(self) -> str | None:
        """What is wrong, for a page of buttons that has no field to say it beside."""
        return next(iter(self.errors.values()), None)


def rejected(form: FormData, error: ServiceError, locale: Locale) -> FormState:
    """Return the state of a form that came back: everything typed, and what is wrong."""
    fields = error.fields if isinstance(error, InvalidInputError) else {"": error}
    return FormState(
        values={name: value for name, value in form.items() if isinstance(value, str) and name not in SYSTEM_FIELDS},
        errors={name: explain(locale, inner) for name, inner in fields.items()},
        status=error.status,
    )
