"""What a partner may see: the one condition that every look-up of a partner goes through."""

from sqlalchemy import true
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select

from service.exchange.models import Grant, Partner
from service.product_footprints.models import ProductFootprint


def visible_to(partner: Partner) -> ColumnElement[bool]:
    """Return the condition on declared footprints: all of them, or those of the products granted."""
    if partner.shares_all:
        return true()
    granted = select(Grant.product_id).where(Grant.partner_id == partner.id)
    return col(ProductFootprint.product_id).in_(granted)
