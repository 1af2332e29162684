import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.errors import TableError
from lca_models.methods.exemption import Exemption, exempted_share, find_excess, read_exemptions

MODEL = load_model()
HEADER = "flow,estimate,unit,source,confidence,name_en,name_zh,reason_en,reason_zh,evidence_en,evidence_zh\n"


def exemption(*, kg: float | None = None, share: float | None = None) -> Exemption:
    return Exemption(
        flow="some_flow",
        name_en="some flow",
        name_zh="某流",
        kg_co2e_per_kg=kg,
        share_of_total=share,
        reason_en="small",
        reason_zh="小",
        evidence_en="counted",
        evidence_zh="清点",
        confidence="low",
    )


def test_estimates_in_kg_and_in_percent_add_up() -> None:
    # 0.2 / 10 + 0.005 = 2.5 %
    assert exempted_share([exemption(kg=0.2), exemption(share=0.005)], total_kg_co2e=10.0) == pytest.approx(0.025)


def test_three_percent_is_allowed_and_more_is_not() -> None:
    assert find_excess([exemption(share=0.03)], total_kg_co2e=10.0) is None

    excess = find_excess([exemption(share=0.01), exemption(kg=0.21)], total_kg_co2e=10.0)

    assert str(excess) == (
        "Flows left out make 3.10 % of the result, more than 3 %; the largest is “some_flow” with 2.10 %. "
        "Take it into the inventory or prove a lower estimate."
    )


def test_the_shipped_ledger_keeps_the_limit_and_says_why() -> None:
    total = calculate_footprint(MODEL, check=False).total_kg_co2e
    ledger = list(MODEL.exemptions.values())

    assert 0.01 < exempted_share(ledger, total_kg_co2e=total) < 0.03
    assert find_excess(ledger, total_kg_co2e=total) is None
    assert all(one.reason_en and one.reason_zh and one.evidence_en and one.evidence_zh for one in ledger)


def test_lime_is_estimated_from_the_sulphur_of_the_coke() -> None:
    # 1.2278 kg coke with 0.5 % S, 56/32 kg CaO per kg S, 1.3039 kg CO2e/kg lime
    assert MODEL.exemptions["desulphurisation_lime"].kg_co2e_per_kg == pytest.approx(1.2278 * 0.005 * 56 / 32 * 1.3039, abs=5e-4)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,-1,kgCO2e/kg,expert,low,a,甲,b,乙,c,丙", "an exempted flow has an estimate of zero or more, not -1"),
        ("a,1,t,expert,low,a,甲,b,乙,c,丙", "column unit: “t” is not allowed"),
        ("a,1,1,nobody,low,a,甲,b,乙,c,丙", "source “nobody” is not in sources.toml"),
        ("a,,1,expert,low,a,甲,b,乙,c,丙", "column estimate: the cell is empty"),
        ("a,1,1,expert,low,a,甲,,乙,c,丙", "column reason_en: the cell is empty"),
    ],
)
def test_a_mistake_in_the_ledger_is_named(row: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_exemptions((HEADER + row).encode(), file="exemptions.csv", sources=["expert"])
