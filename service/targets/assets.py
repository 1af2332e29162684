"""Carbon assets: units used once, never netted from an inventory or a footprint."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import fsum

from sqlmodel import Session, col, select

from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.registers.operations import change_row, end_row
from service.registers.queries import get_row
from service.targets.models import REMOVAL_KINDS, AssetUse, CarbonAsset, ResidualPlan
from service.targets.schemas import AssetUseInput, CarbonAssetInput


class AssetUsedError(ConflictError):
    """Units of a carbon asset are used already: cancelled units can't be cancelled, changed or ended again."""

    code = "asset-used"

    def __init__(self, asset: CarbonAsset, use: AssetUse) -> None:
        super().__init__(
            N_("%(serial)s was used for %(year)s on %(day)s already (%(purpose)s); units count once. Take other units."),
            serial=asset.serial,
            year=use.for_year,
            day=use.cancelled_on.isoformat(),
            purpose=use.purpose,
        )


def find_use(session: Session, asset_id: uuid.UUID) -> AssetUse | None:
    """Return what units were used for; None while they are held."""
    return session.exec(select(AssetUse).where(AssetUse.asset_id == asset_id)).first()


def use_asset(
    session: Session,
    asset_id: uuid.UUID,
    fields: AssetUseInput,
    *,
    today: date,
    by: str,
    at: datetime,
    is_sample: bool = False,
) -> AssetUse:
    """Record once what units were cancelled or surrendered for.

    Raises
    ------
    AssetUsedError
        If they are used already.
    InvalidInputError
        If they were cancelled before they came about, or are said to be cancelled in the future.

    """
    asset = get_row(session, CarbonAsset, asset_id)
    if (present := find_use(session, asset_id)) is not None:
        raise AssetUsedError(asset, present)
    if asset.ended_at is not None:
        raise ConflictError(N_("This has ended and is kept as it was; add a new row instead."))
    _check_day(asset, fields.cancelled_on, today)
    use = AssetUse(**fields.model_dump(), asset_id=asset_id, recorded_by=by, recorded_at=at, is_sample=is_sample)
    session.add(use)
    # Two people at once: the second is told.
    flush_unless_taken(session, ConflictError(N_("Somebody else has just recorded a use of these units. Look at the list.")))
    record(session, "carbon_asset_used", of=asset, by=by, at=at, for_year=fields.for_year, amount_t_co2e=asset.amount_t_co2e)
    return use


def change_asset(
    session: Session, asset_id: uuid.UUID, fields: CarbonAssetInput, *, version: int, by: str, at: datetime
) -> CarbonAsset:
    """Correct an asset that has not been used."""
    _refuse_used(session, asset_id)
    return change_row(session, CarbonAsset, asset_id, fields, version=version, by=by, at=at)


def end_asset(session: Session, asset_id: uuid.UUID, *, reason: str, version: int, by: str, at: datetime) -> CarbonAsset:
    """End an asset that was sold or entered in error; one that was used stays."""
    _refuse_used(session, asset_id)
    return end_row(session, CarbonAsset, asset_id, reason=reason, version=version, by=by, at=at)


def _refuse_used(session: Session, asset_id: uuid.UUID) -> None:
    if (present := find_use(session, asset_id)) is not None:
        raise AssetUsedError(get_row(session, CarbonAsset, asset_id), present)


def _check_day(asset: CarbonAsset, day: date, today: date) -> None:
    if day.year < asset.vintage:
        error = FieldError(
            N_("%(day)s lies before %(vintage)s, the year of these units; check the day of cancellation."),
            day=day.isoformat(),
            vintage=asset.vintage,
        )
        raise InvalidInputError({"cancelled_on": error})
    if day > today:
        error = FieldError(N_("%(day)s is still to come; record the use once the registry has confirmed it."), day=day.isoformat())
        raise InvalidInputError({"cancelled_on": error})


@dataclass(frozen=True, slots=True, kw_only=True)
class NeutralYear:
    """One year on the way to neutrality; the parts are never taken off each other.

    Attributes
    ----------
    planned_residual_t_co2, planned_removal_t_co2e
        As planned; None where no plan names the year.
    removed_t_co2e
        Removals cancelled for the year, with proof.
    open_t_co2
        Planned residual less planned removals: what the plan leaves without an answer.

    """

    year: int
    planned_residual_t_co2: float | None
    planned_removal_t_co2e: float | None
    removed_t_co2e: float
    source: str | None

    @property
    def open_t_co2(self) -> float | None:
        """What the plan leaves without a removal; negative where it removes more."""
        if self.planned_residual_t_co2 is None or self.planned_removal_t_co2e is None:
            return None
        return self.planned_residual_t_co2 - self.planned_removal_t_co2e


def neutral_years(session: Session) -> Sequence[NeutralYear]:
    """Return the years with a plan of residuals or a removal cancelled for them, in order."""
    plans = {one.year: one for one in session.exec(select(ResidualPlan).where(col(ResidualPlan.ended_at).is_(None))).all()}
    removed = [(use.for_year, asset.amount_t_co2e) for asset, use in used_removals(session)]
    return [
        NeutralYear(
            year=year,
            planned_residual_t_co2=plans[year].residual_t_co2 if year in plans else None,
            planned_removal_t_co2e=plans[year].removal_t_co2e if year in plans else None,
            removed_t_co2e=fsum(amount for for_year, amount in removed if for_year == year),
            source=plans[year].source if year in plans else None,
        )
        for year in sorted({*plans, *(for_year for for_year, _ in removed)})
    ]


def used_removals(session: Session) -> Sequence[tuple[CarbonAsset, AssetUse]]:
    """Return removals that were cancelled, with what for; allowances and credits are none."""
    query = (
        select(CarbonAsset, AssetUse)
        .join(AssetUse, col(AssetUse.asset_id) == CarbonAsset.id)
        .where(col(CarbonAsset.kind).in_(sorted(REMOVAL_KINDS)))
        .order_by(col(AssetUse.for_year), CarbonAsset.serial)
    )
    return session.exec(query).all()
