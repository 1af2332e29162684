from pathlib import Path

import pytest

from lca_models import load_model
from lca_models.documentation import TABLES, fill_tables
from lca_models.errors import ModelError
from lca_models.method_tables import Table, carbon_rows, choice_rows, confidence_rows, exemption_rows, sensitivity_rows

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


def rows(table: Table) -> dict[str, tuple[object, ...]]:
    """Return the rows of a table by their first two cells."""
    return {" ".join(str(cell) for cell in row[:2]): tuple(row) for row in table[1]}


def test_the_table_of_choices_has_the_published_alternatives() -> None:
    """Subdivision 12.48, economic at 20 000 against 3 500 yuan/t 12.51, mass 9.13, gross packing coke 13.83."""
    found = {key: row[2] for key, row in rows(choice_rows(load_model())).items()}

    allocation = {choice: float(str(found[f"`packing_coke_allocation` `{choice}`"])) for choice in ("economic", "mass", "none")}
    assert allocation == pytest.approx({"economic": 12.51, "mass": 9.13, "none": 13.83}, abs=0.02)


def test_what_is_left_out_is_listed_with_its_sum_below_the_limit() -> None:
    shares = [float(str(row[1]).strip("*%")) for row in exemption_rows(load_model())[1]]

    assert shares[-1] == pytest.approx(sum(shares[:-1]), abs=0.02)
    assert shares[-1] < 3.0


def test_the_carbon_of_the_default_chain_closes_as_published() -> None:
    """1.233 kg C in, 1.232 kg C out per kg."""
    found = {str(row[0]): float(str(row[2]).strip("*")) for row in carbon_rows(load_model())[1]}

    assert found["**in**"] == pytest.approx(1.233, abs=0.0005)
    assert found["**out**"] == pytest.approx(1.232, abs=0.001)


def test_the_shares_by_confidence_are_all_of_the_result() -> None:
    table = list(confidence_rows(load_model())[1])[:-1]

    for column in (1, 2):
        assert sum(float(str(row[column]).strip("%")) for row in table) == pytest.approx(100, abs=0.3)


def test_the_sensitivity_of_furnace_electricity_is_the_hand_calculation() -> None:
    """10 to 16.5 kWh/kg at 0.5777, for 0.9998 kg graphitized powder per kg: 6.5 x 0.5777 x 0.9998 = 3.754 of 12.482, 30.1 %."""
    row = next(row for row in sensitivity_rows(load_model())[1] if row[0] == "`graphitization_electricity_kwh_per_kg`")

    assert float(str(row[3])) - float(str(row[2])) == pytest.approx(3.754, abs=0.002)
    assert row[4] == "30.1%"
