"""The staff's pages; each area is one router."""

from service.console import (
    batches,
    certificates,
    customers,
    footprints,
    inbox,
    people,
    products,
    purchases,
    requests,
    review,
    search,
    sign_in,
    suppliers,
    verify,
)

ROUTERS = tuple(
    area.router
    for area in (
        sign_in,
        inbox,
        search,
        people,
        suppliers,
        requests,
        review,
        products,
        purchases,
        footprints,
        batches,
        certificates,
        customers,
        verify,
    )
)
