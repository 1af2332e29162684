"""Numbers that remember how they were made of parameters: what a function does with them, as the text of a formula.

The shares of an allocation are calculated by code, not by formulas of the tables. Given symbols, the same code says what it does,
so that an export holds what is calculated and no second version of it.
"""

from typing import Self


class Symbol(float):
    """A number with the formula that gives it; sums, differences, products and quotients with it are symbols too.

    Attributes
    ----------
    text
        The formula.

    """

    text: str

    def __new__(cls, value: float, text: str) -> Self:
        """Return the number `value` that the formula `text` gives."""
        symbol = super().__new__(cls, value)
        symbol.text = text
        return symbol

    def __add__(self, other: float) -> "Symbol":
        return Symbol(float(self) + float(other), _joined(self, "+", other))

    def __radd__(self, other: float) -> "Symbol":
        return Symbol(float(other) + float(self), _joined(other, "+", self))

    def __sub__(self, other: float) -> "Symbol":
        return Symbol(float(self) - float(other), _joined(self, "-", other))

    def __rsub__(self, other: float) -> "Symbol":
        return Symbol(float(other) - float(self), _joined(other, "-", self))

    def __mul__(self, other: float) -> "Symbol":
        return Symbol(float(self) * float(other), _joined(self, "*", other))

    def __rmul__(self, other: float) -> "Symbol":
        return Symbol(float(other) * float(self), _joined(other, "*", self))

    def __truediv__(self, other: float) -> "Symbol":
        return Symbol(float(self) / float(other), _joined(self, "/", other))

    def __rtruediv__(self, other: float) -> "Symbol":
        return Symbol(float(other) / float(self), _joined(other, "/", self))


def _joined(left: float, sign: str, right: float) -> str:
    texts = [one.text if isinstance(one, Symbol) else repr(float(one)) for one in (left, right)]
    return f"({texts[0]}{sign}{texts[1]})"
