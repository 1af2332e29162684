"""Charts of pages on paper: the markup stays, and carries what its style sheets say of it."""

import re

import pytest

from service.pdf.page_charts import on_paper

CHART = '<figure class="chart"><svg class="path-chart"><line class="path-line path-measures"/></svg><p><svg></svg></p></figure>'
SHEETS = ("charts.css", "paths.css")


def test_every_drawing_carries_the_rules_of_its_classes() -> None:
    shown = on_paper(CHART, SHEETS)
    assert re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL) == CHART
    drawings = shown.split("<svg")[1:]
    assert len(drawings) == 2
    # .path-measures stands together with .path-planned, which this chart lacks; --valid is #1b7340 in the light theme.
    assert all("stroke: #1b7340" in one and "stroke-width: 5" in one for one in drawings)


def test_no_rule_of_other_classes_and_none_for_a_medium_comes_along() -> None:
    shown = on_paper(CHART, SHEETS)
    assert "path-band" not in shown
    assert "sparkline" not in shown
    assert "@media" not in shown


@pytest.mark.parametrize("sheet", ["charts.css", "explanations.css", "paths.css", "steps.css", "fronts.css"])
def test_every_token_of_a_sheet_has_its_value(sheet: str) -> None:
    classes = " ".join(f"chart{one}" for one in ("", "-title", "-unit", "-grid", "-tick", "-more", "-less"))
    assert "var(" not in on_paper(f'<svg class="{classes}"></svg>', [sheet])
