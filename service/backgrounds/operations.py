"""Every write of backgrounds, except that their files are made before the row that names them (`importing`)."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from lca_models.background.categories import CATEGORIES, IN_TOTAL
from lca_models.background.store import open_background
from lca_models.model import Model
from lca_models.parameters import check_value, find_parameter
from service.audit.operations import record as record_event
from service.backgrounds import queries
from service.backgrounds.files import ImportedFiles, folder_of
from service.backgrounds.models import Background, BackgroundDraws, BackgroundFactor
from service.backgrounds.rules import BackgroundError, explained, factor_in_unit_of
from service.errors import N_, StaleVersionError

if TYPE_CHECKING:  # it needs SciPy, which no page waits for
    from lca_models.background.bank import Bank


def add_background(session: Session, files: ImportedFiles, *, by: str, at: datetime) -> Background:
    """Add imported files as a background that is not in use.

    Raises
    ------
    BackgroundError
        If the name is taken.

    """
    row = Background(
        id=files.background_id,
        name=files.name,
        licence=files.licence,
        file_format=str(files.manifest["importer"]["format"]),
        activities=int(files.manifest["activities"]),
        unmatched_gas_flows=len(files.manifest["unmatched_gas_flows"]),
        manifest_sha256=files.manifest_sha256,
        imported_by=by,
        imported_at=at,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise BackgroundError(
            N_("There is a background “%(name)s” already. Choose another name, or remove it first."), name=files.name
        ) from error
    record_event(session, "background_imported", of=row, by=by, at=at, activities=row.activities, manifest=row.manifest_sha256)
    return row


def set_enabled(session: Session, background: Background, *, is_enabled: bool, version: int, by: str, at: datetime) -> Background:
    """Put a background into use or out of it; records calculated before keep their figures.

    Raises
    ------
    BackgroundError
        If it gives nothing yet, or another one in use gives the same parameter.
    StaleVersionError
        Somebody else changed it in the meantime.

    """
    if is_enabled:
        _check_usable(session, background)
    changed = session.connection().execute(
        update(Background)
        .where(col(Background.id) == background.id, col(Background.version) == version)
        .values(is_enabled=is_enabled, version=version + 1)
    )
    if changed.rowcount != 1:
        raise StaleVersionError
    session.refresh(background)
    record_event(session, "background_enabled" if is_enabled else "background_disabled", of=background, by=by, at=at)
    return background


def set_factor(
    session: Session,
    background: Background,
    *,
    parameter: str,
    activity: int,
    model: Model,
    data_dir: Path,
    by: str,
    at: datetime,
) -> BackgroundFactor:
    """Let a parameter take its value from an activity; an earlier choice for the parameter is replaced.

    Raises
    ------
    BackgroundError
        If the parameter can't take it; names parameter, activity, value and rule.
    NotFoundError
        If there is no such activity.

    """
    folder = folder_of(background.id, data_dir=data_dir)
    chosen = queries.get_activity(folder, activity)
    with explained():
        definition = find_parameter(model.definitions, parameter)
        own = open_background(folder).factor(activity)
        by_category = {
            name.value: factor_in_unit_of(definition, chosen, float(one)) for name, one in zip(CATEGORIES, own, strict=True)
        }
        total = sum(by_category[name.value] for name, counts in zip(CATEGORIES, IN_TOTAL, strict=True) if counts)
        check_value(definition, total)
    _check_alone(session, background, [parameter] if background.is_enabled else [])
    present = queries.find_factor(session, background.id, parameter)
    if present is not None:
        _delete_factor(session, present)
    row = BackgroundFactor(
        background_id=background.id,
        parameter=parameter,
        activity=activity,
        activity_name=chosen.name[:300],
        product=chosen.product[:300],
        location=chosen.location[:80],
        activity_unit=chosen.unit[:40],
        kg_co2e_per_unit=total,
        by_category=by_category,
        set_by=by,
        set_at=at,
    )
    session.add(row)
    record_event(session, "background_factor_set", of=background, by=by, at=at, parameter=parameter, activity=activity)
    return row


def keep_draws(session: Session, background: Background, bank: "Bank", *, data_dir: Path, by: str, at: datetime) -> int:
    """Keep what a bank drew for each chosen factor, in the factor's unit; return for how many.

    Simulations of footprints draw these factors together from then on: one draw of the bank is one state of the whole background.
    """
    stored = open_background(folder_of(background.id, data_dir=data_dir))
    columns = {int(product): column for column, product in enumerate(bank.products)}
    kept = 0
    for factor in queries.factors_of(session, background.id):
        own = sum(float(one) for one, counts in zip(stored.factor(factor.activity), IN_TOTAL, strict=True) if counts)
        if factor.activity not in columns or not own:
            continue
        drawn = bank.kg_co2e_per_unit[:, columns[factor.activity]] * (factor.kg_co2e_per_unit / own)
        values: list[float] = drawn.tolist()
        session.merge(BackgroundDraws(factor_id=factor.id, seed=bank.seed, kg_co2e_per_unit=values, drawn_at=at))
        kept += 1
    record_event(session, "background_drawn", of=background, by=by, at=at, draws=len(bank.kg_co2e_per_unit), factors=kept)
    return kept


def _delete_factor(session: Session, factor: BackgroundFactor) -> None:
    draws = session.get(BackgroundDraws, factor.id)
    if draws is not None:
        session.delete(draws)
        session.flush()  # nothing may point at the factor when it goes
    session.delete(factor)
    session.flush()  # the unique index knows no order of statements


def remove_factor(session: Session, background: Background, *, parameter: str, by: str, at: datetime) -> None:
    """Let a parameter have its default again."""
    present = queries.find_factor(session, background.id, parameter)
    if present is None:
        raise StaleVersionError
    _delete_factor(session, present)
    record_event(session, "background_factor_removed", of=background, by=by, at=at, parameter=parameter)


def remove_background(session: Session, background: Background, *, by: str, at: datetime) -> uuid.UUID:
    """Remove a background that is not in use; its files are the caller's to delete after the commit.

    Raises
    ------
    BackgroundError
        If it is in use.

    """
    if background.is_enabled:
        raise BackgroundError(N_("“%(name)s” is in use. Take it out of use first."), name=background.name)
    for factor in queries.factors_of(session, background.id):
        _delete_factor(session, factor)
    record_event(session, "background_removed", of=background, by=by, at=at, manifest=background.manifest_sha256)
    identifier = background.id
    session.delete(background)
    return identifier


def _check_usable(session: Session, background: Background) -> None:
    parameters = [one.parameter for one in queries.factors_of(session, background.id)]
    if not parameters:
        raise BackgroundError(
            N_("“%(name)s” gives no parameter a value yet. Choose an activity for at least one parameter first."),
            name=background.name,
        )
    _check_alone(session, background, parameters)


def _check_alone(session: Session, background: Background, parameters: list[str]) -> None:
    other = queries.find_other_source(session, background, parameters)
    if other is not None:
        parameter, name = other
        raise BackgroundError(
            N_("%(parameter)s comes from the background “%(other)s” in use. Take that one out of use, or remove its choice."),
            parameter=parameter,
            other=name,
        )
