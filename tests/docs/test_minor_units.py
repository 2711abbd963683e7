"""The pages and the messages count the minor units of a currency alike, and have its sign alike."""

import re
from itertools import product
from pathlib import Path
from string import ascii_uppercase

from oncedesk.domain.shared.money import CURRENCIES, minor_digits
from oncedesk.domain.shared.saying import amount_said

FORMAT = Path(__file__).resolve().parents[2] / "web" / "src" / "shared" / "format.ts"
ROW = re.compile(r'\[(\d), "([A-Z ]+)"\]')

SIGNED = re.compile(r"WITH_SIGN[^=]*= \[([^\]]*)\]")


def test_a_page_counts_the_digits_of_a_currency_as_a_message_does() -> None:
    rows = ROW.findall(FORMAT.read_text(encoding="utf-8"))
    on_pages = {code: int(digits) for digits, codes in rows for code in codes.split()}
    every = ("".join(letters) for letters in product(ascii_uppercase, repeat=3))
    assert on_pages == {code: minor_digits(code) for code in every if minor_digits(code) != 2}


def test_a_page_writes_the_sign_of_the_currencies_that_have_it_in_a_message() -> None:
    (found,) = SIGNED.findall(FORMAT.read_text(encoding="utf-8"))
    on_pages = set(re.findall("[A-Z]{3}", found))
    assert on_pages == {code for code in CURRENCIES if code not in amount_said(1, code)}
