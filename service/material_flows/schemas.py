import uuid
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from service.errors import N_
from service.material_flows.catalogue import materials, nodes
from service.material_flows.models import Custody, FlowBasis, FlowKind, Treatment
from service.web.forms import FieldErrorInValidator, FormInput

Name = Annotated[str, Field(min_length=1, max_length=100)]
Evidence = Annotated[str, Field(min_length=1, max_length=300)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Tonnes = Annotated[float, Field(gt=0.0, le=10_000_000.0)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class PeriodInput(FormInput):
    """Days from and to, both included."""

    period_start: Day
    period_end: Day

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.period_end < self.period_start:
            raise FieldErrorInValidator(
                N_("The period ends (%(end)s) before it begins (%(start)s); correct one of the two days."),
                start=self.period_start,
                end=self.period_end,
            )
        return self


class AccountInput(PeriodInput):
    """A material account as it is opened."""

    plant_id: uuid.UUID
    tolerance: Annotated[float, Field(gt=0.0, le=0.2)] = 0.02


class FlowInput(FormInput):
    """A flow of an account as it is typed."""

    account_id: uuid.UUID
    from_node: str
    to_node: str
    material: str
    kind: FlowKind
    basis: FlowBasis = FlowBasis.MEASURED
    amount_t: Annotated[float, Field(ge=0.0, le=10_000_000.0)]
    treatment: Treatment | None = None
    is_hazardous: bool = False
    evidence: Annotated[str, Field(max_length=300)] = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for key, known in ((self.from_node, nodes()), (self.to_node, nodes()), (self.material, materials())):
            if key not in known:
                raise FieldErrorInValidator(N_("“%(key)s” is not in the list of places and materials; pick one."), key=key)
        if nodes()[self.from_node].is_outside and nodes()[self.to_node].is_outside:
            raise FieldErrorInValidator(N_("A flow begins or ends at a process of the plant; both ends are outside it."))
        if self.kind is FlowKind.WASTE and self.treatment is None:
            raise FieldErrorInValidator(N_("Say what becomes of the waste: choose its treatment."))
        if self.basis is FlowBasis.MEASURED and not self.evidence:
            raise FieldErrorInValidator(N_("A measured amount needs its evidence: the weigh-bridge slips or the stock ledger."))
        return self


class SourceInput(FormInput):
    """A source of recycled material as it is typed."""

    name_zh: Name
    name_en: Name
    supplier_id: uuid.UUID | None = None
    material: str
    custody: Custody
    certificate_no: Annotated[str, Field(min_length=1, max_length=80)]
    valid_from: Day
    valid_until: Day
    conversion: Annotated[float, Field(gt=0.0, le=1.0)]

    @model_validator(mode="after")
    def _holds_for_some_time(self) -> Self:
        if self.valid_until < self.valid_from:
            raise FieldErrorInValidator(
                N_("The certificate ends (%(end)s) before it begins (%(start)s); copy both days from the certificate."),
                start=self.valid_from,
                end=self.valid_until,
            )
        if self.material not in materials():
            raise FieldErrorInValidator(N_("“%(key)s” is not in the list of places and materials; pick one."), key=self.material)
        return self


class ReceiptInput(FormInput):
    """A delivery as it is typed."""

    source_id: uuid.UUID
    received_on: Day
    amount_t: Tonnes
    pre_consumer_share: Share = 0.0
    post_consumer_share: Share = 0.0
    batch: Annotated[str, Field(min_length=1, max_length=60)]
    evidence: Evidence

    @model_validator(mode="after")
    def _is_recycled(self) -> Self:
        total = self.pre_consumer_share + self.post_consumer_share
        if not 0.0 < total <= 1.0:
            raise FieldErrorInValidator(
                N_("The two recycled shares add up to %(total)s; together they must be more than 0 and at most 1."),
                total=f"{total:g}",
            )
        return self


class ClaimInput(PeriodInput):
    """A claim as it is proposed."""

    source_id: uuid.UUID
    product_id: uuid.UUID
    claimed_t: Tonnes
    evidence: Evidence

    @model_validator(mode="after")
    def _lies_in_one_year(self) -> Self:
        if self.period_start.year != self.period_end.year:
            raise FieldErrorInValidator(
                N_(
                    "The claim runs from %(start)s to %(end)s; receipts balance within a calendar year, so make one claim for each."
                ),
                start=self.period_start,
                end=self.period_end,
            )
        return self
