import hashlib
import io
import re
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files

import pikepdf
import pytest
import segno
from pypdf import PdfReader

from service.certificates.assurance import assurance_of, verification_of
from service.certificates.document import CertificateDocument
from service.certificates.rendering import (
    certificate_html,
    format_figure,
    format_share,
    qr_path,
    render_certificate,
    stage_chart,
)
from service.i18n import catalogue
from service.pdf.bilingual import Bilingual
from service.pdf.errors import MissingCharactersError
from service.pdf.rendering import PdfRenderer
from tests.pdf.documents import STATEMENT, a_document, a_document_with_long_names, a_stage


def page_texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture(scope="module")
def certificate(renderer: PdfRenderer) -> bytes:
    return render_certificate(a_document(), renderer=renderer)


@pytest.mark.parametrize("document", [a_document(), a_document_with_long_names()], ids=["usual", "long names"])
def test_a_certificate_has_five_pages_whatever_the_names(renderer: PdfRenderer, document: CertificateDocument) -> None:
    texts = page_texts(render_certificate(document, renderer=renderer))

    assert len(texts) == 5
    headings = ("Declared unit", "System boundary", "By life-cycle stage", "Statements", "Files inside this PDF")
    assert [heading in text for heading, text in zip(headings, texts, strict=True)] == [True] * 5


def test_every_page_carries_number_page_and_hash_prefix(certificate: bytes) -> None:
    document = a_document()

    for place, text in enumerate(page_texts(certificate), start=1):
        assert document.number in text
        assert f"{place} / 5" in text
        assert hashlib.sha256(document.snapshot).hexdigest()[:16] in text


def test_the_first_page_says_who_what_how_much_and_until_when(certificate: bytes) -> None:
    first = page_texts(certificate)[0]

    expected = [
        "示例负极材料有限公司",
        "Sample Power Battery Inc.",
        "AG-15",
        "7782-42-5",
        "12.5",
        "CO₂e/kg",
        "2028-12-31",
        "P3",
        "11.2–13.9",
    ]
    assert [text for text in expected if text not in first] == []


def test_a_sample_is_marked_on_every_page_and_a_real_certificate_on_none(renderer: PdfRenderer, certificate: bytes) -> None:
    real = render_certificate(a_document(is_sample=False), renderer=renderer)

    assert all("样例 SAMPLE" in text for text in page_texts(certificate))
    assert not any("样例 SAMPLE" in text for text in page_texts(real))


def test_every_file_travels_inside_the_certificate_once(certificate: bytes) -> None:
    expected = {one.name: one.content for one in a_document().attachments} | {"manifest.json": a_document().manifest}

    with pikepdf.open(io.BytesIO(certificate)) as pdf:
        assert {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()} == expected
        named = [str(one.UF) for one in pdf.Root.AF]
        assert sorted(named) == sorted(expected)
        assert {str(one.AFRelationship) for one in pdf.Root.AF} == {"/Data"}


def test_the_last_page_lists_every_file_with_its_hash_and_what_is_not_attached(certificate: bytes) -> None:
    last = re.sub(r"\s", "", page_texts(certificate)[-1])

    assert [one.name for one in a_document().attachments if one.sha256 not in last] == []
    assert hashlib.sha256(a_document().manifest).hexdigest() in last
    assert "battery-component.json" in last
    assert "客户料号未登记" in last


def test_the_last_page_names_the_log_its_size_and_its_root(certificate: bytes) -> None:
    log, last = a_document().log, page_texts(certificate)[-1]

    assert [text for text in (log.origin, f"#{log.index}", str(log.size), log.root) if text not in last] == []


def test_a_verifiers_statement_is_printed_word_by_word(renderer: PdfRenderer) -> None:
    document = a_document(verification=verification_of(STATEMENT), assurance=assurance_of(STATEMENT))
    texts = [re.sub(r"\s", "", text) for text in page_texts(render_certificate(document, renderer=renderer))]

    for said in ("body_name", "accreditation", "standard", "criteria", "completed_on", "statement_zh", "statement_en"):
        assert re.sub(r"\s", "", str(STATEMENT[said])) in texts[3]
    assert "有限保证" in texts[3]
    assert "Verifiedbyathirdparty" in texts[0]


def test_the_same_snapshot_gives_the_same_bytes(renderer: PdfRenderer, certificate: bytes) -> None:
    assert render_certificate(a_document(), renderer=renderer) == certificate


