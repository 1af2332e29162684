"""Geometry of the process map: one row per process, what it takes on the left, what it emits on the right; units of the drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.modelling.inspection import ExchangeLine

WIDTH: Final = 960
_CHIP_HEIGHT: Final = 30
_CHIP_STEP: Final = 34
_CHIP_WIDTH: Final = 300
_BOX_X: Final = 370
_BOX_WIDTH: Final = 250
_EMISSION_X: Final = 690
_EMISSION_WIDTH: Final = 270
_LEAST_HEIGHT: Final = 78
_VARIANT_STEP: Final = 30
_HEAD_HEIGHT: Final = 64
"""Name and result of a process stand above its variants."""
_GAP: Final = 40
_ELBOW: Final = 22
"""How far a link that passes other processes swings out to the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the map is drawn from: one process with its exchanges and the variants that could stand in its place."""

    process: str
    lines: Sequence[ExchangeLine]
    variants: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A supply or an emission in its frame; `middle` is the height at which its link begins."""

    line: ExchangeLine
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A process in its frame; `variants` are (process, height of its line)."""

    process: str
    x: float
    y: float
    width: float
    height: float
    supplies: Sequence[Chip]
    emissions: Sequence[Chip]
    variants: Sequence[tuple[str, float]]

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A product on its way from one process to another.

    Attributes
    ----------
    path
        What an SVG path takes.
    label_x, label_y
        Where its amount stands.
    is_off
        Whether nothing flows with the parameters shown.

    """

    line: ExchangeLine
    path: str
    label_x: float
    label_y: float
    is_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMap:
    """The drawing."""

    width: float
    height: float
    boxes: Sequence[Box]
    links: Sequence[Link]


def draw_map(steps: Sequence[Step]) -> ModelMap:
    """Lay the processes out from top to bottom."""
    boxes: dict[str, Box] = {}
    top = 4.0
    for step in steps:
        boxes[step.process] = _box(step, top)
        top += boxes[step.process].height + _GAP
    return ModelMap(width=WIDTH, height=top - _GAP + 4, boxes=tuple(boxes.values()), links=_links(steps, boxes))


def bought(lines: Sequence[ExchangeLine]) -> list[ExchangeLine]:
    """Return what comes from outside the model, the largest contribution first; what is switched off is left out."""
    taken = [line for line in lines if line.exchange.direction in {"input", "waste"} and line.producer is None]
    found = [line for line in taken if line.amount and line.is_counted]
    return sorted(found, key=lambda line: -(line.kg_co2e_per_kg or 0.0))


def emitted(lines: Sequence[ExchangeLine]) -> list[ExchangeLine]:
    """Return what goes to air, the parts of a flow one by one."""
    return [line for line in lines if line.exchange.direction == "emission_air" and line.amount and line.is_counted]


def _box(step: Step, top: float) -> Box:
    supplies, emissions = bought(step.lines), emitted(step.lines)
    variants = _HEAD_HEIGHT + _VARIANT_STEP * len(step.variants) if step.variants else 0
    height = max(_LEAST_HEIGHT, variants, _column_height(supplies), _column_height(emissions))
    return Box(
        process=step.process,
        x=_BOX_X,
        y=top,
        width=_BOX_WIDTH,
        height=height,
        supplies=_chips(supplies, x=0, width=_CHIP_WIDTH, top=top, height=height),
        emissions=_chips(emissions, x=_EMISSION_X, width=_EMISSION_WIDTH, top=top, height=height),
        variants=[(name, top + _HEAD_HEIGHT + _VARIANT_STEP * number) for number, name in enumerate(step.variants)],
    )


def _column_height(lines: Sequence[ExchangeLine]) -> float:
    return _CHIP_STEP * len(lines) - (_CHIP_STEP - _CHIP_HEIGHT)


def _chips(lines: Sequence[ExchangeLine], *, x: float, width: float, top: float, height: float) -> tuple[Chip, ...]:
    start = top + (height - _column_height(lines)) / 2
    return tuple(
        Chip(line=line, x=x, y=start + _CHIP_STEP * number, width=width, height=_CHIP_HEIGHT) for number, line in enumerate(lines)
    )


def _links(steps: Sequence[Step], boxes: Mapping[str, Box]) -> tuple[Link, ...]:
    found: list[Link] = []
    for step in steps:
        for line in step.lines:
            if line.producer in boxes and line.producer is not None:
                found.append(_link(line, boxes[line.producer], boxes[step.process], lane=len(found)))
    return tuple(found)


def _link(line: ExchangeLine, start: Box, end: Box, *, lane: int) -> Link:
    """Go straight between neighbours, around on the right past others."""
    centre = start.x + start.width / 2
    above, below = sorted((start, end), key=lambda box: box.y)
    if below.y - (above.y + above.height) <= _GAP:
        first, last = (above.y + above.height, below.y) if start is above else (below.y, above.y + above.height)
        path, x, y = f"M{centre:g} {first:g}V{last:g}", centre + 10, (first + last) / 2 + 5
    else:
        swing = start.right + _ELBOW + 5 * (lane % 4)
        path = f"M{start.right:g} {start.middle:g}H{swing:g}V{end.middle + 16:g}H{end.right:g}"
        x, y = swing + 6, (start.y + (0 if start is below else start.height)) + (-12 if start is below else 24)
    return Link(line=line, path=path, label_x=x, label_y=y, is_off=line.amount == 0)
