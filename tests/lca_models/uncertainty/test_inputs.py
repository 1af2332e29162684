"""Every parameter has a distribution with its source; what is chosen has none."""

from typing import Any

import pytest

from lca_models.errors import ModelError, ParameterError, UncertaintyError
from lca_models.inventory import Distribution as Shape
from lca_models.model import load_model, read_model, shipped_tables
from lca_models.parameters import Default
from lca_models.uncertainty.distributions import Fixed, Lognormal, Triangular
from lca_models.uncertainty.inputs import Basis, UncertainParameter, fixed_exchanges, uncertain_parameters

MODEL = load_model()
FURNACES = MODEL.definitions["furnace"].choices


def by_name(*args: Any, **options: Any) -> dict[str, UncertainParameter]:
    return {one.name: one for one in uncertain_parameters(MODEL, *args, **options)}


@pytest.mark.parametrize("furnace", FURNACES)
def test_every_number_among_the_parameters_has_a_distribution_or_follows_others(furnace: str) -> None:
    found = by_name({"furnace": furnace})

    numbers = {name for name, one in MODEL.definitions.items() if not one.choices and one.default_for(furnace) is not None}
    assert set(found) == numbers
    for one in found.values():
        assert bool(one.terms) != bool(one.follows)
        assert one.follows or one.terms[0].sources or one.terms[0].basis is Basis.CHOICE


@pytest.mark.parametrize("furnace", FURNACES)
def test_what_is_uncertain_names_sources_that_exist(furnace: str) -> None:
    for one in by_name({"furnace": furnace}).values():
        for term in one.terms:
            assert set(term.sources) <= set(MODEL.sources)


def test_a_default_takes_the_range_and_shape_that_its_row_states() -> None:
    found = by_name()

    kwh = found["graphitization_electricity_kwh_per_kg"].terms[0]
    assert kwh.distribution == Triangular(low=10.0, mode=13.0, high=16.5)
    assert kwh.basis is Basis.STATED
    milling = found["milling_electricity_kwh_per_kg"].terms[0].distribution
    assert isinstance(milling, Lognormal)
    assert milling.median == 0.9
    assert milling.maximum == 20.0  # cut off where the parameter ends


def test_another_furnace_takes_its_own_ranges() -> None:
    found = by_name({"furnace": "box"})

    assert found["graphitization_electricity_kwh_per_kg"].terms[0].distribution == Triangular(low=7.5, mode=9.5, high=11.5)


def test_the_national_factor_takes_its_own_stated_range_and_never_that_of_places() -> None:
    term = by_name()["electricity_kg_co2e_per_kwh"].terms[0]

    assert term.distribution == Triangular(low=0.56, mode=0.5777, high=0.65)
    assert term.sources == ("MEE-2024-CF",)


def test_a_provinces_factor_is_uncertain_around_its_own_value_and_moves_all_steps_alike() -> None:
    found = by_name(electricity="province:CN-NM")
    names = [f"{step}electricity_kg_co2e_per_kwh" for step in ("", "graphitization_", "carbonization_")]

    for name in names:
        term = found[name].terms[0]
        assert isinstance(term.distribution, Lognormal)
        assert term.distribution.median == pytest.approx(0.7507)
        assert term.evidence == "screening_factor"
        assert term.stream == "electricity_kg_co2e_per_kwh"


def test_a_factor_that_somebody_types_in_is_worth_less_than_an_official_one() -> None:
    found = by_name({"electricity_kg_co2e_per_kwh": 0.2})

    assert found["electricity_kg_co2e_per_kwh"].terms[0].evidence == "stated_factor"


def test_the_factor_of_one_step_that_somebody_gives_has_its_own_stream() -> None:
    found = by_name(
        {"graphitization_electricity_kg_co2e_per_kwh": 0.2},
        evidence={"graphitization_electricity_kg_co2e_per_kwh": "official_factor"},
    )

    assert found["graphitization_electricity_kg_co2e_per_kwh"].streams == ("graphitization_electricity_kg_co2e_per_kwh",)
    assert found["carbonization_electricity_kg_co2e_per_kwh"].streams == ("electricity_kg_co2e_per_kwh",)


def test_a_parameter_that_is_calculated_from_others_follows_them() -> None:
    found = by_name()

    assert found["coating_pitch_kg_co2e_per_kg"].follows == ("coal_tar_pitch_kg_co2e_per_kg",)
    assert found["coating_pitch_kg_co2e_per_kg"].terms == ()


@pytest.mark.parametrize(
    "name", ["needle_coke_share", "toll_share", "coated_share", "contract_wind_share", "carbon_monoxide_kg_co2e_per_kg"]
)
@pytest.mark.parametrize("value", [None, 0.4])
def test_what_is_chosen_for_a_product_or_method_is_certain_also_when_given(name: str, value: float | None) -> None:
    term = by_name({} if value is None else {name: value})[name].terms[0]

    assert isinstance(term.distribution, Fixed)
    assert term.basis is Basis.CHOICE


