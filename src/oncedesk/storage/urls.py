"""A database's URL taken apart: another database of the same server; the password kept aside."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from oncedesk.domain.shared.records import Record


class Address(Record, frozen=True):
    """A URL that everybody may see, and the password that belongs to it."""

    url: str
    password: str | None = None


def address_of(url: str) -> Address:
    """The URL without its password, which a list of processes would show to everybody."""
    parts = urlsplit(url)
    login, at, place = parts.netloc.rpartition("@")
    user, colon, password = login.partition(":")
    asked = parse_qsl(parts.query, keep_blank_values=True)
    said = [value for name, value in asked if name == "password"]
    # The driver takes the path's database, PostgreSQL's programs would take this one.
    other = "dbname" if database_of(url) else ""
    left = urlencode(
        [pair for pair in asked if pair[0] not in ("password", other)], quote_via=quote
    )
    known = unquote(password) if colon else (said[-1] if said else None)
    return Address(urlunsplit(parts._replace(netloc=f"{user}{at}{place}", query=left)), known)


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    scheme, rest = url.split("://", 1)
    address, mark, options = rest.partition("?")
    host = address.partition("/")[0]
    return f"{scheme}://{host}/{quote(name, safe='')}{mark}{options}"


def database_of(url: str) -> str:
    """The database that a URL names; empty if it leaves that to the server."""
    return unquote(urlsplit(url).path.removeprefix("/"))
