import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlmodel import Session, col, select

from lca_models.background.activities import BackgroundActivity
from lca_models.background.store import read_activities
from service.backgrounds.models import Background, BackgroundDraws, BackgroundFactor
from service.backgrounds.rules import Constant, constant_of, explained
from service.errors import N_, NotFoundError

MOST_FOUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundActivity:
    """An activity that a search found, with its position in the arrays."""

    position: int
    activity: BackgroundActivity


def all_backgrounds(session: Session) -> Sequence[Background]:
    """Return all backgrounds by name."""
    return session.exec(select(Background).order_by(Background.name)).all()


def get_background(session: Session, background_id: uuid.UUID) -> Background:
    """Return a background by id."""
    found = session.get(Background, background_id)
    if found is None:
        raise NotFoundError
    return found


def get_by_name(session: Session, name: str) -> Background:
    """Return a background by name; an unknown name is an error that lists the others."""
    found = find_by_name(session, name)
    if found is None:
        raise NotFoundError(
            N_("There is no background “%(name)s”. There are: %(names)s."),
            name=name,
            names=", ".join(one.name for one in all_backgrounds(session)) or "-",
        )
    return found


def find_by_name(session: Session, name: str) -> Background | None:
    """Return a background by name."""
    return session.exec(select(Background).where(Background.name == name)).first()


def factors_of(session: Session, background_id: uuid.UUID) -> Sequence[BackgroundFactor]:
    """Return the parameters that take their value from a background, by name."""
    statement = select(BackgroundFactor).where(BackgroundFactor.background_id == background_id)
    return session.exec(statement.order_by(BackgroundFactor.parameter)).all()


def find_factor(session: Session, background_id: uuid.UUID, parameter: str) -> BackgroundFactor | None:
    """Return what a background gives to a parameter."""
    statement = select(BackgroundFactor).where(
        BackgroundFactor.background_id == background_id, BackgroundFactor.parameter == parameter
    )
    return session.exec(statement).first()


def find_other_source(session: Session, background: Background, parameters: Sequence[str]) -> tuple[str, str] | None:
    """Return a parameter that another background in use gives too, and the name of that background."""
    statement = select(BackgroundFactor.parameter, Background.name).where(
        BackgroundFactor.background_id == Background.id,
        col(Background.is_enabled),
        Background.id != background.id,
        col(BackgroundFactor.parameter).in_(parameters),
    )
    return session.exec(statement).first()


def active_constants(session: Session) -> Mapping[str, Constant]:
    """Return the parameters that backgrounds in use give; empty unless somebody has put one into use."""
    statement = select(BackgroundFactor, Background).where(
        BackgroundFactor.background_id == Background.id, col(Background.is_enabled)
    )
    return {factor.parameter: constant_of(factor, background) for factor, background in session.exec(statement).all()}


def draws_of_factors(session: Session) -> Mapping[tuple[str, str], tuple[float, ...]]:
    """Return the draws of backgrounds by name and parameter, kg CO2e per unit of the parameter."""
    statement = select(Background.name, BackgroundFactor.parameter, BackgroundDraws.kg_co2e_per_unit).where(
        BackgroundDraws.factor_id == BackgroundFactor.id, BackgroundFactor.background_id == Background.id
    )
    return {(name, parameter): tuple(values) for name, parameter, values in session.exec(statement).all()}


def find_activities(folder: Path, words: str, *, most: int = MOST_FOUND) -> tuple[FoundActivity, ...]:
    """Return activities whose name, product and location have all the words; the first `most` of them."""
    wanted = words.casefold().split()
    with explained():
        fitting = (
            FoundActivity(position=position, activity=activity)
            for position, activity in enumerate(read_activities(folder))
            if all(word in _searched(activity) for word in wanted)
        )
        return tuple(islice(fitting, most))


def get_activity(folder: Path, position: int) -> BackgroundActivity:
    """Return an activity by its position."""
    with explained():
        found = next(islice(read_activities(folder), position, None), None) if position >= 0 else None
    if found is None:
        raise NotFoundError(N_("The background has no activity number %(number)s. Search for it again."), number=position)
    return found


def _searched(activity: BackgroundActivity) -> str:
    return f"{activity.name} {activity.product} {activity.location} {activity.code}".casefold()
