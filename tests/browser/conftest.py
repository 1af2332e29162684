"""A server with the sample company, a browser, and visitors; what the browser complains about fails the test."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from service.i18n import Locale
from tests.browser.serving import SampleServer, sample_server
from tests.browser.visitors import DESK, PHONE, NoChromiumError, Visitor, a_visitor, chromium, save_picture

PICTURES = Path("build", "browser")
FAILED = pytest.StashKey[bool]()

Visit = Callable[..., Visitor]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember failures, so that visitors can save what they saw."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none, skip these tests, or fail them on a build machine."""
    try:
        with chromium() as browser:
            yield browser
    except NoChromiumError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Browser part not run: {error}")


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    del browser  # without it there is nobody to serve
    with sample_server(tmp_path_factory.mktemp("sample")) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: SampleServer, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Let people come with a browser of their own each: nothing is shared but the server."""
    visitors: list[Visitor] = []

    def come(locale: Locale = "en", *, phone: bool = False, scripts: bool = True) -> Visitor:
        context = browser.new_context(
            **(PHONE if phone else DESK),
            locale=locale,
            java_script_enabled=scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        visitors.append(a_visitor(context, server, locale))
        return visitors[-1]

    yield come
    if request.node.stash.get(FAILED, False):
        folder = request.config.rootpath / PICTURES
        for number, visitor in enumerate(visitors):
            with suppress(PlaywrightError):  # a page that hangs gives no picture, and the failure itself is what counts
                print("saved", save_picture(visitor, folder, f"{request.node.name}-{number}"))  # noqa: T201 - pytest shows it
    for visitor in visitors:
        visitor.page.context.close()
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    assert not complaints, "\n".join(complaints)
