import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.modelling.models import ModelOrigin, ModelStatus
from service.web.forms import FormInput

Notes = Annotated[str, Field(min_length=1, max_length=2000)]


class DraftInput(FormInput):
    """What a person says when they begin a draft."""

    notes: Notes
    parent_id: uuid.UUID | None = None


class DescriptionInput(FormInput):
    """Why a draft is made, changed later."""

    notes: Notes
    version: int


class VersionInput(FormInput):
    """A button on a version that may have changed in the meantime."""

    version: int


class Out(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelOut(Out):
    """The model in use.

    `totals_kg_co2e` is the default route by furnace, kg CO2e per kg of packed anode material.
    """

    label: str
    content_hash: str
    model_version: str
    product: str
    declared_unit: str
    furnaces: Sequence[str]
    totals_kg_co2e: Mapping[str, float]
    processes: int
    parameters: int
    factors: int
    sources: int


class DefaultOut(Out):
    """Default of a parameter with one furnace; an empty furnace stands for all."""

    furnace: str
    formula: str
    low: float | None
    high: float | None
    distribution: str
    sources: Sequence[str]
    confidence: str


class AlternativeOut(Out):
    """A named value that may replace a default."""

    name: str
    value: float
    sources: Sequence[str]
    reason_en: str
    reason_zh: str
    note: str


class ParameterOut(Out):
    """A parameter of the model."""

    name: str
    group: str
    unit: str
    meaning_en: str
    meaning_zh: str
    default: float | str
    minimum: float | None
    maximum: float | None
    choices: Sequence[str]
    defaults: Sequence[DefaultOut]
    alternatives: Sequence[AlternativeOut]


class FactorOut(Out):
    """A factor: kg CO2e (kind direct_co2: kg CO2) per `unit`."""

    flow: str
    kind: str
    value: float
    unit: str
    low: float | None
    high: float | None
    distribution: str
    name_zh: str
    year: str
    region: str
    boundary: str
    factor_set: str
    confidence: str
    sources: Sequence[str]
    source_detail: str
    parameter: str
    used_by: Sequence[str]


class ModelVersionOut(Out):
    """A stored version; `is_in_use` tells which one calculates."""

    id: uuid.UUID
    label: str
    content_hash: str
    origin: ModelOrigin
    status: ModelStatus
    is_in_use: bool
    parent_label: str | None
    notes: str
    created_at: datetime
    released_at: datetime | None


class ParameterList(Out):
    """All parameters of the model in use."""

    model_version: str
    items: Sequence[ParameterOut]


class FactorList(Out):
    """The factor library of the model in use."""

    model_version: str
    items: Sequence[FactorOut]


class ModelVersionList(Out):
    """All stored versions, the newest first; the shipped one appears when a record rests on it."""

    model_version: str
    items: Sequence[ModelVersionOut]
