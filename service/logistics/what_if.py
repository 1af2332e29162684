"""What other vehicles or another mode would change: a share of some legs' tonne-kilometres is carried otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lca_models.model import Model
from service.logistics.factors import factor_of
from service.logistics.models import Direction
from service.logistics.rules import Haul, Work

_KG_PER_T = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What is carried otherwise.

    Attributes
    ----------
    direction, flow, from_class
        Which legs; None: any.
    share
        Part of their tonne-kilometres, 0 to 1.
    cny_per_tkm
        Freight of the new way; None: not known.

    """

    direction: Direction | None
    flow: str | None
    from_class: str | None
    to_class: str
    share: float
    cny_per_tkm: float | None

    def concerns(self, haul: Haul) -> bool:
        """Tell whether a leg is one of those."""
        return (
            self.direction in {None, haul.direction}
            and self.flow in {None, haul.flow}
            and self.from_class in {None, haul.vehicle_class}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEffect:
    """What it changes, of all legs looked at.

    Attributes
    ----------
    cost_cny
        More (or, negative, less) freight for what is moved; None where the new freight, or that of today, is not known.

    """

    moved_tkm: float
    before_t_co2e: float
    after_t_co2e: float
    cost_cny: float | None

    @property
    def saved_t_co2e(self) -> float:
        """What is emitted less; negative if it is more."""
        return self.before_t_co2e - self.after_t_co2e


def shifted(hauls: Iterable[Haul], shift: Shift, model: Model) -> Sequence[Haul]:
    """Return the legs with the share carried otherwise; goods and distances stay, so nothing arrives less."""
    found: list[Haul] = []
    for one in hauls:
        if not shift.concerns(one) or shift.share <= 0:
            found.append(one)
            continue
        found += [_part(one, 1.0 - shift.share), _moved(one, shift, model)]
    return [one for one in found if one.work.tonnes > 0]


def effect_of(hauls: Sequence[Haul], shift: Shift, model: Model) -> ShiftEffect:
    """Return what a shift changes."""
    concerned = [one for one in hauls if shift.concerns(one)]
    moved_tkm = sum(one.work.tkm for one in concerned) * shift.share
    return ShiftEffect(
        moved_tkm=moved_tkm,
        before_t_co2e=sum(one.work.kg_co2e for one in hauls) / _KG_PER_T,
        after_t_co2e=sum(one.work.kg_co2e for one in shifted(hauls, shift, model)) / _KG_PER_T,
        cost_cny=_cost(concerned, shift, moved_tkm=moved_tkm),
    )


def _part(haul: Haul, share: float) -> Haul:
    work = replace(haul.work, tonnes=haul.work.tonnes * share, kg_co2e=haul.work.kg_co2e * share)
    return replace(haul, work=work)


def _moved(haul: Haul, shift: Shift, model: Model) -> Haul:
    tonnes = haul.work.tonnes * shift.share
    kg_co2e = tonnes * haul.work.km * factor_of(shift.to_class, model)
    work = Work(tonnes=tonnes, km=haul.work.km, kg_co2e=kg_co2e, by_energy=False)
    return replace(haul, vehicle_class=shift.to_class, work=work)


def _cost(concerned: Sequence[Haul], shift: Shift, *, moved_tkm: float) -> float | None:
    paid = [one.freight_cny for one in concerned]
    if shift.cny_per_tkm is None or not concerned or any(one is None for one in paid):
        return None
    today = sum(one for one in paid if one is not None) * shift.share
    return moved_tkm * shift.cny_per_tkm - today
