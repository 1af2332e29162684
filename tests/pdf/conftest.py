from collections.abc import Iterator

import pytest

from service.pdf.rendering import PdfRenderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[PdfRenderer]:
    with PdfRenderer() as renderer:
        yield renderer
