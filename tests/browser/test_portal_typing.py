"""While somebody types: the value in the other unit, and nothing typed is lost before it is stored."""

import re
from collections.abc import Callable
from itertools import count
from random import Random

import pytest
from playwright.sync_api import Dialog, Locator, Route, expect

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
SAVED = "[data-saved]"
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
    supplier.page.locator(".task-list").get_by_role("link", name=supplier.say(ELECTRICITY.title), exact=True).click()
    supplier.page.locator(BOX).wait_for()
    supplier.page.wait_for_load_state()  # the box is there before the scripts are


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


def test_an_answer_is_saved_while_the_next_one_is_typed(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering("zh-CN", phone=True)

    supplier.enter("furnace_electricity", "7584万度")
    supplier.page.locator(BOX).blur()

    expect(supplier.page.locator(SAVED)).to_have_text(re.compile(r"已保存 \d\d:\d\d"))
    expect(supplier.page.locator(CONVERTED)).to_have_text("= 75,840,000 kWh")  # as the server read it
    expect(supplier.page.locator(".sticky-bar progress")).to_have_attribute("value", "1")
    assert kept(supplier) == []
    supplier.page.reload()
    expect(supplier.page.locator(BOX)).to_have_value("7584万度")


def test_what_cannot_be_read_says_so_at_once_and_no_longer_when_it_can(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering()
    box, message = supplier.page.locator(BOX), supplier.page.locator("#error-furnace_electricity")

    box.fill("12,16")
    box.blur()
    expect(message).to_contain_text("can be read in two ways")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("1216")
    box.blur()

    expect(message).to_have_count(0)
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_what_is_typed_before_the_script_has_come_is_saved_too(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    supplier.page.route("**/answering.js*", hold)
    supplier.page.reload(wait_until="commit")

    supplier.page.locator(BOX).fill("1216")
    supplier.page.locator(BOX).blur()
    supplier.page.wait_for_timeout(100)
    for route in held:
        route.continue_()

    expect(supplier.page.locator(SAVED)).to_contain_text("Saved")


def test_what_was_typed_survives_a_closed_tab(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering(phone=True)
    context, address = supplier.page.context, supplier.page.url
    context.set_offline(True)
    supplier.enter("furnace_electricity", "7,584", unit="MWh")
    expect(supplier.page.locator(SAVED)).to_contain_text("no connection")
    supplier.page.close()
    context.set_offline(False)
    tab = context.new_page()

    tab.goto(address.rpartition("/")[0])
    expect(tab.locator("[data-kept-list]")).to_contain_text(
        "Typed on this device and not saved yet Electricity", use_inner_text=True
    )
    tab.goto(address)

    expect(tab.locator(RESTORED)).to_contain_text(re.compile(r"Restored what you typed at \d\d:\d\d; it is not saved yet."))
    expect(tab.locator(BOX)).to_have_value("7,584")
    expect(tab.locator(CONVERTED)).to_have_text("= 7,584,000 kWh")
    tab.locator(RESTORED).get_by_role("button", name="Save").click()
    tab.get_by_text("Saved.").first.wait_for()
    expect(tab.locator(RESTORED)).to_be_hidden()
    expect(tab.locator(BOX)).to_have_value("7,584")
    assert tab.evaluate("Object.keys(localStorage)") == []


def test_what_was_typed_survives_an_ended_session(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, link = answering("zh-CN", phone=True)
    supplier.page.context.clear_cookies()
    supplier.enter("furnace_electricity", "7,584", unit="万kWh")
    supplier.page.locator(BOX).blur()
    expect(supplier.page.locator(SAVED)).to_contain_text("您已退出登录")

    enter(supplier, link, press="Open the questionnaire")

    expect(supplier.page.locator(RESTORED)).to_contain_text(re.compile(r"已恢复您在 \d\d:\d\d 填写的内容，尚未保存。"))
    expect(supplier.page.locator(BOX)).to_have_value("7,584")
    supplier.press("Save")
    supplier.sees("Saved.")
    assert kept(supplier) == []


def test_without_connection_answers_wait_on_the_device_and_are_sent_when_it_is_back(
    answering: Callable[..., tuple[Visitor, str]],
) -> None:
    supplier, _ = answering()
    supplier.page.context.set_offline(True)
    supplier.enter("furnace_electricity", "7,584", unit="MWh")
    expect(supplier.page.locator(SAVED)).to_have_text("Not saved: no connection. Kept on this device and sent when it is back.")
    supplier.press("Save")
    expect(supplier.page.locator(BOX)).to_have_value("7,584")  # the page stays where it is
    assert len(kept(supplier)) == 1

    supplier.page.context.set_offline(False)

    expect(supplier.page.locator(SAVED)).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    assert kept(supplier) == []
    supplier.page.reload()
    expect(supplier.page.locator(BOX)).to_have_value("7,584")


def test_who_hands_the_phone_on_can_clear_it(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering(phone=True)
    supplier.page.context.set_offline(True)
    supplier.enter("furnace_electricity", "7,584", unit="MWh")
    supplier.press("Clear it from this device")

    expect(supplier.page.locator(BOX)).to_have_value("")
    assert kept(supplier) == []
    supplier.page.context.set_offline(False)


def test_the_button_that_clears_stays_while_saving_is_tried_again(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering(phone=True)
    waiting: list[Route] = []
    clear = supplier.page.get_by_role("button", name=supplier.say("Clear it from this device"))

    def hold(route: Route) -> None:
        waiting.append(route)

    supplier.page.context.set_offline(True)
    supplier.enter("furnace_electricity", "7,584", unit="MWh")
    expect(clear).to_be_visible()
    supplier.page.route("**/save", hold)
    supplier.page.context.set_offline(False)
    expect(supplier.page.locator(SAVED)).to_have_text(supplier.say("Saving…"))

    expect(clear).to_be_visible()
    waiting[0].continue_()
    expect(clear).to_be_hidden()


def test_leaving_saves_first_and_never_asks(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering()
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    supplier.page.on("dialog", note)

    supplier.page.locator(BOX).press_sequentially("75")
    supplier.follow("Back")
    supplier.page.wait_for_url("**/furnace")
    supplier.page.go_back()

    expect(supplier.page.locator(BOX)).to_have_value("75")
    assert asked == []
    assert kept(supplier) == []


def test_two_people_see_each_others_answers_and_one_chooses(answering: Callable[..., tuple[Visitor, str]], visit: Visit) -> None:
    first, link = answering()
    second = visit("en", phone=True)
    enter(second, link, press="Open the questionnaire")
    first.enter("auxiliary_electricity", "350", unit="万kWh")
    first.enter("furnace_electricity", "7,584", unit="万kWh")
    first.page.locator(BOX).blur()
    expect(first.page.locator(SAVED)).to_contain_text("Saved")

    second.enter("furnace_electricity", "7,563", unit="万kWh")
    second.page.locator(BOX).blur()

    card = second.page.locator("[data-question=furnace_electricity]")
    expect(card).to_contain_text("Two people answered differently. Which is right?")
    card.get_by_role("button", name="7,584").click()
    second.sees("Saved.")
    expect(second.page.locator(BOX)).to_have_value("7,584")
    expect(card).not_to_contain_text("Two people answered differently")
    expect(second.page.locator("#field-auxiliary_electricity")).to_have_value("350")  # merged by field


def test_the_keyboard_suffices_for_an_estimate_with_its_reason(answering: Callable[..., tuple[Visitor, str]]) -> None:
    supplier, _ = answering()
    keyboard = supplier.page.keyboard
    supplier.page.locator(BOX).focus()
    keyboard.type("75840000")
    for _ in range(3):  # unit, where to find it, estimate or no figure
        keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("ArrowDown")
    for _ in range(2):  # source, reason
        keyboard.press("Tab")
    keyboard.type("From last month's reading")
    keyboard.press("Tab")

    expect(supplier.page.locator(SAVED)).to_contain_text("Saved")
    supplier.page.reload()
    expect(supplier.page.locator("[name=furnace_electricity_absent][value=estimated]")).to_be_checked()
    expect(supplier.page.locator("[name=furnace_electricity_note]")).to_have_value("From last month's reading")


def test_a_colleague_answers_only_what_was_sent(answering: Callable[..., tuple[Visitor, str]], visit: Visit) -> None:
    supplier, _ = answering()
    supplier.open(supplier.page.url.rpartition("/")[0] + "/colleagues")
    supplier.page.get_by_label("Fuels").check()
    supplier.enter("colleague", "Li Na")
    supplier.press("Make the link")
    link = supplier.page.locator("#colleague-link").input_value()

    colleague = visit("zh-CN", phone=True, scripts=False)
    colleague.open(link)
    colleague.enter("pin", PIN)
    colleague.press("Start")
    assert colleague.page.locator(".task-list li").count() == 1
    colleague.page.locator(".task-list a").click()
    colleague.enter("natural_gas", "7", unit="万Nm3")
    colleague.press("Save and continue")

    colleague.sees("Thank you, these are all the questions sent to you")
    supplier.open(supplier.page.url)
    supplier.sees_text("answered by Li Na: 1")


def place_of(output: Locator) -> list[int]:
    """Return where the line lies on the page and how high it is, in pixels."""
    place: list[int] = output.evaluate("output => [output.parentElement.offsetTop, output.parentElement.offsetHeight]")
    return place


def kept(supplier: Visitor) -> list[str]:
    keys: list[str] = supplier.page.evaluate("Object.keys(localStorage)")
    return keys
