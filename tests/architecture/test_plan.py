"""Every line of the carbon plan has a test of its name, and a page that exists."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from service.plan.items import plan_items

ACCEPTANCE = Path(__file__).parents[1] / "acceptance"


@pytest.mark.parametrize("key", plan_items())
def test_a_line_of_the_plan_has_a_test_of_its_name(key: str) -> None:
    found = [path for path in ACCEPTANCE.glob(f"test_{key}*.py") if "def test_" in path.read_text(encoding="utf-8")]

    assert found


def test_a_line_of_the_plan_leads_to_a_page(app: FastAPI) -> None:
    paths = {found.path for found in iter_route_contexts(app.routes)}

    missing = {item.key: item.path for item in plan_items().values() if not {item.path, _general(item.path)} & paths}
    assert missing == {}


def _general(path: str) -> str:
    """Return the page of a target as the router knows it."""
    head, _, last = path.rpartition("/")
    return f"{head}/{{target}}" if last.isdigit() else path
