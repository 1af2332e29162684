from pathlib import Path

import pytest

from lca_models import load_model
from lca_models.documentation import TABLES, fill_tables
from lca_models.errors import ModelError

DOCUMENT = Path(__file__).parents[2] / "docs" / "methodology.md"


def test_the_methodology_shows_the_numbers_of_the_model() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    assert fill_tables(text, load_model()) == text, "run: anodeprint model document docs/methodology.md"


@pytest.mark.parametrize("name", TABLES)
def test_the_methodology_has_every_table(name: str) -> None:
    assert DOCUMENT.read_text(encoding="utf-8").count(f"<!-- table: {name} -->") == 1


def test_a_stale_table_is_replaced_and_text_around_it_kept() -> None:
    filled = fill_tables("before\n<!-- table: result -->\nstale\n<!-- end -->\nafter\n", load_model())

    assert filled.startswith("before\n<!-- table: result -->\n\n| stage |")
    assert "**12.482**" in filled
    assert "stale" not in filled
    assert filled.endswith("<!-- end -->\nafter\n")


def test_an_unknown_table_is_an_error() -> None:
    with pytest.raises(ModelError, match=r"no table “results”. Use one of: result, activities"):
        fill_tables("<!-- table: results -->\n<!-- end -->", load_model())
