"""Money in integer minor units, never a float."""

from collections.abc import Sequence
from typing import Annotated

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.records import Record

Currency = Annotated[str, bounded("[A-Z]{3}", max_length=3)]
_NOT_TWO = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: digits for digits, codes in _NOT_TWO.items() for code in codes.split()}


class Money(Record, frozen=True, array_like=True):
    """An amount in minor units (fen, cents) of one currency."""

    minor: int
    currency: Currency

    def __add__(self, other: "Money") -> "Money":
        assert self.currency == other.currency
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        assert self.currency == other.currency
        return Money(self.minor - other.minor, self.currency)


def minor_digits(currency: Currency) -> int:
    """How many digits its minor unit has in ISO 4217: 2 of CNY, 0 of JPY."""
    return _DIGITS.get(currency, 2)


def split_minor(amount_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split an amount by weights without losing a unit (largest remainders, earlier part first).

    Weights are not negative; if all are zero, the parts are equal as far as possible.
    """
    assert weights
    assert min(weights) >= 0
    total = sum(weights)
    shares = tuple(weights) if total else (1,) * len(weights)
    whole = total or len(weights)
    sign, amount = (-1, -amount_minor) if amount_minor < 0 else (1, amount_minor)
    parts = [amount * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(amount * shares[i] % whole), i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return tuple(sign * part for part in parts)


def percent_half_even(amount_minor: int, percent: int) -> int:
    """So many hundredths of an amount, rounded to a whole unit; a half goes to the even one."""
    whole, rest = divmod(amount_minor * percent, 100)
    return whole + (rest > 50 or (rest == 50 and whole % 2 == 1))
