"""Amounts and moments as a message to a consumer says them, in Chinese or in English."""

from datetime import datetime
from zoneinfo import ZoneInfo

from oncedesk.domain.shared.money import minor_digits

_SIGNS = {"CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def amount_said(minor: int, currency: str) -> str:
    """8900 fen as ¥89.00; of a currency without a sign of its own the code stands before it."""
    sign, absolute = ("-" if minor < 0 else ""), abs(minor)
    digits = minor_digits(currency)
    whole, rest = divmod(absolute, 10**digits)
    amount = f"{whole:,}" + (f".{rest:0{digits}}" if digits else "")
    return sign + (f"{_SIGNS[currency]}{amount}" if currency in _SIGNS else f"{currency} {amount}")


def moment_said(at: datetime, *, timezone: str, language: str) -> str:
    """The day and the minute there, as 11月14日 15:40 or 14 Nov 15:40."""
    there = at.astimezone(ZoneInfo(timezone or "UTC"))
    time = f"{there.hour:02}:{there.minute:02}"
    if is_chinese(language):
        return f"{there.month}月{there.day}日 {time}"
    return f"{there.day} {_MONTHS[there.month - 1]} {time}"


def is_chinese(language: str) -> bool:
    """Whether this language is Chinese, in whichever country."""
    return language.lower().partition("-")[0] == "zh"
