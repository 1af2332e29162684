"""While somebody types: the value in the other unit, and nothing typed is lost before it is stored."""

import re
from collections.abc import Callable
from itertools import count
from random import Random

import pytest
from playwright.sync_api import Dialog, Locator, expect

from service.errors import FieldError
from service.i18n import Locale
from service.submissions.models import Depth
from service.submissions.parsing import parse_number
from service.submissions.questionnaire import find_question, groups_for
from service.submissions.units import convert, factor
from supplier_portal.fields import show_value
from tests.browser import toll_plant
from tests.browser.conftest import Visit
from tests.browser.visitors import Visitor

pytestmark = pytest.mark.browser

PIN = "482913"
ELECTRICITY = groups_for("TOLL", Depth.FIRST)[2]
BOX = "#field-furnace_electricity"
CONVERTED = f"output[for={BOX.removeprefix('#')}]"
RESTORED = "[data-restored]"
years = count(3)

TYPED = ("1216", "1,216.5", "１，２１６．５", "1 216", " 7 ", "+5", ".5", "5.", "1e3", "1E-4", "0", "0.000001")
UNREADABLE = ("", "12,16", "1,2 345", "about 5", "5 kWh", "-3", "−3", "1.2.3", "9" * 41)
RANDOM = tuple(f"{Random(seed).uniform(0, 10 ** Random(seed).randint(0, 8)):.{seed % 9}f}" for seed in range(300))


@pytest.fixture
def answering(visit: Visit) -> Callable[..., tuple[Visitor, str]]:
    """Let somebody of the toll plant come by link to the screen that asks for electricity."""

    def come(locale: Locale = "en", **device: bool) -> tuple[Visitor, str]:
        engineer = visit(locale)
        engineer.sign_in("engineer")
        link = toll_plant.ask(engineer, toll_plant.year_to_june(next(years)))
        supplier = visit(locale, **device)
        enter(supplier, link, press="Start")
        return supplier, link

    return come


def enter(supplier: Visitor, link: str, *, press: str) -> None:
    supplier.open(link)
    supplier.enter("pin", PIN)
    supplier.press(press)
    supplier.page.get_by_role("link", name=supplier.say(ELECTRICITY.title), exact=True).click()
    supplier.page.locator(BOX).wait_for()


def shown_by_the_server(typed: str, unit: str, locale: Locale) -> str:
    try:
        value = parse_number(typed)
    except FieldError:
        return ""
    return "" if value < 0 else show_value(convert(value, unit, to="kWh"), "kWh", locale).removesuffix(" kWh")


