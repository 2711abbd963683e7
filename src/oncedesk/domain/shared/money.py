"""Money in integer minor units, never a float."""

from collections.abc import Sequence
from typing import Annotated

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.records import Record

Currency = Annotated[str, bounded("[A-Z]{3}", max_length=3)]
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
"""Those that something is paid in, by ISO 4217."""
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
