import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.branding import LARGEST_BYTES, Logo, UnusableLogoError, company_logo, load_logo
from service.database import Database
from service.doctor import _logo
from service.i18n import explain
from service.main import create_app
from tests.ports import free_port
from tests.web.pictures import SVG, a_logo_file, a_png, settings_with_logo

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str, *, attributes: str = "") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" {attributes}>{inside}</svg>'


def test_a_png_is_known_by_its_content_and_kept_to_the_byte(tmp_path: Path) -> None:
    assert load_logo(a_logo_file(tmp_path, a_png())) == Logo(content=a_png(), media_type="image/png")


def test_an_svg_keeps_what_draws_and_loses_what_editors_wrote(tmp_path: Path) -> None:
    drawn = svg(
        '<metadata>Li Wei</metadata><e:grid/><!-- Li Wei --><style>.a{fill:url("#g")}</style><g e:label="Li Wei">'
        '<linearGradient id="g"><stop offset="1" stop-color="#123456"/></linearGradient>'
        '<path class="a" d="M0 0h9"/><use xlink:href="#g"/><use href="#g"/></g>',
        attributes=f'xmlns:e="http://editor.example/" {XLINK}',
    )

    logo = load_logo(a_logo_file(tmp_path, f'<?xml version="1.0" encoding="UTF-8"?><?editor Li Wei?>{drawn}'))

    text = logo.content.decode()
    assert logo.media_type == "image/svg+xml"
    assert re.findall(r"<\w+:(\w+)", text) == ["svg", "style", "g", "linearGradient", "stop", "path", "use", "use"]
    assert "Li Wei" not in text
    assert "editor.example" not in text
    assert text.count('href="#g"') == 2


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"GIF89a", "neither PNG nor SVG"),
        (b"", "neither PNG nor SVG"),
        (SVG.encode("utf-16"), "neither PNG nor SVG"),
        (b" " * (LARGEST_BYTES + 1), "larger than 200 kB"),
        (a_png()[:-20], "damaged PNG"),
        (a_png().replace(b"IDAT", b"IDAX"), "damaged PNG"),
        (b"\x89PNG\r\n\x1a\n", "damaged PNG"),
        (a_png(width=4001), "4001 × 1 pixels; at most 4000"),
        (a_png(width=0), "0 × 1 pixels"),
        (a_png(bits=16), "16 bits per channel"),
        ("<svg", "no well-formed SVG"),
        ("<svg/>", "as its root"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "as its root"),
        (f"<html>{SVG}</html>", "as its root"),
        ('<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]>' + SVG, "DOCTYPE or entities"),
        ('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + SVG, "DOCTYPE"),
        (svg("<script>alert(1)</script>"), "<script>"),
        (svg("<foreignObject/>"), "<foreignObject>"),
        (svg("<text>Sample</text>"), "Turn texts into outlines"),
        (svg('<image href="data:image/png;base64,"/>'), "<image>"),
        (svg('<set attributeName="href" to="javascript:alert(1)"/>'), "<set>"),
        (svg("<g>" * 60 + "</g>" * 60), "50 deep"),
        (svg('<path d="M0 0" onclick="alert(1)"/>'), r"runs a script \(onclick\)"),
        (svg("", attributes='ONLOAD="alert(1)"'), r"runs a script \(ONLOAD\)"),
        (svg('<use href="other.svg#a"/>'), "outside itself"),
        (svg('<use href="javascript:alert(1)"/>'), "outside itself"),
        (svg('<use xlink:href="https://example.com/a.svg"/>', attributes=XLINK), "outside itself"),
        (svg('<path fill="url(https://example.com/a)"/>'), "outside itself"),
        (svg("<path style=\"fill: URL( 'a.svg#b' )\"/>"), "outside itself"),
        (svg('<style>@import "a.css"</style>'), "outside itself"),
        (svg('<style>path { fill: u\\72l("a") }</style>'), "outside itself"),
    ],
)
def test_a_file_that_is_no_safe_picture_is_refused_with_setting_file_rule_and_fix(
    tmp_path: Path, content: bytes | str, rule: str
) -> None:
    path = a_logo_file(tmp_path, content)

    with pytest.raises(UnusableLogoError, match=rule) as caught:
        load_logo(path)

    assert str(caught.value).startswith(f"ANODEPRINT_COMPANY_LOGO: {path}")
    assert re.search("[一-鿿]", explain("zh-CN", caught.value))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableLogoError, match="No such file or directory"):
        load_logo(tmp_path / "logo.svg")


