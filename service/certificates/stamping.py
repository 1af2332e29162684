"""Time stamps for certificates, from the service that the deployment names; none without one."""

from service.outgoing.client import open_client, post_for_bytes
from service.settings import Settings
from service.signing.signing_process import Stamp


def stamp_of(settings: Settings) -> Stamp | None:
    """Return how to fetch an RFC 3161 time stamp; None where no service is set.

    What it returns raises `OutgoingError`, so that a certificate is never signed without a stamp because the service is away.
    """
    url = settings.timestamp_url
    if url is None:
        return None

    def fetch(request: bytes) -> bytes:
        with open_client(allow_private=settings.exchange_allow_private_addresses, registered=(url,)) as client:
            return post_for_bytes(
                client, url, request, media_type="application/timestamp-query", accept="application/timestamp-reply"
            )

    return fetch
