"""The whole story as people live it: from a link for a supplier to a certificate that anyone can check, in both languages."""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload
from pypdf import PdfReader

from service.i18n import Locale
from service.submissions.models import Depth
from service.submissions.questionnaire import Group, Question, groups_for
from tests.browser.conftest import Visit
from tests.browser.toll_plant import ask, fill, year_to_june
from tests.browser.visitors import DOCUMENT_MS, Visitor

pytestmark = pytest.mark.browser

PIN = "482913"
EVIDENCE: FilePayload = {"name": "furnace-meter.csv", "mimeType": "text/csv", "buffer": b"meter,kWh\nF1,75840000\n"}
CORRECTED = "7,563"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Who takes part; everybody has a browser of their own.

    Attributes
    ----------
    meet
        Lets somebody of the staff come and sign in.
    newcomer
        Lets somebody come who is not signed in, on a device of their own.

    """

    locale: Locale
    period: tuple[date, date]
    meet: Callable[[str], Visitor]
    newcomer: Callable[[], Visitor]


@pytest.fixture
def tell(visit: Visit) -> Callable[..., Story]:
    def told(locale: Locale, *, years_back: int, **device: bool) -> Story:
        staff: dict[str, Visitor] = {}

        def meet(person: str) -> Visitor:
            if person not in staff:
                staff[person] = visit(locale)
                staff[person].sign_in(person)
            return staff[person]

        return Story(locale=locale, period=year_to_june(years_back), meet=meet, newcomer=lambda: visit(locale, **device))

    return told


@pytest.mark.parametrize(
    ("locale", "years_back", "device"),
    [
        pytest.param("zh-CN", 0, {"phone": True}, id="zh-phone"),
        pytest.param("en", 1, {"phone": True, "scripts": False}, id="en-phone-without-scripts"),
    ],
)
def test_from_a_link_to_a_certificate_that_anyone_can_check(
    tell: Callable[..., Story], tmp_path: Path, locale: Locale, years_back: int, device: Mapping[str, bool]
) -> None:
    story = tell(locale, years_back=years_back, **device)

    link = invite(story)
    first_device = open_link(story.newcomer(), link)
    answer_until_electricity(first_device)
    second_device = come_back(story.newcomer(), link)
    number = hand_in(second_device)
    return_to_supplier(story, number)
    correct(second_device)
    accept(story, number)
    footprint = calculate(story, number)
    release(story, footprint)
    certificate = issue(story, footprint)
    pdf, address = download(story, certificate)
    anyone = story.newcomer()
    check(anyone, address, pdf, tmp_path)
    withdraw(story, certificate)
    anyone.open(address)
    anyone.sees("This certificate was withdrawn")
    anyone.sees_text("E2E")


def invite(story: Story) -> str:
    """Ask the toll plant for a period, copy the link, return it."""
    engineer = story.meet("engineer")
    link = ask(engineer, story.period)
    engineer.press("Copy")
    engineer.sees("Copied")
    assert engineer.page.evaluate("navigator.clipboard.readText()") == link
    return link


def open_link(supplier: Visitor, link: str) -> Visitor:
    """Read what is asked, then choose a PIN."""
    supplier.open(link)
    supplier.sees("How your figures are used")
    supplier.sees("What is asked (%(count)s questions)", count=len(questions()))
    supplier.enter("pin", PIN)
    supplier.press("Start")
    needed = [question for question in questions() if question.required]
    assert supplier.page.locator(".sticky-bar progress").get_attribute("max") == str(len(needed))
    return supplier


def questions() -> list[Question]:
    return [question for group in groups_for("TOLL", Depth.FIRST) for question in group.questions]


def answer_until_electricity(supplier: Visitor) -> None:
    """Fill in three screens, with two mistakes on the way that anybody can make."""
    site, furnace, electricity, *_ = groups_for("TOLL", Depth.FIRST)
    supplier.page.get_by_role("link", name=supplier.say(site.title), exact=True).click()
    type_something_unreadable(supplier)
    fill(supplier, site)
    fill(supplier, furnace)
    mistake_the_unit(supplier, electricity)


def type_something_unreadable(supplier: Visitor) -> None:
    supplier.enter("product_output", "about 7900")
    supplier.press("Save")
    assert supplier.page.locator("#field-product_output").input_value() == "about 7900"
    assert "about 7900" in supplier.text_of("#error-product_output")


def mistake_the_unit(supplier: Visitor, group: Group) -> None:
    """Take kWh for 10,000 kWh: 7,584 kWh over 7,900 t is 0.96 kWh/t, where an inner-string furnace takes thousands."""
    fill(supplier, group, then="Save")
    assert "75,840,000 kWh" in supplier.text_of("output[for=field-furnace_electricity]")
    supplier.enter("furnace_electricity", "7,584", unit="kWh")
    supplier.press("Save")
    warning = supplier.page.locator("section", has=supplier.page.locator("#field-furnace_electricity")).locator(".field-warning")
    for figure in ("7,584 kWh", "7,900 t", "0.96 kWh/t"):
        warning.filter(has_text=figure).wait_for()
    supplier.enter("furnace_electricity", "7,584", unit="万kWh")
    supplier.press("Save and continue")


def come_back(supplier: Visitor, link: str) -> Visitor:
    """Open the link on another device, with the PIN; what was saved is there."""
    supplier.open(link)
    supplier.enter("pin", PIN)
    supplier.press("Open the questionnaire")
    _, _, electricity, *rest = groups_for("TOLL", Depth.FIRST)
    supplier.page.get_by_role("link", name=supplier.say(electricity.title), exact=True).click()
    assert supplier.page.locator("#field-furnace_electricity").input_value() == "7,584"
    supplier.press("Save and continue")
    for group in rest:
        fill(supplier, group)
    return supplier


def hand_in(supplier: Visitor) -> str:
    """Attach a file, hand in, return the request's number from the receipt."""
    supplier.page.locator("#field-files").set_input_files(EVIDENCE)
    supplier.enter("field", "furnace_electricity")
    supplier.press("Attach")
    supplier.sees("The file is attached.")
    supplier.follow("Check and hand in")
    give_reasons(supplier)
    supplier.press("Hand in")
    supplier.sees("Your answers have arrived.")
    supplier.sees_text("furnace-meter.csv")
    return supplier.text_of("dl.facts dd")


