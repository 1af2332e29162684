"""The company's logo and URN on a certificate."""

import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlmodel import select

from service.branding import Logo, load_logo
from service.certificates import operations
from service.certificates.models import Certificate
from service.certificates.rendering import certificate_html, render_certificate
from service.certificates.snapshot import canonical
from service.certificates.wording import document_of
from service.database import Database
from service.jobs.embedded import run_one
from service.jobs.models import Job, JobState
from service.jobs.performing import Bench
from service.settings import Settings
from service.tasks import TASKS
from tests.certificates.builders import ISSUER, NOW, a_customer, a_record
from tests.pdf.documents import a_document, a_document_with_long_names
from tests.pdf.test_certificate import page_texts
from tests.web.pictures import SVG, a_logo_file, a_png, settings_with_logo


def issue_and_render(database: Database, settings: Settings) -> Certificate:
    with database.writing() as session:
        certificate = operations.issue(
            session,
            a_record(session),
            customer=a_customer(session),
            part_no=None,
            valid_until=None,
            by=ISSUER,
            at=NOW,
            settings=settings,
        )
        identity = certificate.id
    bench = Bench(database=database, settings=settings, clock=lambda: NOW, tasks=TASKS)
    while run_one(bench, holder="test"):
        pass
    with database.reading() as session:
        assert [(job.state, job.last_error) for job in session.exec(select(Job).where(Job.name == operations.RENDER))] == [
            (JobState.DONE, None)
        ]
        found = session.get_one(Certificate, identity)
        session.expunge(found)
    return found


@pytest.mark.parametrize("content", [SVG.encode(), a_png()], ids=["svg", "png"])
def test_a_certificate_is_set_again_to_the_byte_when_the_company_has_another_logo(
    sqlite_database: Database, tmp_path: Path, content: bytes
) -> None:
    certificate = issue_and_render(sqlite_database, settings_with_logo(tmp_path, content))
    (tmp_path / "logo").unlink()

    snapshot: dict[str, Any] = json.loads(canonical(certificate.snapshot))
    again = render_certificate(document_of(snapshot, certificate.evidence or {}, issued_at=certificate.issued_at))

    assert hashlib.sha256(again).hexdigest() == certificate.unsigned_pdf_sha256


def test_the_attached_file_names_the_company_and_carries_the_logo_with_its_hash(sqlite_database: Database, tmp_path: Path) -> None:
    certificate = issue_and_render(sqlite_database, settings_with_logo(tmp_path, a_png()))
    with pikepdf.open(io.BytesIO(certificate.pdf or b"")) as pdf:
        issuer = json.loads(pdf.attachments["pcf.json"].get_file().read_bytes())["issuer"]

    assert issuer["companyIds"][0] == "urn:anodeprint:sample:company"
    assert issuer["logo"]["sha256"] == hashlib.sha256(a_png()).hexdigest()
    assert Logo.from_json(issuer["logo"]).content == a_png()


def with_logo(logo: Logo | None) -> Any:
    document = a_document()
    return replace(document, issuer=replace(document.issuer, logo=logo))


def test_a_png_with_opacity_is_set_as_pdf_a_allows(tmp_path: Path) -> None:
    logo = load_logo(a_logo_file(tmp_path, a_png(colour=(18, 52, 86, 128))))

    with pikepdf.open(io.BytesIO(render_certificate(with_logo(logo)))) as pdf:
        images = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
        colours = [one for one in images if "/SMask" in one]

        assert len(images) == 2  # the colours and their opacity
        assert [bytes(one.read_bytes()) for one in colours] == [bytes((18, 52, 86)) * 3]
        assert not any(one["/Interpolate"] for one in images)  # ISO 19005-3, 6.2.8: shall be false
        assert {str(one["/ColorSpace"]) for one in images} == {"/DeviceRGB", "/DeviceGray"}
        assert "/OutputIntents" in pdf.Root


def test_a_drawn_logo_is_set_as_drawing(tmp_path: Path) -> None:
    logo = load_logo(a_logo_file(tmp_path))
    colour = b"0.070588 0.203922 0.337255 rg"  # 0x12 / 255, 0x34 / 255, 0x56 / 255

    def is_drawn(pdf_bytes: bytes) -> bool:
        with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
            streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Filter" in one]
        return any(colour in stream for stream in streams)

    assert is_drawn(render_certificate(with_logo(logo)))
    assert not is_drawn(render_certificate(with_logo(None)))


def test_the_logo_stands_in_place_of_the_products_mark(tmp_path: Path) -> None:
    logo = load_logo(a_logo_file(tmp_path, a_png()))

    assert f'<img src="{logo.data_uri}" alt="">' in certificate_html(with_logo(logo))
    assert "<img" not in certificate_html(with_logo(None))


def test_the_urn_stands_beside_the_registration_number() -> None:
    html = certificate_html(a_document())

    assert html.index("SAMPLE-0000") < html.index("urn:anodeprint:sample:company") < html.index("ANO-7781-B")


def test_the_longest_urn_leaves_room_for_the_check_on_the_first_page(tmp_path: Path) -> None:
    document = a_document_with_long_names()
    urn = "urn:anodeprint:" + "x" * 185  # 200 characters, the most that the setting takes
    issuer = replace(document.issuer, company_ids=(urn,), logo=load_logo(a_logo_file(tmp_path)))

    first, second = page_texts(render_certificate(replace(document, issuer=issuer)))[:2]

    assert document.verify_url[-8:] in first
    assert "System boundary" in second