def test_a_page_converts_as_the_server_does(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering("zh-CN")
    cases = [(typed, unit) for typed in (*TYPED, *UNREADABLE, *RANDOM) for unit in ("万kWh", "MWh")]

    shown = supplier.page.evaluate(
        "cases => cases.map(([typed, factor]) => convert(typed, factor))",
        [(typed, str(factor(unit, "kWh"))) for typed, unit in cases],
    )

    assert dict(zip(cases, shown, strict=True)) == {case: shown_by_the_server(*case, "zh-CN") for case in cases}


@pytest.mark.parametrize("ratio", ["5463/5863", "293076/10000", "67334/25"])
def test_ratios_that_are_no_decimals_round_as_the_server_does(answering: Callable[..., tuple[Visitor, str]], ratio: str) -> None:
    supplier, _ = answering()
    over, under = map(int, ratio.split("/"))

    shown = supplier.page.evaluate("([typed, factor]) => convert(typed, factor)", ["1234.5", ratio])

    assert float(shown.replace(",", "")) == pytest.approx(1234.5 * over / under, rel=1e-6)


def test_the_converted_value_follows_what_is_typed_and_stays_where_it_is_when_saved(
    answering: Callable[..., tuple[Visitor, str]],
) -> None:
    supplier, _ = answering(phone=True)
    output = supplier.page.locator(CONVERTED)
    expect(output).to_have_text("")
    empty_place = place_of(output)

    supplier.enter("furnace_electricity", "1,216", unit="万kWh")
    expect(output).to_have_text("= 12,160,000 kWh")
    assert place_of(output) == empty_place
    supplier.enter("furnace_electricity", "1,216", unit="MWh")
    expect(output).to_have_text("= 1,216,000 kWh")
    supplier.enter("furnace_electricity", "1,216", unit="kWh")
    expect(output).to_have_text("")
    supplier.enter("furnace_electricity", "12,16", unit="MWh")
    expect(output).to_have_text("")

    supplier.enter("furnace_electricity", "1,216", unit="MWh")
    supplier.press("Save")
    supplier.sees("Saved.")
    expect(output).to_have_text("= 1,216,000 kWh")


def test_every_unit_of_a_question_that_is_not_the_canonical_one_can_be_converted_on_the_page(
    answering: Callable[..., tuple[Visitor, str]],
) -> None:
    question = find_question("TOLL", "furnace_electricity")
    assert question is not None
    supplier, _ = answering()
    options = supplier.page.locator("[name=furnace_electricity_unit] option")

    factors = options.evaluate_all("options => options.map(option => [option.value, option.dataset.factor ?? null])")

    assert dict(factors) == {unit: None if unit == "kWh" else str(factor(unit, "kWh")) for unit in question.units}


def test_what_was_typed_survives_an_ended_session(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, link = answering("zh-CN", phone=True)
    supplier.enter("furnace_electricity", "7,584", unit="万kWh")
    supplier.page.context.clear_cookies()
    supplier.press("Save")
    supplier.sees("Please sign in; what you typed on an open page is kept there.")

    enter(supplier, link, press="Open the questionnaire")

    expect(supplier.page.locator(RESTORED)).to_have_text(re.compile(r"已恢复您在 \d\d:\d\d 填写的内容，尚未保存。"))
    expect(supplier.page.locator(BOX)).to_have_value("7,584")
    expect(supplier.page.locator(CONVERTED)).to_have_text("= 75,840,000 kWh")
    supplier.press("Save")
    supplier.sees("Saved.")
    supplier.page.reload()
    expect(supplier.page.locator(RESTORED)).to_be_hidden()
    expect(supplier.page.locator(BOX)).to_have_value("7,584")
    assert kept(supplier) == []


def test_what_was_typed_survives_a_lost_connection_and_can_be_discarded(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering()
    address = supplier.page.url
    supplier.enter("furnace_electricity", "7,584", unit="MWh")
    supplier.page.context.set_offline(True)
    supplier.press("Save")
    supplier.page.wait_for_url("chrome-error://**")
    supplier.page.context.set_offline(False)

    supplier.open(address)

    expect(supplier.page.locator(RESTORED)).to_be_visible()
    expect(supplier.page.locator(BOX)).to_have_value("7,584")
    supplier.press("Discard it")
    expect(supplier.page.locator(RESTORED)).to_be_hidden()
    expect(supplier.page.locator(BOX)).to_have_value("")
    expect(supplier.page.locator(CONVERTED)).to_have_text("")
    assert kept(supplier) == []


def test_leaving_with_unsaved_figures_asks_first_and_saving_does_not(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering()
    asked: list[str] = []

    def stay_once(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss() if len(asked) == 1 else dialog.accept()

    supplier.page.on("dialog", stay_once)
    supplier.follow("Back")
    supplier.page.go_back()
    assert asked == []

    supplier.page.locator(BOX).press_sequentially("75")
    supplier.follow("Back")
    expect(supplier.page.locator(BOX)).to_have_value("75")
    assert asked == ["beforeunload"]
    supplier.press("Save and continue")
    supplier.sees("Saved.")
    assert asked == ["beforeunload"]


def place_of(output: Locator) -> list[int]:
    """Return where the line lies on the page and how high it is, in pixels."""
    place: list[int] = output.evaluate("output => [output.parentElement.offsetTop, output.parentElement.offsetHeight]")
    return place


def kept(supplier: Visitor) -> list[str]:
    keys: list[str] = supplier.page.evaluate("Object.keys(sessionStorage)")
    return keys
