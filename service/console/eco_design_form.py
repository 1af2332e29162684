"""From the form of a comparison, with fields such as `variants.1.quality.d50`, to what is compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from service.eco_design.schemas import MOST_VARIANTS, ComparisonInput, VariantInput
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.products.quality import PARAMETERS
from service.web.forms import field_error, field_name, parse_form

MOST_OVERLAYS = 3


class _Head(ComparisonInput):
    variants: Any = None


def read_comparison(form: FormData) -> ComparisonInput:
    """Read a comparison; a variant in whose fields nothing was typed is none.

    Raises
    ------
    InvalidInputError
        With one message per field, under the name that the field has in the form.

    """
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str) and value.strip()}
    problems: dict[str, ServiceError] = {}
    places = [place for place in range(MOST_VARIANTS) if any(name.startswith(f"variants.{place}.") for name in typed)]
    variants = [_variant(typed, place, problems) for place in places]
    if not places:
        problems["variants.0.name"] = FieldError(N_("Describe at least one variant."))
    unknown = {name for name in typed if name.startswith("variants.") and name not in _known(places)}
    problems |= {name: FieldError(N_("This field is not known here; reload the page.")) for name in unknown}
    head = _head(form, problems)
    if problems or head is None:
        raise InvalidInputError(problems)
    return ComparisonInput(**head, variants=[one for one in variants if one is not None])


def _head(form: FormData, problems: dict[str, ServiceError]) -> Mapping[str, Any] | None:
    fields = FormData([item for item in form.multi_items() if not item[0].startswith("variants.")])
    try:
        return parse_form(_Head, fields).model_dump(exclude={"variants"})
    except InvalidInputError as error:
        problems.update(error.fields)
        return None


def _variant(typed: Mapping[str, str], place: int, problems: dict[str, ServiceError]) -> VariantInput | None:
    start = f"variants.{place}."
    own = {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}
    raw: dict[str, object] = {
        **{key: own[key] for key in ("name", "cost_cny_per_kg") if key in own},
        "scenarios": [own[key] for key in _overlay_fields() if key in own],
        "quality": {one.key: own[f"quality.{one.key}"] for one in PARAMETERS if f"quality.{one.key}" in own},
    }
    try:
        return VariantInput.model_validate(raw)
    except ValidationError as error:
        problems.update({f"{start}{_field(field_name(item))}": field_error(item) for item in error.errors()})
        return None


def _field(name: str) -> str:
    """Return the control beside which a message stands: the first overlay for all of them."""
    return "scenarios.0" if name == "scenarios" else name


def _overlay_fields() -> Sequence[str]:
    return [f"scenarios.{place}" for place in range(MOST_OVERLAYS)]


def _known(places: Sequence[int]) -> set[str]:
    fields = ["name", "cost_cny_per_kg", *_overlay_fields(), *(f"quality.{one.key}" for one in PARAMETERS)]
    return {f"variants.{place}.{field}" for place in places for field in fields}
