"""Pictures of pages as different people see them: in one language, at a desk's and a phone's width."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from service.i18n import Locale
from tests.browser.serving import SampleServer
from tests.browser.visitors import DESK, Visitor, a_visitor

SIZES: Mapping[int, int] = {1280: 900, 360: 740}

Keep = Callable[[bytes, Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """Where the pictures of one language go, and how people come."""

    browser: Browser
    server: SampleServer
    locale: Locale
    keep: Keep
    folder: Path

    def somebody(self) -> Visitor:
        """Let somebody come, at a browser of their own."""
        return a_visitor(self.browser.new_context(**DESK, locale=self.locale), self.server, self.locale)

    def take(self, visitor: Visitor, name: str, *, at: str = "main") -> None:
        """Take what a visitor sees, at each width, with an element on top."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for width, height in SIZES.items():
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.page.locator(at).first.evaluate(
                "element => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 70)"
            )
            self.keep(visitor.page.screenshot(), self.folder / f"{name}-{self.locale[:2]}-{width}.png")


def addresses(visitor: Visitor, selector: str) -> Iterator[str]:
    """Return where links on the page lead."""
    found: list[str] = visitor.page.locator(selector).evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return iter(found)
