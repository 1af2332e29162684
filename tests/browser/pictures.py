"""Make the pictures of docs from a fresh sample company: `python -m tests.browser.pictures`."""

import io
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from service.i18n import Locale
from service.submissions.models import Depth
from service.submissions.questionnaire import groups_for
from tests.browser.certificate_pictures import take_certificates
from tests.browser.plan_pictures import take_plan
from tests.browser.portal_pictures import take_portal
from tests.browser.procurement_pictures import take_procurement
from tests.browser.serving import SampleServer, sample_server
from tests.browser.toll_plant import ask, fill, year_to_june
from tests.browser.visitors import DESK, PHONE, Visitor, a_visitor, chromium

FOLDER = Path("docs", "pictures")
COLOURS = 192
LARGEST_BYTES = 250_000
SHARP: Mapping[str, Any] = {"device_scale_factor": 2}
PAGE_DPI = 110


def open_inbox(visitor: Visitor) -> None:
    """The work queue of a footprint engineer."""
    visitor.sign_in("engineer")
    visitor.open("/console")


def open_footprint(visitor: Visitor) -> None:
    """A released footprint with a supplier's metered data in it."""
    visitor.sign_in("engineer")
    visitor.open("/console/footprints?status=released&stale=false")
    visitor.page.get_by_role("link", name="AG-350").first.click()


def open_explanation(visitor: Visitor) -> None:
    """Why a footprint is what it is."""
    open_footprint(visitor)
    visitor.page.locator("nav a[href$='/explain']").first.click()


def open_uncertainty(visitor: Visitor) -> None:
    """How sure a footprint is."""
    open_footprint(visitor)
    visitor.page.locator("nav a[href$='/uncertainty']").first.click()


def open_model(visitor: Visitor) -> None:
    """The process map."""
    visitor.sign_in("engineer")
    visitor.open("/console/model")


def open_questions(visitor: Visitor) -> None:
    """One screen of questions on a phone, with converted values; somebody has asked the plant for a new period."""
    engineer = another(visitor, DESK)
    engineer.sign_in("engineer")
    visitor.open(ask(engineer, year_to_june()))
    visitor.enter("pin", "482913")
    visitor.press("Start")
    site, furnace, electricity, *_ = groups_for("TOLL", Depth.FIRST)
    visitor.page.get_by_role("link", name=visitor.say(site.title), exact=True).click()
    for group in (site, furnace):
        fill(visitor, group)
    fill(visitor, electricity, then="Save")
    visitor.page.locator("#field-furnace_electricity").wait_for()
    visitor.page.evaluate("document.querySelector('h1').scrollIntoView()")


def open_review(visitor: Visitor) -> None:
    """Answers as a reviewer sees them."""
    visitor.sign_in("reviewer")
    visitor.open("/console/review")
    visitor.page.locator("td a").first.click()


def open_verification(visitor: Visitor) -> None:
    """What anybody sees who scans the code on a certificate."""
    visitor.open(open_certificate(another(visitor, DESK)))


def open_certificate(sales: Visitor) -> str:
    """Open the oldest certificate and wait for its document; return the address behind its code."""
    sales.sign_in("sales")
    sales.open("/console/certificates")
    sales.page.locator("tbody a[href^='/console/certificates/']").last.click()
    sales.finds("link", "Download the PDF").wait_for()
    return sales.page.locator("#verify-url").input_value()


def another(visitor: Visitor, device: Mapping[str, Any]) -> Visitor:
    """Let somebody else come, at a browser of their own."""
    browser = visitor.page.context.browser
    assert browser is not None
    return a_visitor(browser.new_context(**device, locale=visitor.locale), visitor.server, visitor.locale)


PICTURES: Mapping[str, tuple[Callable[[Visitor], None], Locale, Mapping[str, Any]]] = {
    "inbox-zh": (open_inbox, "zh-CN", DESK),
    "footprint-zh": (open_footprint, "zh-CN", {**DESK, "viewport": {"width": 1280, "height": 1180}}),
    "explanation-en": (open_explanation, "en", {**DESK, "viewport": {"width": 1280, "height": 1180}}),
    "uncertainty-zh": (open_uncertainty, "zh-CN", {**DESK, "viewport": {"width": 1280, "height": 1180}}),
    "model-en": (open_model, "en", {**DESK, "viewport": {"width": 1280, "height": 1180}}),
    "questionnaire-zh": (open_questions, "zh-CN", {**PHONE, **SHARP}),
    "review-en": (open_review, "en", DESK),
    "verify-en": (open_verification, "en", {**PHONE, **SHARP}),
}


def take(browser: Browser, server: SampleServer) -> None:
    """Take all pictures."""
    for name, (reach, locale, device) in PICTURES.items():
        visitor = a_visitor(browser.new_context(**device, locale=locale), server, locale)
        reach(visitor)
        keep(visitor.page.screenshot(), FOLDER / f"{name}.png")
    take_certificate(another(visitor, DESK))


def take_certificate(sales: Visitor) -> None:
    """Draw the first page of a certificate."""
    open_certificate(sales)
    with sales.page.expect_download() as downloading:
        sales.follow("Download the PDF")
    command = ["pdftoppm", "-png", "-r", str(PAGE_DPI), "-f", "1", "-l", "1", str(downloading.value.path())]
    keep(subprocess.run(command, check=True, capture_output=True).stdout, FOLDER / "certificate.png")


def keep(picture: bytes, path: Path) -> None:
    """Save a picture with as few colours as pages of ours need."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    assert path.stat().st_size < LARGEST_BYTES, f"{path} has {path.stat().st_size} bytes"


def main() -> None:
    """Serve a sample company, take the pictures, forget it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sample_server(Path(folder)) as server, chromium() as browser:
        take_portal(browser, server, keep)
        take_procurement(browser, server, keep)
        take_certificates(browser, server, keep)
        take_plan(browser, server, keep)
        take(browser, server)


if __name__ == "__main__":
    main()