def give_reasons(supplier: Visitor) -> None:
    """Say why doubted figures are right."""
    for box in supplier.page.locator("textarea").all():
        box.fill("E2E: as on the meter")


def return_to_supplier(story: Story, number: str) -> None:
    """Find the answers in the queue, look at evidence, ask about two of them."""
    reviewer = story.meet("reviewer")
    reviewer.open("/console/review")
    reviewer.page.get_by_role("link", name=number).first.click()
    reviewer.sees_text("furnace-meter.csv")
    for key, words in (("furnace_electricity", "E2E: is 7,584 the billed figure?"), ("natural_gas", "E2E: which meter?")):
        box = reviewer.page.locator(f"#field-{key}")
        reviewer.page.locator("details", has=box).locator("summary").click()
        box.fill(words)
    reviewer.press("Return with these words")
    reviewer.sees("%(number)s goes back to the supplier with your words.", number=number)


def correct(supplier: Visitor) -> None:
    """Read the reviewer's words, change one figure, confirm the other, hand in again."""
    supplier.open(supplier.page.url.removesuffix("/receipt"))
    supplier.sees("Your contact has questions")
    supplier.page.locator("a[href$='#field-furnace_electricity']").click()
    supplier.sees_text("E2E: is 7,584 the billed figure?")
    supplier.enter("furnace_electricity", CORRECTED)
    supplier.press("Save and continue")
    supplier.sees_text("E2E: which meter?")
    supplier.press("Save and continue")
    supplier.open(supplier.page.url.rpartition("/")[0] + "/check")
    give_reasons(supplier)
    supplier.press("Hand in")
    supplier.sees("Your answers have arrived.")
    assert supplier.text_of("h1").endswith("-2"), "a receipt of its own"


