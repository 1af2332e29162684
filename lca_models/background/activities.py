from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundActivity:
    """What a person sees of an activity; its exchanges are never shown.

    Attributes
    ----------
    unit
        Of the reference product.

    """

    code: str
    name: str
    product: str
    unit: str
    location: str

    def __str__(self) -> str:
        return f"{self.name} [{self.location or '-'}]"
