"""The staff's pages; each area is one router."""

from service.console import (
    account,
    audit_trail,
    batches,
    certificates,
    company,
    customers,
    deliveries,
    footprints,
    inbox,
    links,
    people,
    plants,
    products,
    purchases,
    recipes,
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
        company,
        sign_in,
        links,
        account,
        inbox,
        search,
        people,
        audit_trail,
        deliveries,
        suppliers,
        requests,
        review,
        products,
        plants,
        recipes,
        purchases,
        footprints,
        batches,
        certificates,
        customers,
        verify,
    )
)