def accept(story: Story, number: str) -> None:
    reviewer = story.meet("reviewer")
    reviewer.open("/console/review")
    reviewer.page.get_by_role("link", name=number).first.click()
    reviewer.sees_text(CORRECTED)
    reviewer.press("Accept")
    reviewer.sees("%(number)s is accepted and can be calculated with.", number=number)


def calculate(story: Story, number: str) -> str:
    """Calculate the product that this plant graphitises; whoever calculated can't release. Return its page's path."""
    engineer = story.meet("engineer")
    engineer.open("/console/footprints/new")
    product = engineer.page.locator("#field-product_id option", has_text="AG-355F")
    engineer.enter("product_id", product.get_attribute("value") or "")
    engineer.enter("period_start", str(story.period[0]))
    engineer.enter("period_end", str(story.period[1]))
    engineer.press("Calculate")
    engineer.sees("Waiting for a second person")
    assert not engineer.finds("button", "Release").count()
    result = engineer.page.url
    engineer.page.locator("nav.tabs a[href$='/inputs']").click()
    engineer.page.get_by_role("link", name=number).first.wait_for()
    # (75,630,000 + 3,500,000) kWh / 7,900 t = 10,016 kWh/t
    engineer.page.get_by_role("row").filter(has_text="75,630,000 kWh").filter(has_text="10.02").wait_for()
    return result


def release(story: Story, footprint: str) -> None:
    reviewer = story.meet("reviewer")
    reviewer.open(footprint)
    reviewer.press("Release")
    reviewer.page.locator(".badge-good", has_text=reviewer.say("Released")).first.wait_for()


def issue(story: Story, footprint: str) -> str:
    """Issue a certificate and wait for its document; return its page's path."""
    sales = story.meet("sales")
    sales.open(footprint)
    sales.follow("Issue a certificate")
    sales.page.locator("#field-customer_id").select_option(index=1)
    sales.enter("part_no", "E2E-1")
    sales.press("Issue the certificate")
    sales.finds("link", "Download the PDF").wait_for(timeout=DOCUMENT_MS)
    return sales.page.url


def download(story: Story, certificate: str) -> tuple[bytes, str]:
    """Return the document, whose hash the page names, and the address behind its code."""
    sales = story.meet("sales")
    sales.open(certificate)
    with sales.page.expect_download() as downloading:
        sales.follow("Download the PDF")
    pdf = Path(downloading.value.path()).read_bytes()
    assert hashlib.sha256(pdf).hexdigest() in sales.page.content()
    address = sales.page.locator("#verify-url").input_value()
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert address in "".join(printed.split())
    return pdf, address


def check(anyone: Visitor, address: str, pdf: bytes, folder: Path) -> None:
    """Open the address without signing in; compare the file, and the file with one byte changed."""
    anyone.open(address)
    anyone.sees("This certificate is valid")
    altered = bytearray(pdf)
    altered[len(pdf) // 2] ^= 1
    for content, words in ((pdf, "Identical"), (bytes(altered), "Not the issued file")):
        file = folder / "certificate.pdf"
        file.write_bytes(content)
        anyone.page.locator("#field-file").set_input_files(file)
        anyone.press("Compare")
        anyone.sees(words)


def withdraw(story: Story, certificate: str) -> None:
    sales = story.meet("sales")
    sales.open(certificate)
    sales.enter("reason", "E2E: the customer has returned the lot")
    sales.press("Withdraw the certificate")
    sales.page.locator(".badge-bad", has_text=sales.say("Withdrawn")).first.wait_for()
