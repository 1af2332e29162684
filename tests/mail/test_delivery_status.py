"""Notifications as mail systems write them; the shapes follow RFC 3464, appendix E."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mail.delivery_status import PROBLEMS, read_delivery_status

OURS = uuid.UUID("01a203f4-7690-76a4-86fd-607924b82eaf")


def a_notification(
    *, action: str = "failed", message_id: str = f"<{OURS}@sample.example>", returned: str = "text/rfc822-headers"
) -> bytes:
    quoted = f"Message-ID: {message_id}\nSubject: =?utf-8?b?6K+35aGr5YaZ?=\nTo: wang@supplier.example\n"
    return (
        "From: MAILER-DAEMON@supplier.example\n"
        "To: no-reply@sample.example\n"
        "Message-ID: <another@supplier.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n'
        "MIME-Version: 1.0\n\n"
        "--B\nContent-Type: text/plain\n\nYour mail could not be delivered.\n\n"
        "--B\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.supplier.example\n\n"
        f"Final-Recipient: rfc822; wang@supplier.example\nAction: {action}\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 no such\n mailbox\n\n"
        f"--B\nContent-Type: {returned}\n\n{quoted}\nbody\n\n--B--\n"
    ).encode()


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_failure_names_our_message_and_the_reason(returned: str) -> None:
    assert read_delivery_status(a_notification(returned=returned)) == {
        "message_id": str(OURS),
        "reason": "5.1.1 550 no such mailbox",
    }


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_delay_or_a_success_is_no_bounce(action: str) -> None:
    assert read_delivery_status(a_notification(action=action)) == {"problem": "no_failure"}


@pytest.mark.parametrize("message_id", ["<x@sample.example>", "", f"{OURS}"])
def test_a_message_that_is_not_ours_is_not_matched(message_id: str) -> None:
    assert read_delivery_status(a_notification(message_id=message_id)) == {"problem": "not_ours"}


def test_an_ordinary_mail_with_our_id_in_it_is_no_notification() -> None:
    mail = f"Message-ID: <{OURS}@sample.example>\n\nno such mailbox".encode()

    assert read_delivery_status(mail) == {"problem": "no_notification"}


@given(st.binary(max_size=300))
def test_whatever_is_uploaded_gets_an_answer(content: bytes) -> None:
    assert read_delivery_status(content)["problem"] in PROBLEMS


@given(st.integers(min_value=0, max_value=len(a_notification()) - 1), st.binary(min_size=1, max_size=3))
def test_a_damaged_notification_never_breaks_the_reader(place: int, noise: bytes) -> None:
    whole = a_notification()

    answer = read_delivery_status(whole[:place] + noise + whole[place + 1 :])

    assert answer.get("problem") in PROBLEMS or answer.keys() == {"message_id", "reason"}
