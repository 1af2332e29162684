"""What measures do together: one solve of every combination, from which follow the products, the company and each measure's part.

The products are solved once, with each measure in full; how far each has spread in a year is a mix of these rows. So one solve
serves every year, and the same solved rows give footprints (life-cycle factors) and the company's account (direct factors).
"""

import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from lca_models.errors import ModelError
from lca_models.model import Model
from lca_models.scenarios import Conflict, combine
from service.errors import N_, ConflictError
from service.footprints.operations import ModelRefusedError
from service.measures.activity import OutputKind, output_in, site_factors, toll_factor_kg_co2_per_kwh
from service.measures.overlays import base_of, overlay_of
from service.measures.product_flows import MOST_ON_ONE_PRODUCT, Flow, Table, flows_of, mixed
from service.measures.queries import PlannedMeasure
from service.measures.sharing import shared
from service.measures.site_accounts import Accounts, Combinations, Line, ProductAccount, SiteAmount, Values
from service.modelling.queries import active_model
from service.products.models import Plant, Product
from service.targets.catalogue import Scope
from service.targets.definitions import reading_of

LineT = Mapping[Line, float]
"""t CO2 in a year by line."""

ELECTRICITY_OF: Mapping[Scope, Line] = {
    Scope.LOCATION: Line.ELECTRICITY_LOCATION,
    Scope.MARKET: Line.ELECTRICITY_MARKET,
}


class ExclusiveMeasuresError(ConflictError):
    """Two measures that exclude each other were to be made together."""

    code = "exclusive-measures"