@pytest.mark.parametrize("value", ['url("#a")', "url('#a')", "url( #a )", "URL(#a)"])
def test_a_reference_to_the_drawing_itself_is_kept_however_it_is_quoted(tmp_path: Path, value: str) -> None:
    content = svg(f"<style>path {{ fill: {value} }}</style>")

    assert value.encode() in load_logo(a_logo_file(tmp_path, content)).content


def test_a_logo_comes_out_of_a_snapshot_as_it_went_in(tmp_path: Path) -> None:
    logo = load_logo(a_logo_file(tmp_path, a_png()))

    assert Logo.from_json(logo.as_json()) == logo


@pytest.fixture
def branded(tmp_path: Path, sqlite_database: Database) -> Iterator[TestClient]:
    """A browser at a deployment that has a logo."""
    app = create_app(settings_with_logo(tmp_path), database=sqlite_database)
    with TestClient(app, headers={"accept": "text/html", "accept-language": "en"}) as client:
        yield client


def logo_address(client: TestClient, path: str = "/sign-in") -> str:
    [address] = re.findall(r'<a class="brand" href="/">\s*<img src="([^"]+)"', client.get(path).text)
    return str(address)


def test_every_page_shows_the_logo_under_an_address_that_may_be_kept(branded: TestClient) -> None:
    address = logo_address(branded)
    answer = branded.get(address)

    assert address == logo_address(branded, "/no-such-page")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert b"#123456" in answer.content


def test_an_svg_opened_by_itself_can_do_nothing(branded: TestClient) -> None:
    headers = branded.get(logo_address(branded)).headers

    assert headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/company-logo", "/company-logo?v=000000000000"])
def test_an_address_of_another_logo_is_not_kept(branded: TestClient, address: str) -> None:
    assert branded.get(address).headers["cache-control"] == "no-cache"


def test_without_a_logo_the_products_mark_is_shown(client: TestClient) -> None:
    assert logo_address(client).startswith("/static/img/mark.svg?v=")
    assert client.get("/company-logo").status_code == 404


def test_the_application_does_not_start_with_an_unusable_logo(tmp_path: Path, sqlite_database: Database) -> None:
    with pytest.raises(UnusableLogoError, match="neither PNG nor SVG"):
        create_app(settings_with_logo(tmp_path, "no picture"), database=sqlite_database)


def test_serve_refuses_an_unusable_logo_in_one_line(tmp_path: Path) -> None:
    logo = a_logo_file(tmp_path, "no picture")
    environment = {**os.environ, "ANODEPRINT_DATA_DIR": str(tmp_path / "data"), "ANODEPRINT_COMPANY_LOGO": str(logo)}

    run = subprocess.run(
        [sys.executable, "-m", "service.cli", "serve", "--port", str(free_port())],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode != 0
    assert f"ANODEPRINT_COMPANY_LOGO: {logo} is neither PNG nor SVG; save the logo as one of these." in run.stderr
    assert "Traceback" not in run.stderr


def test_the_doctor_tells_whether_a_logo_can_be_set_in_a_certificate(tmp_path: Path) -> None:
    fine = _logo(settings_with_logo(tmp_path))
    assert fine.is_fine
    assert "can be set in a certificate" in fine.found


def test_the_doctor_says_what_is_wrong_with_a_logo(tmp_path: Path) -> None:
    wrong = _logo(settings_with_logo(tmp_path, "no picture"))

    assert not wrong.is_fine
    assert "neither PNG nor SVG" in wrong.found


def test_the_logo_of_a_running_process_stays_when_the_file_goes(tmp_path: Path) -> None:
    settings = settings_with_logo(tmp_path)
    before = company_logo(settings)
    (tmp_path / "logo").unlink()

    assert company_logo(settings) == before