def test_a_name_with_a_character_that_cannot_be_printed_is_refused_by_that_character(renderer: PdfRenderer) -> None:
    customer = replace(a_document().customer, name=Bilingual(zh="𠮷野电池", en="Yoshino"))

    with pytest.raises(MissingCharactersError, match="𠮷"):
        render_certificate(a_document(customer=customer), renderer=renderer)


def test_markup_in_a_name_is_printed_as_it_is(renderer: PdfRenderer) -> None:
    name = '<img src="http://127.0.0.1:9/x"> & Söhne'
    customer = replace(a_document().customer, name=Bilingual(zh=name, en=name))

    first = page_texts(render_certificate(a_document(customer=customer), renderer=renderer))[0]

    assert "& Söhne" in first
    assert "<img" in first


def test_what_may_not_be_published_is_said_instead_of_shown_as_zero() -> None:
    quality = replace(a_document().data_quality, primary=None)
    html = certificate_html(a_document(stages=(), blocks=(), electricity_kwh_per_kg=None, data_quality=quality))

    assert "The electricity per kilogram is not shown" in html
    assert "The footprint is not split into stages" in html
    assert "Primary data</span>" not in html


def test_a_line_known_only_inside_the_fossil_one_is_words_and_a_zero_is_a_number() -> None:
    result = replace(a_document().result, biogenic=None)
    html = certificate_html(a_document(result=result))

    assert html.count(">in the fossil figure<") == html.count(">计入化石源<") == 1
    assert re.search(r"Land-use change.*?<td class=\"figure\">0\.0</td>", html, re.DOTALL)


def test_a_coarse_figure_of_electricity_is_called_rounded() -> None:
    coarse = certificate_html(a_document(electricity_kwh_per_kg=Decimal(16), is_electricity_coarse=True))

    assert "16 kWh/kg, rounded" in coarse
    assert "约 16 kWh/kg" in coarse
    assert "kWh/kg, rounded" not in certificate_html(a_document())


def test_a_certificate_without_third_party_verification_says_so_on_the_first_page(certificate: bytes) -> None:
    first = page_texts(certificate)[0]

    assert "not been verified by a third party" in first
    assert "未经第三方核查" in first


@pytest.mark.parametrize(
    ("codes", "printed"), [("P3", "P3"), ("P1 P2 P3", "P1–P3"), ("P5 P7", "P5+P7"), ("P1 P3 P4 P5", "P1+P3–P5")]
)
def test_a_union_of_stages_names_all_of_them(codes: str, printed: str) -> None:
    assert a_stage(codes, "", "", "1", "1").code == printed


def test_a_union_of_stages_has_no_stage_colour() -> None:
    chart = stage_chart([a_stage("P1 P2", "", "", "3", "0.75"), a_stage("P3", "", "", "1", "0.25")])

    assert [(bar.code, bar.label, bar.width_percent) for bar in chart.bars] == [
        ("union", "P1–P2", pytest.approx(75)),
        ("P3", "P3", pytest.approx(25)),
    ]


def test_the_qr_code_is_the_one_of_the_verification_address() -> None:
    address = a_document().verify_url
    code = qr_path(address)
    dark = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)
        for step in range(int(length))
    }
    expected = segno.make(address, error="m", micro=False)
    size = expected.symbol_size(border=4)[0]

    assert code.size == size
    assert dark == {(x, y) for y, row in enumerate(expected.matrix_iter(border=4)) for x, module in enumerate(row) if module}


@pytest.mark.parametrize(
    ("value", "shown"), [("12.5", "12.5"), ("0.0", "0.0"), ("-0.42", "−0.42"), ("1250", "1,250"), ("1.20", "1.20")]
)
def test_a_published_figure_keeps_its_digits(value: str, shown: str) -> None:
    assert format_figure(Decimal(value)) == shown


@pytest.mark.parametrize(("share", "shown"), [("0.7123", "71 %"), ("0.0723", "7.2 %"), ("0.0088", "0.9 %"), ("1", "100 %")])
def test_a_share_is_shown_in_per_cent_with_about_two_digits(share: str, shown: str) -> None:
    assert format_share(Decimal(share)) == shown


def test_every_text_of_the_certificate_has_a_chinese_one() -> None:
    folder = files("templates").joinpath("certificates")
    messages = {
        message
        for entry in folder.iterdir()
        if entry.name.endswith(".html")
        for message in re.findall(r'_\("((?:[^"\\]|\\.)+)"', entry.read_text(encoding="utf-8"))
    }

    assert len(messages) > 50
    assert messages - set(catalogue("zh-CN")) == set()
