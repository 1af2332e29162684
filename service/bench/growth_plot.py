"""One drawing of how time grows with size, both axes logarithmic: a straight line of slope one is linear growth."""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from service.bench.comparisons import Growth

WIDTH, HEIGHT = 860, 460
LEFT, RIGHT, TOP, BOTTOM = 80, 300, 56, 60
# Okabe and Ito's colours, told apart also without red or green; each line has a mark of its own as well.
COLOURS: Final = ("#0b6e69", "#d55e00", "#0072b2", "#4a555f")
INK, SLATE, LINE = "#1d2328", "#4a555f", "#d9dee3"


def plot_growth(growth: Sequence[Growth]) -> str:
    """Return the drawing as SVG."""
    axes = _Axes(growth)
    body = "\n".join([*axes.grid(), *_curves(growth, axes)])
    title = "How long does it take as it grows?"
    described = "; ".join(
        f"{one.name}: {one.seconds[0]:.2g} s at {one.sizes[0]:,}, {one.seconds[-1]:.2g} s at {one.sizes[-1]:,}" for one in growth
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title description"
 font-family="sans-serif" font-size="13">
<title id="title">{title}</title>
<desc id="description">{escape(described)}</desc>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>
<text x="{LEFT}" y="28" font-size="17" fill="{INK}">{title}</text>
{body}
</svg>
"""


class _Axes:
    """Places of sizes and seconds in the drawing."""

    def __init__(self, growth: Sequence[Growth]) -> None:
        self._sizes = _decades(size for one in growth for size in one.sizes)
        self._seconds = _decades(second for one in growth for second in one.seconds)

    def x(self, size: float) -> float:
        return LEFT + (math.log10(size) - self._sizes[0]) / (self._sizes[1] - self._sizes[0]) * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        share = (math.log10(seconds) - self._seconds[0]) / (self._seconds[1] - self._seconds[0])
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> Iterable[str]:
        """Draw a line for each power of ten, with its number."""
        for power in range(self._sizes[0], self._sizes[1] + 1):
            x = self.x(10.0**power)
            yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{LINE}"/>'
            yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="{SLATE}">{10**power:,}</text>'
        for power in range(self._seconds[0], self._seconds[1] + 1):
            y = self.y(10.0**power)
            yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{LINE}"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{SLATE}">{_duration(power)}</text>'
        middle = (LEFT + WIDTH - RIGHT) / 2
        yield f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle" fill="{INK}">size (draws, scenarios, activities)</text>'


def _curves(growth: Sequence[Growth], axes: _Axes) -> Iterable[str]:
    names = _spread([axes.y(one.seconds[-1]) for one in growth])
    for number, one in enumerate(growth):
        colour = COLOURS[number % len(COLOURS)]
        points = [(axes.x(size), axes.y(seconds)) for size, seconds in zip(one.sizes, one.seconds, strict=True)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (_mark(number, x, y, colour) for x, y in points)
        first, _, rest = one.name.partition(", by ")
        x, y = WIDTH - RIGHT + 22, names[number]
        yield _mark(number, x - 10, y - 4, colour)
        yield f'<text x="{x}" y="{y:.1f}" fill="{colour}">{escape(first)}'
        yield f'<tspan x="{x}" dy="15" font-size="11">by {escape(rest)}</tspan></text>' if rest else "</text>"


def _mark(number: int, x: float, y: float, colour: str) -> str:
    shapes = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>',
        f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="{colour}"/>',
        f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z" fill="{colour}"/>',
        f'<path d="M{x:.1f} {y - 5:.1f}l5 5-5 5-5-5z" fill="{colour}"/>',
    )
    return shapes[number % len(shapes)]


def _decades(values: Iterable[float]) -> tuple[int, int]:
    found = list(values)
    low, high = math.floor(math.log10(min(found))), math.ceil(math.log10(max(found)))
    return low, max(high, low + 1)


def _spread(places: Sequence[float], apart: float = 40.0) -> list[float]:
    """Return places for words beside the ends of lines, moved apart where they would cover each other."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for above, below in itertools.pairwise(order):
        moved[below] = max(moved[below], moved[above] + apart)
    return moved


def _duration(power: int) -> str:
    return f"{10.0 ** (power + 3):g} ms" if power < 0 else f"{10**power} s"
