"""The statement on what became of a target: base, target, actual, met or missed on every basis, with the whole arithmetic."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import rfc8785
from sqlmodel import Session, select

from service.audit.operations import record
from service.errors import N_, ConflictError, NotFoundError, SamePersonError, StaleVersionError
from service.strategy.trajectories import Light, gap_amount, light
from service.targets.catalogue import AMOUNT_UNITS, Basis, DefinitionKey, Indicator, PlanTarget, unit_of
from service.targets.definitions import Reading, reading_of
from service.targets.figures import YearFigures
from service.targets.gathering import closed_years, figures_of
from service.targets.models import ApprovedSettlementError, SettlementStatus, TargetSettlement
from service.targets.output import BASE_YEAR

FORMAT: Final = "anodeprint-target-settlement/1"


class NotSettledError(ConflictError):
    """A statement can't be drawn up yet."""

    code = "not-settled"


def find_settlement(session: Session, year: int) -> TargetSettlement | None:
    """Return the statement on the target of a year, drafted or approved."""
    return session.exec(select(TargetSettlement).where(TargetSettlement.target_year == year)).first()


def settle(session: Session, target: PlanTarget, *, at: datetime) -> Mapping[str, Any]:
    """Return the content of a statement from the closed inventories of 2021 and of the target's year.

    Raises
    ------
    NotSettledError
        Naming the year that is open, not complete, or without output.

    """
    reading = reading_of(session)
    closed = closed_years(session)
    for year in (BASE_YEAR, target.year):
        if year not in closed:
            raise NotSettledError(N_("The inventory of %(year)s is not closed. Close it, then draw up the statement."), year=year)
    base, actual = (figures_of(session, year, reading, at=at) for year in (BASE_YEAR, target.year))
    return settlement_of(target, base, actual, reading)


def settlement_of(target: PlanTarget, base: YearFigures, actual: YearFigures, reading: Reading) -> Mapping[str, Any]:
    """Return the content of a statement from the figures of two years; numbers are kept in full.

    Raises
    ------
    NotSettledError
        Naming the year whose output value or tonnes are missing.

    """
    for one in (base, actual):
        if one.output is None or one.output.current_price_10k_cny is None or not one.output.total_t:
            raise NotSettledError(
                N_("The output value or the tonnes of %(year)s are not entered. Enter them under output."), year=one.year
            )
    rows = [
        _row(target, base, actual, indicator, basis, with_toll=with_toll)
        for indicator in target.ratios
        for basis in Basis
        for with_toll in ((False, True) if indicator is Indicator.CO2 else (False,))
    ]
    return {
        "format": FORMAT,
        "target": target.year,
        "base_year": base.year,
        "reading": {
            "scope": reading.scope.value,
            "price_basis": reading.price_basis.value,
            "energy_convention": reading.energy_convention.value,
        },
        "not_defined_in_the_plan": sorted(key.value for key in reading.undefined),
        "definitions": {key.value: {"value": row.value, "evidence": row.evidence} for key, row in _shown(reading).items()},
        "years": [_year(one) for one in (base, actual)],
        "rows": rows,
        "price_decides": _price_decides(rows),
        "factor_drift": _drift(base, actual),
        "is_sample": base.is_sample or actual.is_sample,
    }


def _shown(reading: Reading) -> Mapping[DefinitionKey, Any]:
    return {key: reading.rows[key] for key in sorted(reading.rows)}


def _year(one: YearFigures) -> Mapping[str, Any]:
    output = one.output
    return {
        "year": one.year,
        "inventory": {
            "status": one.inventory.status,
            "snapshot_id": one.inventory.snapshot_id,
            "sha256": one.inventory.sha256,
            "complete": one.is_complete,
        },
        "energy_tce": one.amount(Indicator.ENERGY),
        "co2_t": one.amount(Indicator.CO2),
        "co2_with_toll_t": one.amount(Indicator.CO2, with_toll=True),
        "current_price_10k_cny": output.current_price_10k_cny if output else None,
        "price_index": output.price_index if output else None,
        "constant_price_10k_cny": output.constant_price_10k_cny if output else None,
        "anode_t": output.total_t if output else None,
        "output_source": output.source if output else None,
    }


