"""A new set of factors, from the upload to the tables of a model."""

from datetime import date

import pytest

from lca_models.calculation import calculate_footprint
from lca_models.errors import FactorSetError, ModelError, TableError
from lca_models.factor_changes import changed_factors
from lca_models.factor_sets import Family
from lca_models.factor_uploads import NewSet, tables_with_set, template_rows
from lca_models.model import Model, load_model, read_model, shipped_tables

HEADER = "region_code,region,region_zh,kind,value,unit,confidence,note\n"
NEW = """CN,China,全国,pcf_lifecycle_average,0.5400,kgCO2e/kWh,published/verified,
CN,China,全国,pcf_lifecycle_td_excl_losses,0.0040,kgCO2e/kWh,published/verified,
""" + "".join(
    f"CN,China,全国,pcf_lifecycle_generation_{name},{value},kgCO2e/kWh,published/verified,\n"
    for name, value in {"wind": 0.03, "solar_pv": 0.05, "hydro": 0.014, "nuclear": 0.006, "biomass": 0.04}.items()
)


def a_set(
    *, key: str = "footprint_2025", family: Family = "footprint", year: str = "2025", valid_from: date = date(2026, 10, 20)
) -> NewSet:
    return NewSet(
        key=key,
        family=family,
        data_year=year,
        name_en="Electricity carbon footprint factors, data of 2025",
        name_zh="2025年电力碳足迹因子",
        document="Announcement 2026 No. 40",
        licence="official document of the PRC, outside copyright",
        published=date(2026, 10, 20),
        valid_from=valid_from,
    )


def model_with(content: str, new: NewSet | None = None) -> Model:
    tables = shipped_tables()
    changed = tables_with_set(tables, new or a_set(), (HEADER + content).encode(), file="factors.csv")
    return read_model({**tables, **changed}, version="test")


def test_a_new_year_comes_into_force_and_ends_the_one_before() -> None:
    electricity = model_with(NEW).electricity

    assert electricity.in_force["footprint"] == "footprint_2025"
    assert electricity.views["national"].kg_co2e_per_kwh == 0.54
    ended = electricity.sets["footprint_2024"].head
    assert (ended.valid_to, ended.superseded_by) == (date(2026, 10, 19), "footprint_2025")
    new = electricity.sets["footprint_2025"].head
    assert (new.document_en, new.published, new.valid_from) == ("Announcement 2026 No. 40", "2026-10-20", date(2026, 10, 20))


def test_green_supply_of_the_new_year_follows_the_rule() -> None:
    """Wind 0.03 x 1.05 + 0.0040."""
    assert model_with(NEW).electricity.green_supply["wind"].value == pytest.approx(0.03 * 1.05 + 0.0040)


def test_the_default_changes_by_its_electricity_only() -> None:
    before, after = calculate_footprint(load_model()), calculate_footprint(model_with(NEW))

    assert after.total_kg_co2e - before.total_kg_co2e == pytest.approx(before.electricity_kwh * (0.54 - 0.5777))


def test_the_changes_can_be_told_before_anything_is_applied() -> None:
    changes = {one.kind: (one.before, one.after) for one in changed_factors(load_model().electricity, model_with(NEW).electricity)}

    assert changes["pcf_lifecycle_average"] == (0.5777, 0.54)
    assert changes["pcf_lifecycle_generation_coal"] == (0.924, None)


def test_the_new_source_is_named_with_its_licence() -> None:
    source = model_with(NEW).sources["set-footprint_2025"]

    assert (source.citation, source.licence) == ("Announcement 2026 No. 40", "official document of the PRC, outside copyright")


def test_a_set_of_direct_co2_changes_no_view() -> None:
    row = "CN,China,全国,direct_co2_average,0.5100,kgCO2/kWh,published/verified,\n"

    electricity = model_with(row, a_set(key="direct_co2_2024", family="direct_co2", year="2024")).electricity

    assert electricity.in_force["direct_co2"] == "direct_co2_2024"
    assert changed_factors(load_model().electricity, electricity) == ()


def test_the_template_holds_the_rows_of_the_set_in_force() -> None:
    rows = template_rows(shipped_tables(), family="footprint", year="2024")

    assert {"kind": "pcf_lifecycle_average", "value": "0.5777", "unit": "kgCO2e/kWh"}.items() <= rows[0].items()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.5400,kgCO2e/kWh", "0.5400,kgCO2/kWh", "factors.csv, line 2, column unit: “kgCO2/kWh” is not allowed. Use one of"),
        ("0.5400", "540", "factors.csv, line 2, column value: 540 is outside 0 to 2. Give the factor per kWh, not per MWh"),
        ("0.5400", "-0.54", "factors.csv, line 2, column value: -0.54 is outside 0 to 2"),
        ("0.5400", "0,54x", "factors.csv, line 2 has 9 cells, the header has 8"),
        ("0.5400", "half", "factors.csv, line 2, column value: “half” is not a finite number"),
        ("0.5400", "", "factors.csv, line 2, column value: the cell is empty. Fill it in"),
        ("pcf_lifecycle_average", "direct_co2_average", "line 2, column kind: “direct_co2_average” does not belong to"),
        ("pcf_lifecycle_td_excl_losses", "pcf_lifecycle_average", "line 3: “pcf_lifecycle_average” of CN stands twice (line 2)"),
        ("published/verified", "certain", "line 2, column confidence: “certain” is not allowed. Use one of: published/verified"),
        (
            "pcf_lifecycle_generation_wind",
            "pcf_lifecycle_generation_gas",
            "“footprint_2025” has no “pcf_lifecycle_generation_wind”",
        ),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_value_and_fix(old: str, new: str, message: str) -> None:
    assert old in NEW
    with pytest.raises(ModelError) as caught:
        model_with(NEW.replace(old, new, 1))

    assert message in str(caught.value)


def test_a_set_that_begins_before_the_present_one_is_refused() -> None:
    with pytest.raises(FactorSetError, match=r"“footprint_2024”, begins on 2025-10-23. .* later than that, not on 2025-10-23"):
        model_with(NEW, a_set(valid_from=date(2025, 10, 23)))


def test_a_key_or_a_year_can_not_be_taken_twice() -> None:
    with pytest.raises(FactorSetError, match="There is a factor set “footprint_2024” already"):
        model_with(NEW, a_set(key="footprint_2024"))
    with pytest.raises(TableError, match="already stands in the table"):
        model_with(NEW, a_set(year="2024"))


def test_an_empty_upload_is_refused() -> None:
    with pytest.raises(TableError, match=r"factors.csv has 0 rows. A set has 1 to 500"):
        model_with("")