class TooManyMeasuresError(ConflictError):
    """More measures act on one product than can be combined."""

    code = "too-many-measures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two measures set one parameter of a product to different values; the later one in the list wins."""

    grade: str
    setting: str
    earlier: uuid.UUID
    earlier_value: float | str
    later: uuid.UUID
    later_value: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedProduct:
    """A product under every combination of the measures that act on it, each in full.

    Attributes
    ----------
    players
        Positions of these measures among all.
    table
        (2^players, flows) per kg.

    """

    id: uuid.UUID
    plant_id: uuid.UUID
    grade: str
    record_id: uuid.UUID | None
    players: tuple[int, ...]
    table: Table
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Measures and what they make of the products: good for every year."""

    model: Model
    measures: tuple[PlannedMeasure, ...]
    products: tuple[SolvedProduct, ...]
    plants: Mapping[uuid.UUID, Plant]
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEffect:
    """One measure's part of what all do together, and what it would do alone; avoided is positive."""

    measure: PlannedMeasure
    uptake: float
    attributed_t: LineT
    alone_t: LineT


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductEffect:
    """A product before and after, kg CO2e per kg; the attributed parts sum to before less after."""

    id: uuid.UUID
    grade: str
    record_id: uuid.UUID | None
    amount_t: float | None
    before_kg: float
    after_kg: float
    attributed_kg: Mapping[uuid.UUID, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointEffect:
    """What measures do together in a year.

    Attributes
    ----------
    before_t, after_t
        The model's account without and with them, by line; not the inventory (see `reconciling`).
    scope
        By which electricity counts in the headline: a definition of the targets.
    output_kind
        Whether the tonnes of the year are actual, planned, or those of the last known year carried on.
    without_output
        Grades for which no tonnes are known in the year: what measures do there is not counted.

    """

    year: int
    scope: Scope
    before_t: LineT
    after_t: LineT
    measures: tuple[MeasureEffect, ...]
    products: tuple[ProductEffect, ...]
    output_kind: OutputKind
    without_output: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def avoided_t(self) -> LineT:
        """Before less after, by line; the parts attributed to the measures sum to it."""
        return {line: self.before_t[line] - self.after_t[line] for line in Line}

    @property
    def joint_t_co2(self) -> float:
        """Avoided at the own sites and of their electricity, as the targets count."""
        return headline(self.avoided_t, self.scope)

    @property
    def sum_alone_t_co2(self) -> float:
        """What adding up each measure by itself would claim."""
        return sum(headline(one.alone_t, self.scope) for one in self.measures)


def headline(lines: LineT, scope: Scope) -> float:
    """Return what the targets count of an account, t CO2: the own sites and their electricity."""
    return lines[Line.OWN] + lines[ELECTRICITY_OF[scope]]


def joint_effect(session: Session, measures: Sequence[PlannedMeasure], *, year: int) -> JointEffect:
    """Return what measures do together in a year, and each one's part: the parts sum to the joint effect exactly.

    Raises
    ------
    ExclusiveMeasuresError
        Two of them exclude each other.
    TooManyMeasuresError
        More than `MOST_ON_ONE_PRODUCT` act on one product.
    ModelRefusedError
        In the model's words.

    """
    check_exclusive(measures)
    return effect_in(session, solve_measures(session, measures), year=year)


def solve_measures(session: Session, measures: Sequence[PlannedMeasure]) -> Solved:
    """Solve the products under every combination of measures; errors as in `joint_effect`, but for exclusive ones."""
    model = active_model(session)
    products = session.exec(select(Product).where(col(Product.is_active)).order_by(col(Product.grade), col(Product.id))).all()
    plants = {plant.id: plant for plant in session.exec(select(Plant).order_by(col(Plant.name_en), col(Plant.id)))}
    try:
        solved = tuple(_solve_product(session, model, product, measures) for product in products)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error
    return Solved(model=model, measures=tuple(measures), products=solved, plants=plants, scope=reading_of(session).scope)


def effect_in(session: Session, solved: Solved, *, year: int, begins: Mapping[uuid.UUID, int] | None = None) -> JointEffect:
    """Return the effect of solved measures in a year.

    Parameters
    ----------
    begins
        Years in which measures begin, where a plan moves them; others begin as they say.

    """
    output = output_in(session, year)
    shares = [share_in(one, year=year, begins=(begins or {}).get(one.id)) for one in solved.measures]
    accounts = accounts_in(session, solved, shares, year=year, amount_t=output.amount_t)
    players = len(shares)
    none, every = np.zeros((1, players), dtype=np.bool_), np.ones((1, players), dtype=np.bool_)
    before, after = (_single(accounts.lines(rows)) for rows in (none, every))
    attributed = shared(lambda rows: _avoided(accounts, rows, before), players=players)
    alone = _avoided(accounts, np.eye(players, dtype=np.bool_), before)
    return JointEffect(
        year=year,
        scope=solved.scope,
        before_t=before,
        after_t=after,
        measures=tuple(
            MeasureEffect(
                measure=one,
                uptake=shares[place],
                attributed_t={line: float(attributed[line][place]) for line in Line},
                alone_t={line: float(alone[line][place]) for line in Line},
            )
            for place, one in enumerate(solved.measures)
        ),
        products=tuple(_product_effect(solved, one, shares, output.amount_t.get(one.id)) for one in solved.products),
        output_kind=output.kind,
        without_output=tuple(one.grade for one in solved.products if one.players and one.id not in output.amount_t),
        disagreements=tuple(itertools.chain.from_iterable(one.disagreements for one in solved.products)),
    )


def avoided_in(session: Session, solved: Solved, *, year: int) -> LineT:
    """Return what solved measures avoid together in a year, by line, without sharing it out."""
    shares = [share_in(one, year=year, begins=None) for one in solved.measures]
    accounts = accounts_in(session, solved, shares, year=year, amount_t=output_in(session, year).amount_t)
    lines = accounts.lines(np.array([[False] * len(shares), [True] * len(shares)], dtype=np.bool_))
    return {line: float(values[0] - values[1]) for line, values in lines.items()}


def accounts_in(
    session: Session, solved: Solved, shares: Sequence[float], *, year: int, amount_t: Mapping[uuid.UUID, float]
) -> Accounts:
    """Return the company's account of a year under any combination of measures, each as far as it has spread."""
    used = {one.plant_id for one in solved.products if one.id in amount_t}
    used |= {one.content.plant_id for one in solved.measures if one.content.plant_id is not None}
    return Accounts(
        products=[
            ProductAccount(
                product_id=one.id,
                plant_id=one.plant_id,
                amount_t=amount_t[one.id],
                players=one.players,
                table=mixed(one.table, [shares[player] for player in one.players]),
            )
            for one in solved.products
            if one.id in amount_t
        ],
        amounts=[
            SiteAmount(
                position=place,
                plant_id=one.content.plant_id,
                basis=one.lever.basis,
                amount=shares[place] * one.content.amount_per_year,
            )
            for place, one in enumerate(solved.measures)
            if one.content.plant_id is not None and one.content.amount_per_year is not None
        ],
        factors={
            plant_id: site_factors(session, solved.model, plant, year=year)
            for plant_id, plant in solved.plants.items()
            if plant_id in used
        },
        toll_kg_co2_per_kwh=toll_factor_kg_co2_per_kwh(session, solved.model, year=year),
    )


def share_in(measure: PlannedMeasure, *, year: int, begins: int | None) -> float:
    """Return how far a measure has spread in a year, 0 to 1; a begin that was moved moves the whole curve."""
    uptake = measure.content.uptake
    return uptake.in_year(year if begins is None else year - (begins - uptake.begins))


def check_exclusive(measures: Sequence[PlannedMeasure]) -> None:
    """Refuse measures of which two exclude each other, by their names."""
    groups: dict[str, PlannedMeasure] = {}
    for one in measures:
        group = one.content.exclusive_group
        if group and group in groups:
            raise ExclusiveMeasuresError(
                N_("“%(first)s” and “%(second)s” exclude each other (%(group)s); leave one of them out."),
                first=groups[group].name_en,
                second=one.name_en,
                group=group,
            )
        groups[group] = one


def _solve_product(session: Session, model: Model, product: Product, measures: Sequence[PlannedMeasure]) -> SolvedProduct:
    players = tuple(place for place, one in enumerate(measures) if product.id in one.content.product_ids)
    if len(players) > MOST_ON_ONE_PRODUCT:
        raise TooManyMeasuresError(
            N_("%(count)s measures act on %(grade)s; at most %(most)s can be combined. Leave some out."),
            count=len(players),
            grade=product.grade,
            most=MOST_ON_ONE_PRODUCT,
        )
    base = base_of(session, product)
    contents = [measures[place].content for place in players]
    overlays = [overlay_of(str(place), one.parameters, one.electricity) for place, one in zip(players, contents, strict=True)]
    rows = [[one for bit, one in enumerate(overlays) if row >> bit & 1] for row in range(2 ** len(overlays))]
    combined = [combine(model, base.case, made) for made in rows]
    return SolvedProduct(
        id=product.id,
        plant_id=product.plant_id,
        grade=product.grade,
        record_id=base.record_id,
        players=players,
        table=flows_of(model, [one.case for one in combined]),
        disagreements=tuple(_disagreement(product.grade, measures, one) for one in combined[-1].conflicts),
    )


def _disagreement(grade: str, measures: Sequence[PlannedMeasure], found: Conflict) -> Disagreement:
    return Disagreement(
        grade=grade,
        setting=found.setting,
        earlier=measures[int(found.earlier)].id,
        earlier_value=found.earlier_value,
        later=measures[int(found.later)].id,
        later_value=found.later_value,
    )


def _single(lines: Mapping[Line, Values]) -> LineT:
    return {line: float(values[0]) for line, values in lines.items()}


def _avoided(accounts: Accounts, rows: Combinations, before: LineT) -> Mapping[Line, Values]:
    return {line: before[line] - values for line, values in accounts.lines(rows).items()}


def _product_effect(solved: Solved, product: SolvedProduct, shares: Sequence[float], amount_t: float | None) -> ProductEffect:
    footprint = mixed(product.table, [shares[player] for player in product.players])[:, Flow.FOOTPRINT_KG_CO2E]
    masks = 1 << np.arange(len(product.players), dtype=np.int64)
    parts = shared(lambda rows: {None: footprint[0] - footprint[rows @ masks]}, players=len(product.players))
    return ProductEffect(
        id=product.id,
        grade=product.grade,
        record_id=product.record_id,
        amount_t=amount_t,
        before_kg=float(footprint[0]),
        after_kg=float(footprint[-1]),
        attributed_kg={solved.measures[player].id: float(parts[None][place]) for place, player in enumerate(product.players)},
    )
