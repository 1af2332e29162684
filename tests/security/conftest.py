from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.browsing import Browser, browsing
from tests.security.crawling import Crawl, crawl
from tests.security.world import make_world, opened


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample company's database and files, a canary in every free text."""
    return make_world(tmp_path_factory.mktemp("world-template"))


@pytest.fixture(scope="session")
def browser(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser on a world that forgets what is written, so that every test meets the same one."""
    with opened(world_template, tmp_path_factory.mktemp("forgetful"), forgetful=True) as world, browsing(world) as browser:
        yield browser


@pytest.fixture(scope="session")
def crawled(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Every page that anybody finds, in both languages, from a database that keeps what is written."""
    with opened(world_template, tmp_path_factory.mktemp("crawled"), forgetful=False) as world, browsing(world) as browser:
        return crawl(browser)