def test_a_given_value_is_an_estimate_unless_evidence_is_named() -> None:
    given = {"graphitization_electricity_kwh_per_kg": 12.0}
    name = "graphitization_electricity_kwh_per_kg"

    estimated, metered = by_name(given)[name].terms[0], by_name(given, evidence={name: "metered"})[name].terms[0]

    assert (estimated.basis, estimated.evidence) == (Basis.EVIDENCE, "estimated")
    assert isinstance(estimated.distribution, Lognormal)
    assert isinstance(metered.distribution, Lognormal)
    assert estimated.distribution.median == metered.distribution.median == 12.0
    assert metered.distribution.gsd == pytest.approx(1.0248, abs=5e-5)  # exp(root 0.0006)
    assert metered.distribution.gsd < estimated.distribution.gsd


def test_a_range_that_nobody_states_is_not_taken_as_certain() -> None:
    stated, without = b"0.010,kgCO2e/tkm,0.0065,0.0347,triangular", b"0.010,kgCO2e/tkm,,,fixed"
    tables = shipped_tables()
    assert stated in tables["upstream_factors.csv"]
    edited = {**tables, "upstream_factors.csv": tables["upstream_factors.csv"].replace(stated, without)}
    found = uncertain_parameters(read_model(edited, version="without a range of rail freight"))

    # Pedigree (4,4,3,3,3), root of 0.0006 + 0.008 + 0.002 + 0.002 + 0.0001 + 0.008 = 0.1439
    term = next(one for one in found if one.name == "rail_kg_co2e_per_tkm").terms[0]

    assert isinstance(term.distribution, Lognormal)
    assert term.distribution.sigma == pytest.approx(0.0207**0.5)
    assert (term.basis, term.evidence) == (Basis.UNSTATED, "unstated_range")


def test_what_a_furnace_has_none_of_is_certainly_none() -> None:
    term = by_name({"furnace": "continuous"})["packing_coke_net_kg_per_kg"].terms[0]

    assert term.distribution == Fixed(value=0.0)


def test_a_metered_zero_is_a_certain_zero() -> None:
    name = "milling_natural_gas_nm3_per_kg"

    assert by_name({name: 0.0}, evidence={name: "metered"})[name].terms[0].distribution == Fixed(value=0.0)


def test_a_given_distribution_replaces_all_else() -> None:
    shape = Triangular(low=11.0, mode=12.0, high=14.0)
    name = "graphitization_electricity_kwh_per_kg"

    term = by_name(distributions={name: shape})[name].terms[0]

    assert (term.distribution, term.basis) == (shape, Basis.GIVEN)


def test_amounts_without_a_parameter_are_listed_as_certain() -> None:
    listed = {(one.process, one.flow) for one in fixed_exchanges(MODEL, "acheson_crucible")}

    assert ("P1_milling_shaping", "PM10") in listed
    assert ("P5_finishing_packaging", "site_utilities_per_kg") in listed
    assert ("P1_milling_shaping", "electricity_cn_grid") not in listed
    assert not any(process.endswith(":box") for process, _ in listed)


@pytest.mark.parametrize("default", [one for definition in MODEL.parameters for one in definition.defaults.values()])
def test_no_shape_is_stated_without_a_range(default: Default) -> None:
    assert default.shape is Shape.FIXED or default.low is not None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"distributions": {"furnace": Fixed(value=1.0)}}, "furnace is a choice: its words are scenarios"),
        ({"distributions": {"milling_yeild": Fixed(value=1.0)}}, "no parameter “milling_yeild”. Near it: milling_yield"),
        (
            {"distributions": {"milling_yield": Triangular(low=0.5, mode=0.9, high=1.2)}},
            "milling_yield: The range 0.5 to 1.2 reaches",
        ),
        ({"evidence": {"milling_yield": "metered"}}, "milling_yield has evidence “metered”, but no value"),
        ({"evidence": {"milling_yield": "guessed"}}, "no kind of evidence “guessed”"),
        ({"electricity": ["national", "market"]}, "a distribution over national, market would say nothing about any plant"),
        ({"electricity": {"national": 0.5, "market": 0.5}}, "Simulate each view by itself"),
        ({"electricity": 0.5777}, "“0.5777” is not an electricity view"),
        ({"electricity": "provinz"}, "no electricity view “provinz”"),
    ],
)
def test_what_has_no_distribution_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelError) as caught:
        by_name(**options)

    assert words in str(caught.value)
    assert isinstance(caught.value, (UncertaintyError, ParameterError))
