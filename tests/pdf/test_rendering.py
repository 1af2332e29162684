import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from service.pdf.errors import ForbiddenAddressError, MissingCharactersError, PdfError
from service.pdf.libraries import DEBIAN_PACKAGES, find_missing_libraries
from service.pdf.probe import probe_font
from service.pdf.rendering import PdfAttachment, PdfRenderer
from service.sandbox import LimitExceededError, Limits

ISSUED = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
ATTACHED = PdfAttachment(name="pcf.json", description="Snapshot", content=b'{"total_kg_co2e":12.5}')
PAGE = (
    "<!doctype html><html lang='zh-CN'><title>证书</title><style>body { font-family: Arial, serif }</style>"
    "<h1>负极碳迹 AnodePrint</h1><p>人造石墨 CO₂e</p></html>"
)


def render(renderer: PdfRenderer, html: str = PAGE, *, identifier: bytes = b"0123456789abcdef") -> bytes:
    return renderer.render(html, created_at=ISSUED, identifier=identifier, attachments=[ATTACHED])


@pytest.fixture(scope="module")
def document(renderer: PdfRenderer) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(render(renderer))) as pdf:
        yield pdf


def embedded_fonts(pdf: pikepdf.Pdf) -> set[str]:
    descriptors = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
    assert all("/FontFile3" in d for d in descriptors)
    return {str(d["/FontName"]).split("+")[1] for d in descriptors}


def test_only_the_shipped_typeface_is_used_and_it_is_embedded(document: pikepdf.Pdf) -> None:
    # The page asks for Arial; the text alone would look right even if boxes were printed.
    assert embedded_fonts(document) == {"Noto-Sans-SC", "Noto-Sans-SC-Bold"}


def test_the_file_declares_pdf_a_3b_with_a_colour_profile(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "B"
    intent = document.Root.OutputIntents[0]

    assert intent.S == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 200


def test_the_attachment_is_there_once_with_its_relationship(document: pikepdf.Pdf) -> None:
    assert document.attachments["pcf.json"].get_file().read_bytes() == ATTACHED.content
    assert len(document.Root.AF) == 1
    assert document.Root.AF[0].AFRelationship == "/Data"


def test_the_dates_are_those_of_the_issue_not_of_the_clock(document: pikepdf.Pdf) -> None:
    assert str(document.docinfo["/CreationDate"]).startswith("D:20261122060500")
    assert str(document.docinfo["/ModDate"]).startswith("D:20261122060500")


def test_the_same_input_gives_the_same_bytes_in_any_process(renderer: PdfRenderer) -> None:
    with PdfRenderer() as other:
        assert render(renderer) == render(renderer) == render(other)


def test_another_identifier_gives_another_document(renderer: PdfRenderer) -> None:
    assert render(renderer) != render(renderer, identifier=b"another document")


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://127.0.0.1:{port}/a.png">',
        '<link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">',
        '<style>@import url("http://127.0.0.1:{port}/a.css");</style>',
        '<style>@font-face {{ font-family: x; src: url("http://127.0.0.1:{port}/a.otf") }} p {{ font-family: x }}</style><p>x',
        '<style>p {{ background: url("http://127.0.0.1:{port}/a.png") }}</style><p>x',
        '<link rel="attachment" href="http://127.0.0.1:{port}/a">',
        '<a rel="attachment" href="http://127.0.0.1:{port}/a">x</a>',
        '<base href="http://127.0.0.1:{port}/"><img src="a.png">',
    ],
)
def test_a_hostile_page_makes_no_request_and_is_refused(renderer: PdfRenderer, html: str) -> None:
    with listening() as server:
        port = server.getsockname()[1]
        with pytest.raises(ForbiddenAddressError, match=f"127.0.0.1:{port}"):
            render(renderer, html.format(port=port))
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "html", ['<link rel="attachment" href="{file}">', '<img src="{file}">', '<a rel="attachment" href="{file}">x</a>']
)
def test_a_hostile_page_reads_no_file(renderer: PdfRenderer, tmp_path: Path, html: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-4711")

    with pytest.raises(ForbiddenAddressError, match=r"secret\.txt"):
        render(renderer, html.format(file=secret.as_uri()))


def test_a_relative_address_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.txt").write_text("canary-4711")
    monkeypatch.chdir(tmp_path)

    with PdfRenderer() as fresh, pytest.raises(PdfError, match=r"secret\.txt"):
        render(fresh, '<link rel="attachment" href="secret.txt"><p>x')


def test_a_drawing_that_would_be_left_out_is_an_error(renderer: PdfRenderer) -> None:
    with listening() as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.png"
        with pytest.raises(PdfError, match="SVG"):
            render(renderer, f'<svg width="9" height="9"><image href="{address}" width="9" height="9"/></svg>')
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_character_without_drawing_is_refused_by_name_rather_than_printed_as_a_box(renderer: PdfRenderer) -> None:
    with pytest.raises(MissingCharactersError, match=r"𠮷 \(U\+20BB7\)") as caught:
        render(renderer, "<p>𠮷野 Ltd.")

    assert caught.value.characters == ("𠮷",)


def test_a_document_that_takes_too_long_is_given_up() -> None:
    rows = "<tr>" + "<td>石墨</td>" * 8 + "</tr>"
    with PdfRenderer(limits=Limits(seconds=1, memory_bytes=2 * 1024**3)) as renderer:
        with pytest.raises(LimitExceededError):
            render(renderer, f"<table>{rows * 4000}</table>")

        assert render(renderer).startswith(b"%PDF-")


def test_a_missing_library_is_named_with_its_debian_package() -> None:
    assert find_missing_libraries({"libno-such-thing.so.9": "libno-such-thing9"}) == ("libno-such-thing9",)
    assert "libharfbuzz-subset0" in DEBIAN_PACKAGES.values()


def test_this_machine_can_set_documents(renderer: PdfRenderer) -> None:
    assert find_missing_libraries() == ()
    probe_font(renderer)