def _row(
    target: PlanTarget, base: YearFigures, actual: YearFigures, indicator: Indicator, basis: Basis, *, with_toll: bool
) -> Mapping[str, Any]:
    ratio = target.ratios[indicator]
    before, after = (one.figure(indicator, basis, with_toll=with_toll) for one in (base, actual))
    required = None if before is None else before * ratio
    return {
        "indicator": indicator.value,
        "basis": basis.value,
        "with_toll": with_toll,
        "unit": unit_of(indicator, basis),
        "amount_unit": AMOUNT_UNITS[indicator],
        "base_amount": base.amount(indicator, with_toll=with_toll),
        "base_volume": base.volume(basis),
        "base": before,
        "ratio": ratio,
        "required": required,
        "actual_amount": actual.amount(indicator, with_toll=with_toll),
        "actual_volume": actual.volume(basis),
        "actual": after,
        "change": None if not before or after is None else after / before - 1,
        "gap": None if required is None or after is None else gap_amount(after, required, volume=actual.volume(basis) or 0.0),
        "met": None if required is None or after is None else light(after, required) is Light.GREEN,
    }


def _price_decides(rows: list[Mapping[str, Any]]) -> list[str]:
    """Return the indicators that are met at current prices and missed per tonne, or the reverse."""
    met = {(row["indicator"], row["basis"]): row["met"] for row in rows if not row["with_toll"]}
    return [
        indicator
        for indicator in dict.fromkeys(row["indicator"] for row in rows)
        if None not in (by_price := met[indicator, Basis.CURRENT_PRICE.value], by_tonne := met[indicator, Basis.PER_TONNE.value])
        and by_price is not by_tonne
    ]


def _drift(base: YearFigures, actual: YearFigures) -> Mapping[str, Any]:
    """Return what the grid did and not the company: own CO2 at the grid factors of the year and at those of 2021, by location."""
    return {
        "by_location_t_co2": actual.by_location_t_co2,
        "at_base_factors_t_co2": actual.at_base_factors_t_co2,
        "difference_t_co2": actual.by_location_t_co2 - actual.at_base_factors_t_co2,
        "base_year": base.year,
    }


def draft_settlement(session: Session, target: PlanTarget, *, by: str, at: datetime, is_sample: bool = False) -> TargetSettlement:
    """Draw up the statement, or draw it up anew while nobody has approved it."""
    content = dict(settle(session, target, at=at))
    present = find_settlement(session, target.year)
    if present is not None and present.status is SettlementStatus.APPROVED:
        raise ApprovedSettlementError(
            N_("The statement on the targets of %(year)s is approved and can't change any more."), year=target.year
        )
    row = present or TargetSettlement(
        target_year=target.year, content={}, content_sha256="", drafted_by=by, drafted_at=at, version=0
    )
    row.content, row.content_sha256 = content, hash_of(content)
    row.drafted_by, row.drafted_at, row.version = by, at, row.version + 1
    row.is_sample = is_sample or bool(content["is_sample"])
    session.add(row)
    record(session, "target_settlement_drafted", of=row, by=by, at=at, target=target.year, sha256=row.content_sha256)
    return row


def approve_settlement(session: Session, target: PlanTarget, *, version: int, by: str, at: datetime) -> TargetSettlement:
    """Approve the statement; never by who drew it up, and never one that figures have left behind.

    Raises
    ------
    NotSettledError
        If the same figures would give another statement today.

    """
    row = find_settlement(session, target.year)
    if row is None:
        raise NotFoundError
    if row.version != version:
        raise StaleVersionError
    if row.status is SettlementStatus.APPROVED:
        raise ApprovedSettlementError(
            N_("The statement on the targets of %(year)s is approved and can't change any more."), year=target.year
        )
    if row.drafted_by == by:
        raise SamePersonError(N_("You drew up this statement yourself; another person approves it."))
    if hash_of(settle(session, target, at=at)) != row.content_sha256:
        raise NotSettledError(
            N_("Figures or definitions have changed since the statement of %(year)s was drawn up. Draw it up anew first."),
            year=target.year,
        )
    row.status, row.approved_by, row.approved_at, row.version = SettlementStatus.APPROVED, by, at, row.version + 1
    record(session, "target_settlement_approved", of=row, by=by, at=at, target=target.year, sha256=row.content_sha256)
    return row


def hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a statement's canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()
