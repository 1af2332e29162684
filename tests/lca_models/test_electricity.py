import pytest

from lca_models import load_model
from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import EU_DRAFT, ElectricityView
from lca_models.errors import DirectCo2FactorError, ParameterError

MODEL = load_model()
KWH = 16.474237846749997


def footprint(electricity: str, **parameters: float | str) -> Footprint:
    return calculate_footprint(MODEL, parameters, electricity=electricity, check=False)


def test_national_is_the_newest_official_average() -> None:
    view = MODEL.electricity.views["national"]

    assert (view.kg_co2e_per_kwh, view.factor.year, view.status) == (0.5777, "2024", "official")
    assert next(iter(MODEL.electricity.views)) == "national"


def test_there_is_a_screening_view_for_each_of_thirty_provinces() -> None:
    provinces = [view for view in MODEL.electricity.views.values() if view.key.startswith("province:")]

    assert len(provinces) == 30
    assert {view.status for view in provinces} == {"screening"}
    assert MODEL.electricity.views["province:CN-NM"].kg_co2e_per_kwh == 0.7507


def test_a_province_view_is_marked_as_not_official() -> None:
    found = footprint("province:CN-NM")

    assert found.total_kg_co2e - footprint("national").total_kg_co2e == pytest.approx(KWH * (0.7507 - 0.5777))
    assert "not official" in str(found.notices[0])


@pytest.mark.parametrize("name", ["province:CN-NM", "province:NM", "province:nm", "province:内蒙古", "province:inner mongolia"])
def test_a_province_may_be_called_by_its_names(name: str) -> None:
    assert footprint(name).electricity_view.key == "province:CN-NM"


@pytest.mark.parametrize("name", ["", "provincial", "province:", "province:Atlantis", "NM", "direct_co2_average"])
def test_an_unknown_view_is_an_error_with_the_known_ones(name: str) -> None:
    with pytest.raises(ParameterError, match=r"no electricity view.*national, market, eu_draft, china_label, province:CN-AH"):
        footprint(name)


def test_market_without_contracts_is_all_residual_and_says_so() -> None:
    found = footprint("market")

    assert found.parameters["electricity_kg_co2e_per_kwh"] == 0.7082
    assert "No contracts are evidenced" in str(found.notices[0])


def test_market_mixes_contracts_with_the_residual() -> None:
    """0.3 wind x 0.0386 + 0.2 photovoltaic x 0.0592 + 0.5 x 0.7082."""
    found = footprint("market", contract_wind_share=0.3, contract_solar_pv_share=0.2)

    factor = 0.3 * 0.0386 + 0.2 * 0.0592 + 0.5 * 0.7082
    assert found.parameters["electricity_kg_co2e_per_kwh"] == pytest.approx(factor, rel=1e-12)
    assert found.total_kg_co2e - footprint("national").total_kg_co2e == pytest.approx(KWH * (factor - 0.5777))
    assert found.notices == ()


def test_a_toll_plant_does_not_inherit_the_makers_contracts() -> None:
    found = footprint("market", contract_hydro_share=1.0, toll_share=1.0)

    assert found.parameters["electricity_kg_co2e_per_kwh"] == pytest.approx(0.0194)
    assert found.parameters["graphitization_electricity_kg_co2e_per_kwh"] == pytest.approx(0.7082)
    own = footprint("market", contract_hydro_share=1.0, toll_share=1.0, graphitization_contract_wind_share=0.5)
    assert own.parameters["graphitization_electricity_kg_co2e_per_kwh"] == pytest.approx(0.5 * 0.0386 + 0.5 * 0.7082)


def test_contracts_do_not_touch_the_headline() -> None:
    assert footprint("national", contract_wind_share=1.0).total_kg_co2e == footprint("national").total_kg_co2e


def test_shares_above_one_are_an_error() -> None:
    with pytest.raises(ParameterError, match=r"add up to 1.1, above 1. Lower one of: contract_wind_share, contract_nuc"):
        footprint("market", contract_wind_share=0.6, contract_nuclear_share=0.5)


def test_a_factor_and_a_view_at_once_are_an_error() -> None:
    with pytest.raises(ParameterError, match="electricity_kg_co2e_per_kwh is set while the electricity view is “market”"):
        footprint("market", electricity_kg_co2e_per_kwh=0.5)


