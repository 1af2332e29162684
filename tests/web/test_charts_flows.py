import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.charts_flows import FlowChart, FlowLink, FlowNode, PlacedNode, flow_chart


def a_node(key: str, own: float, passed_on: float) -> FlowNode:
    return FlowNode(key=key, code="P1", label=key, own=own, passed_on=passed_on)


def placed(chart: FlowChart, key: str) -> PlacedNode:
    return next(one for one in chart.nodes if one.node.key == key)


def edges(path: str) -> list[float]:
    """Return the x of the four corners of a band: upper left, lower left, lower right, upper right."""
    upper = re.match(r"M([\d.]+),", path)
    lower = re.search(r" ([\d.]+),[\d.]+H([\d.]+)C", path)
    back = re.search(r" ([\d.]+),[\d.]+Z$", path)
    assert upper is not None
    assert lower is not None
    assert back is not None
    return [float(upper[1]), float(lower[1]), float(lower[2]), float(back[1])]


CHAIN = [a_node("product", 1.0, 10.0), a_node("furnace", 6.0, 8.0), a_node("site", 1.0, 1.0), a_node("coke", 2.0, 2.0)]
LINKS = [FlowLink(source="furnace", target="product", value=8.0), FlowLink(source="site", target="product", value=1.0)]
LINKS += [FlowLink(source="coke", target="furnace", value=2.0)]


def test_the_product_stands_at_the_bottom_and_what_it_takes_above_it() -> None:
    chart = flow_chart(CHAIN, LINKS, unit="kg")

    heights = [placed(chart, key).y for key in ("product", "furnace", "site", "coke")]
    assert heights[0] > heights[1] == heights[2] > heights[3]
    assert heights[0] + 22 <= chart.height


def test_widths_are_proportional_to_values() -> None:
    chart = flow_chart(CHAIN, LINKS, unit="kg")

    scale = placed(chart, "product").width / 10
    assert placed(chart, "coke").width == pytest.approx(2 * scale)
    assert placed(chart, "furnace").stub_width == pytest.approx(6 * scale)
    band = next(one for one in chart.links if one.link.source == "coke")
    left, lower_left, lower_right, right = edges(band.path)
    assert right - left == pytest.approx(2 * scale, abs=0.02)
    assert lower_right - lower_left == pytest.approx(2 * scale, abs=0.02)


def test_what_enters_a_node_fills_its_upper_edge() -> None:
    chart = flow_chart(CHAIN, LINKS, unit="kg")

    product = placed(chart, "product")
    ends = sorted(edges(one.path)[1:3] for one in chart.links if one.link.target == "product")
    starts = [product.x + product.stub_width, *(right for _, right in ends)]
    assert [left for left, _ in ends] == pytest.approx(starts[:-1], abs=0.02)
    assert starts[-1] == pytest.approx(product.x + product.width, abs=0.02)


def test_a_loop_is_drawn_once_and_ends() -> None:
    nodes = [a_node("a", 1.0, 3.0), a_node("b", 1.0, 2.0)]
    links = [FlowLink(source="b", target="a", value=2.0), FlowLink(source="a", target="b", value=1.0)]

    chart = flow_chart(nodes, links, unit="kg")

    assert len(chart.links) == 2
    assert placed(chart, "b").y < placed(chart, "a").y


@given(own=st.lists(st.floats(0.001, 100), min_size=1, max_size=7))
def test_nothing_leaves_the_drawing(own: list[float]) -> None:
    nodes = [a_node("product", 0.0, sum(own)), *(a_node(str(place), value, value) for place, value in enumerate(own))]
    links = [FlowLink(source=str(place), target="product", value=value) for place, value in enumerate(own)]

    chart = flow_chart(nodes, links, unit="kg")

    for one in chart.nodes:
        room = one.width if one.label_inside else one.width + 76
        assert one.x >= 0
        assert one.x + room <= chart.width + 1e-6
