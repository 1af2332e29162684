"""How a product is described to customers and their systems: classes, texts, quality; none of it changes a calculation."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, field_validator
from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.products.classifications import CPC_CODE, HS_CODE, Classes, classes_of, urns_of
from service.products.models import Product
from service.products.quality import BY_KEY, PARAMETERS, QualityParameter
from service.settings import URN
from service.web.forms import FieldErrorInValidator, FormInput

MOST_OTHERS = 20
LONGEST_URN = 250

Text = Annotated[str, Field(max_length=500)]


class ProductDescription(FormInput):
    """What a person may say of a product beside its recipe; `seen` is the state that the person saw."""

    cpc: str = Field(default="", max_length=10)
    hs: str = Field(default="", max_length=20)
    others: str = Field(default="", max_length=6000, description="URNs, one a line")
    description_zh: Text | None = None
    description_en: Text | None = None
    seen: str = Field(default="", max_length=64)

    @field_validator("cpc")
    @classmethod
    def is_cpc(cls, code: str) -> str:
        """Refuse what is no code of the UN classification."""
        if code and not CPC_CODE.fullmatch(code):
            raise FieldErrorInValidator(N_("“%(code)s” is not a CPC code; it has four or five digits."), code=code)
        return code

    @field_validator("hs")
    @classmethod
    def is_hs(cls, typed: str) -> str:
        """Refuse what is no customs code; dots and blanks are left out."""
        code = typed.replace(".", "").replace(" ", "")
        if code and not HS_CODE.fullmatch(code):
            raise FieldErrorInValidator(
                N_("“%(code)s” is not an HS code; it has six, eight or ten digits, such as 3801.10."), code=typed
            )
        return code

    @field_validator("others")
    @classmethod
    def are_urns(cls, typed: str) -> str:
        """Refuse a line that is no URN."""
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        for line in lines:
            if not URN.fullmatch(line) or len(line) > LONGEST_URN:
                raise FieldErrorInValidator(
                    N_("“%(line)s” is no URN; write urn:<namespace>:<code>, such as urn:eclass:21051001."), line=line[:LONGEST_URN]
                )
        if len(lines) > MOST_OTHERS or len({line.lower() for line in lines}) < len(lines):
            raise FieldErrorInValidator(N_("Give each class once, at most %(most)s of them."), most=MOST_OTHERS)
        return "\n".join(lines)


def read_quality(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the quality parameters that were typed, by key: value as typed and unit; what is empty is left out.

    Raises
    ------
    InvalidInputError
        By field `quality_<key>`: no number, or one that no powder can have.

    """
    errors, found = {}, {}
    for parameter in PARAMETERS:
        text = str(typed.get(f"quality_{parameter.key}", "")).strip().replace(",", ".")
        if text and _is_possible(text, parameter):
            found[parameter.key] = {"value": text, "unit": parameter.unit}
        elif text:
            errors[f"quality_{parameter.key}"] = FieldError(
                N_("“%(value)s” can't be: type a number from %(low)s to %(high)s %(unit)s, or leave it empty."),
                value=text,
                low=f"{parameter.low:g}",
                high=f"{parameter.high:g}",
                unit=parameter.unit,
            )
    if errors:
        raise InvalidInputError(errors)
    return found


def describe_product(
    session: Session,
    product: Product,
    fields: ProductDescription,
    *,
    quality: Mapping[str, Any],
    by: str,
    at: datetime,
) -> Product:
    """Change how a product is described; footprints stay up to date, and what was declared keeps its words.

    Raises
    ------
    StaleVersionError
        Somebody else changed it since `seen`.

    """
    if fields.seen and fields.seen != state_of(product):
        raise StaleVersionError
    classes = Classes(cpc=fields.cpc, hs=fields.hs, others=tuple(fields.others.splitlines()))
    product.classifications = urns_of(classes) or None
    product.description_zh, product.description_en = fields.description_zh or None, fields.description_en or None
    product.quality = {key: dict(quality[key]) for key in BY_KEY if key in quality} or None
    session.add(product)
    record(session, "product_described", of=product, by=by, at=at, classes=", ".join(product.classifications or ()))
    return product


def state_of(product: Product) -> str:
    """Return a mark of the present description, by which a form finds out that somebody was quicker."""
    said = [product.classifications, product.description_zh, product.description_en, product.quality]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def form_values(product: Product) -> dict[str, str]:
    """Return what a form shows of a product's description."""
    classes = classes_of(product.classifications)
    quality = product.quality or {}
    return {
        "cpc": classes.cpc,
        "hs": classes.hs,
        "others": "\n".join(classes.others),
        "description_zh": product.description_zh or "",
        "description_en": product.description_en or "",
        "seen": state_of(product),
        **{f"quality_{key}": str(one["value"]) for key, one in quality.items()},
    }


def _is_possible(text: str, parameter: QualityParameter) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return parameter.low <= value <= parameter.high