def test_a_factor_set_by_hand_is_shown_as_such() -> None:
    found = footprint("national", electricity_kg_co2e_per_kwh=0.758)

    assert (found.electricity_view.key, found.electricity_view.kg_co2e_per_kwh) == ("explicit", 0.758)


def test_the_official_direct_factors_are_there_but_no_view() -> None:
    assert MODEL.electricity.direct_co2["CN", "direct_co2_average", "2023"].value == 0.5306
    assert MODEL.electricity.direct_co2["CN-GD", "direct_co2_average", "2023"].value == 0.4419
    assert not any("direct" in key for key in MODEL.electricity.views)


def test_screening_rows_follow_their_formula() -> None:
    """Fossil share = direct/0.8273; (share x 0.9208 + (1 - share) x 0.0270 + 0.0036) x 1.0276, to four digits."""
    for key, view in MODEL.electricity.views.items():
        if view.status == "screening":
            direct = MODEL.electricity.direct_co2[key.removeprefix("province:"), "direct_co2_average", "2023"].value
            share = direct / 0.8273
            assert view.kg_co2e_per_kwh == pytest.approx((share * 0.9208 + (1 - share) * 0.0270 + 0.0036) * 1.0276, abs=2e-4), key


def test_the_eu_draft_is_the_national_mix_whatever_the_contracts() -> None:
    found = footprint("eu_draft", contract_wind_share=1.0)

    assert found.total_kg_co2e == footprint("national").total_kg_co2e
    assert "final text is not confirmed" in str(found.notices[0])


def test_the_eu_draft_counts_a_direct_line_at_the_power_station() -> None:
    """0.25 photovoltaic at the plant 0.0520, no grid between, + 0.75 x 0.5777."""
    found = footprint("eu_draft", direct_line_solar_pv_share=0.25)

    factor = 0.25 * 0.0520 + 0.75 * 0.5777
    assert found.parameters["electricity_kg_co2e_per_kwh"] == pytest.approx(factor, rel=1e-12)
    assert found.total_kg_co2e - footprint("national").total_kg_co2e == pytest.approx(KWH * (factor - 0.5777))


def test_a_toll_plant_does_not_share_the_makers_line() -> None:
    found = footprint("eu_draft", direct_line_wind_share=1.0, toll_share=0.5)

    assert found.parameters["electricity_kg_co2e_per_kwh"] == pytest.approx(0.0324)
    assert found.parameters["graphitization_electricity_kg_co2e_per_kwh"] == pytest.approx(0.5 * 0.0324 + 0.5 * 0.5777)


def test_the_china_label_counts_contracts_and_leaves_the_rest_at_the_average() -> None:
    """0.4 hydro over the grid 0.0194 + 0.1 wind over a line 0.0324 + 0.5 x 0.5777; the residual mix has no place in it."""
    found = footprint("china_label", contract_hydro_share=0.4, direct_line_wind_share=0.1)

    assert found.parameters["electricity_kg_co2e_per_kwh"] == pytest.approx(0.4 * 0.0194 + 0.1 * 0.0324 + 0.5 * 0.5777, rel=1e-12)
    assert "not confirmed" in str(found.notices[0])


def test_direct_lines_do_not_touch_the_headline_and_the_provinces() -> None:
    for view in ("national", "province:CN-NM"):
        assert footprint(view, direct_line_wind_share=0.5).total_kg_co2e == footprint(view).total_kg_co2e


def test_contracts_and_lines_together_may_not_exceed_all_electricity() -> None:
    with pytest.raises(ParameterError, match=r"add up to 1.2, above 1. Lower one of: contract_wind_share, direct_line_hydro_share"):
        footprint("market", contract_wind_share=0.6, direct_line_hydro_share=0.6)


def test_a_number_typed_that_is_a_direct_co2_factor_is_pointed_out() -> None:
    notices = [str(one) for one in footprint("national", electricity_kg_co2e_per_kwh=0.5306).notices]

    assert any("is the number of a direct-CO2 factor (CN, 2023)" in text for text in notices)
    assert footprint("national", electricity_kg_co2e_per_kwh=0.5307).notices == ()


def test_no_view_can_be_made_of_a_direct_co2_factor() -> None:
    direct = MODEL.electricity.direct_co2["CN", "direct_co2_average", "2023"]

    with pytest.raises(DirectCo2FactorError, match=r"0\.5306 kg CO2 per kWh.*direct-CO2 factor for company inventories"):
        ElectricityView(key=EU_DRAFT, name_en="", name_zh="", factor=direct, status="official")  # type: ignore[arg-type]
