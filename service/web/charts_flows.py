"""Geometry of the flow chart (Sankey): numbers in, places in the units of the drawing's view box out.

The product stands at the bottom, what it takes above it, and so on upwards; widths are proportional to the values. On top of each
node a stub shows its own part, beside the bands of what it receives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

WIDTH: Final = 360.0
"""Least width of the view box; one unit is one pixel on the smallest phone."""
_SLOT: Final = 90.0
"""Room for a node and its label."""
_LABEL: Final = 76.0
"""Width up to which the label stands beside the bar instead of in it."""
_ROW: Final = 84.0
_BAR: Final = 22.0
_STUB: Final = 14.0
_MARGIN: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowNode:
    """What flows run through.

    Attributes
    ----------
    code
        Selects the colour: a stage `P1` to `P7`.
    own, passed_on
        In the unit of the chart; what is passed on is own and received together.
    mark
        Stands on the bar; empty for the code.

    """

    key: str
    code: str
    label: str
    own: float
    passed_on: float
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLink:
    """What one node takes from another, by their keys."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedNode:
    """A node with the left upper corner and size of its bar, its stub and its label."""

    node: FlowNode
    x: float
    y: float
    width: float
    height: float
    stub_width: float
    stub_y: float
    stub_height: float
    label_x: float
    label_y: float
    label_inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLink:
    """A band as an SVG path."""

    link: FlowLink
    code: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowChart:
    """All of it, from the product upwards."""

    nodes: tuple[PlacedNode, ...]
    links: tuple[PlacedLink, ...]
    width: float
    height: float
    unit: str


def flow_chart(nodes: Sequence[FlowNode], links: Sequence[FlowLink], *, unit: str) -> FlowChart:
    """Place nodes and links; the first node is the product's.

    Nodes stand one row above those that take from them. A link of a loop runs downwards in the drawing all the same: from the
    node's lower edge back up to the node that takes from it.
    """
    rows = _rows(nodes, links)
    width = max(WIDTH, _SLOT * max(len(row) for row in rows))
    scale = min((width - 2 * _MARGIN - _SLOT * (len(row) - 1)) / (sum(abs(one.passed_on) for one in row) or 1.0) for row in rows)
    placed = [_placed(node, slot, number, scale) for number, row in enumerate(rows) for node, slot in _slots(row, width, scale)]
    return FlowChart(
        nodes=tuple(placed),
        links=_bands({one.node.key: one for one in placed}, links, scale),
        width=width,
        height=_ROW * (len(rows) - 1) + _STUB + _BAR + 2 * _MARGIN,
        unit=unit,
    )


def _rows(nodes: Sequence[FlowNode], links: Sequence[FlowLink]) -> list[list[FlowNode]]:
    """Return the nodes from the top row down, each as far above the product as its longest way to it."""
    takes: dict[str, list[str]] = {}
    for link in links:
        takes.setdefault(link.target, []).append(link.source)
    heights: dict[str, int] = {}

    def raise_to(key: str, height: int, way: tuple[str, ...]) -> None:
        if key in way or heights.get(key, -1) >= height:
            return
        heights[key] = height
        for source in takes.get(key, ()):
            raise_to(source, height + 1, (*way, key))

    raise_to(nodes[0].key, 0, ())
    ordered = sorted(nodes, key=lambda one: -heights.get(one.key, 0))
    return [list(row) for _, row in groupby(ordered, key=lambda one: heights.get(one.key, 0))]


def _slots(row: Sequence[FlowNode], width: float, scale: float) -> list[tuple[FlowNode, float]]:
    """Return the left edge of each node, the row in the middle of the drawing."""
    widths = [_slot_width(one, scale) for one in row]
    left = (width - sum(widths)) / 2 if len(row) == 1 else _MARGIN
    gap = 0.0 if len(row) == 1 else (width - 2 * _MARGIN - sum(widths)) / (len(row) - 1)
    found = []
    for node, taken in zip(row, widths, strict=True):
        found.append((node, max(left, _MARGIN)))
        left += taken + gap
    return found


def _slot_width(node: FlowNode, scale: float) -> float:
    bar = abs(node.passed_on) * scale
    return bar if bar >= _LABEL else bar + _LABEL


def _placed(node: FlowNode, x: float, row: int, scale: float) -> PlacedNode:
    width = abs(node.passed_on) * scale
    y = _MARGIN + _STUB + row * _ROW
    inside = width >= _LABEL
    return PlacedNode(
        node=node,
        x=x,
        y=y,
        width=width,
        height=_BAR,
        stub_width=abs(node.own) * scale,
        stub_y=y - _STUB,
        stub_height=_STUB,
        label_x=x + width / 2 if inside else x + width + 4,
        label_y=y + _BAR / 2 + 5,
        label_inside=inside,
    )


def _bands(placed: Mapping[str, PlacedNode], links: Sequence[FlowLink], scale: float) -> tuple[PlacedLink, ...]:
    """Return the bands; at each end they lie side by side, in the order of the nodes at the other end."""
    entered = {key: one.x + one.stub_width for key, one in placed.items()}
    left = {key: one.x for key, one in placed.items()}
    arrivals = {}
    for link in sorted(links, key=lambda one: placed[one.source].x):
        arrivals[id(link)] = entered[link.target]
        entered[link.target] += abs(link.value) * scale
    bands = []
    for link in sorted(links, key=lambda one: placed[one.target].x):
        path = _path(left[link.source], placed[link.source].y + _BAR, arrivals[id(link)], placed[link.target].y, link.value * scale)
        left[link.source] += abs(link.value) * scale
        bands.append(PlacedLink(link=link, code=placed[link.source].node.code, path=path))
    return tuple(bands)


def _path(x: float, y: float, to_x: float, to_y: float, width: float) -> str:
    """Return a band of constant width between two horizontal edges."""
    across, middle = abs(width), (y + to_y) / 2
    return (
        f"M{x:.2f},{y:.2f}C{x:.2f},{middle:.2f} {to_x:.2f},{middle:.2f} {to_x:.2f},{to_y:.2f}"
        f"H{to_x + across:.2f}C{to_x + across:.2f},{middle:.2f} {x + across:.2f},{middle:.2f} {x + across:.2f},{y:.2f}Z"
    )
