"""What may be called: nothing inside, however it is spelled and whenever a name leads there."""

import asyncio
import shutil
import ssl
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from oncedesk.connectors.webhooks.managing import EndpointWithSecret
from oncedesk.connectors.webhooks.posting import Poster
from oncedesk.connectors.webhooks.targets import (
    NotAllowed,
    Rules,
    Target,
    is_public,
    networks_of,
    target_of,
)
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.refs import PLATFORM
from tests.support.engines import Outside
from tests.support.hooks import ADMIN, QUICK, hooks_on, leaving
from tests.support.receivers import HANGS, Answer, receiver

PUBLIC = "93.184.215.14"
INSIDE = (
    "127.0.0.1", "127.8.9.1", "0.0.0.1", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "168.63.129.16",
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.7",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:93.184.215.14",
    "64:ff9b::7f00:1", "64:ff9b::93.184.215.14", "64:ff9b:1::a00:1", "100::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1",
    "2002:7f00:1::1", "3fff::1", "5f00::1", "4000::1",
)  # fmt: skip
OUTSIDE = ("93.184.215.14", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1")


@pytest.mark.parametrize("address", INSIDE)
def test_is_inside(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_is_outside(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_whatever_the_library_calls_inside_is(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_hides_in_an_ipv6_address(address: IPv4Address) -> None:
    number = int(address)
    for hidden in (
        number,
        0xFFFF << 32 | number,
        0x64FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        0x20010000 << 96 | number << 64,
        0x20010000 << 96 | number ^ 0xFFFFFFFF,
    ):
        assert not is_public(IPv6Address(hidden))


# What several parsers read in different ways, or as an address that it does not look like.
ODD = (
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/",
    "https://127.1/", "https://127.0.1/", "https://0/", "https://127.0.0.1./", "https://0x/",
    "https://[::ffff:127.0.0.1%25eth0]/", "https://[fe80::1%eth0]/", "https://[::1/",
    "https://user@example.org/", "https://user:pass@example.org/", "https://@example.org/",
    "https://example.org@127.0.0.1/", "https://127.0.0.1#@example.org/", "https://example.org#x",
    "https://example.org\\@127.0.0.1/", "https:\\\\127.0.0.1/", "https:/127.0.0.1/", "https:///x",
    "https://", "https://exa mple.org/", "https://example.org/\r\nhost: x", "https://exam\tple.org/",
    "https://example.org:0/", "https://example.org:99999/", "https://example.org:x/",
    "https://%31%32%37.0.0.1/", "https://ⓔxample.org/", "https://127。0。0。1/", "https://..org/",
    "https://-example.org/", "https://a..b/", "https://" + "a" * 64 + ".org/",
    "https://example.org/" + "x" * 1_000, "ftp://example.org/", "file:///etc/passwd",
    "//example.org", "https://" + "a." * 127 + "org/", "HTTPS://example.org/",
    "gopher://127.0.0.1:70/", "example.org", "",
)  # fmt: skip


@pytest.mark.parametrize("url", ODD)
def test_refuses_odd_spellings(url: str) -> None:
    found = target_of(url)
    assert isinstance(found, Refusal), found
    assert (found.code, found.field) == ("webhook_url", "url")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org/hooks?a=b", Target("https", "example.org", 443)),
        ("https://Hooks.Example.org:8443/", Target("https", "hooks.example.org", 8443)),
        ("https://example.org./", Target("https", "example.org.", 443)),
        ("https://xn--fsqu00a.xn--0zwm56d/", Target("https", "xn--fsqu00a.xn--0zwm56d", 443)),
        ("https://a_b.example.org", Target("https", "a_b.example.org", 443)),
        ("http://10.0.0.1/", Target("http", "10.0.0.1", 80)),
        ("https://[2606:4700::1]/", Target("https", "2606:4700::1", 443)),
    ],
)
def test_takes_a_url_apart(url: str, target: Target) -> None:
    assert target_of(url) == target


@given(st.text(max_size=60))
def test_never_raises(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org{text}"):
        target_of(url)


RULES = Rules(ports=(443, 8443), allowed=tuple(networks_of("10.1.0.0/16, fd00::/8")))


@pytest.mark.parametrize(
    ("url", "address", "allowed"),
    [
        ("https://a.org", PUBLIC, True),
        ("https://a.org:8443", PUBLIC, True),
        ("https://a.org:22", PUBLIC, False),
        ("http://a.org", PUBLIC, False),
        ("http://a.org:443", PUBLIC, False),
        ("https://a.org", "10.2.0.1", False),
        ("http://a.org:9000", "10.1.2.3", True),
        ("https://a.org", "fd12::1", True),
        ("https://a.org", "::ffff:10.1.2.3", False),
    ],
)
def test_the_rules(url: str, address: str, allowed: bool) -> None:
    target = target_of(url)
    assert isinstance(target, Target)
    if allowed:
        RULES.check(target, ip_address(address))
    else:
        with pytest.raises(NotAllowed):
            RULES.check(target, ip_address(address))


def test_networks_that_are_none_are_an_error() -> None:
    for text in ("10.0.0.1/8", "10.0.0.0/33", "localhost", "1"):
        with pytest.raises(ValueError, match=r"."):
            networks_of(text)


# ── By name ──────────────────────────────────────────────────────────────────────────────────────


class Names:
    """Answers as it is told, each time the next of the answers, and at last always the same."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = [*answers]
        self.asked = 0

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not answer:
            raise OSError("no such name")
        return answer


told: set[str] = set()


@pytest.mark.parametrize(
    ("addresses", "allowed"),
    [
        ([PUBLIC], True),
        ([PUBLIC, "1.1.1.1"], True),
        ([PUBLIC, "127.0.0.1"], False),
        (["::ffff:169.254.169.254"], False),
        (["fe80::1%eth0"], False),
        (["rubbish"], False),
        ([], False),
    ],
)
async def test_a_name_must_lead_only_to_what_may_be_called(
    addresses: list[str], allowed: bool
) -> None:
    async with Poster(rules=Rules(), resolve=Names(addresses)) as poster:
        refused = await poster.refuse("https://hooks.example.org/")
        assert (refused is None) == allowed
        if refused is not None:
            told.add(refused.detail)
            assert refused.code == "webhook_target"
            assert len(told) == 1, "nobody learns which names there are inside"


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LOCALHOST"])
async def test_the_systems_own_names_lead_inside(name: str) -> None:
    async with Poster(rules=Rules()) as poster:
        refused = await poster.refuse(f"https://{name}/")
        assert refused is not None
        assert refused.code == "webhook_target"


async def test_a_name_that_leads_elsewhere_the_second_time_is_not_called(url: str) -> None:
    """It is public when the endpoint is made, and inside when something is sent."""
    names = Names([PUBLIC], ["127.0.0.1"])
    async with receiver() as got, Outside(url) as outside:
        # The receiver may be called by its address only; the name has to be public.
        async with hooks_on(url, allow="", resolve=names) as hooks:
            added = await hooks.managed.add(
                actor=ADMIN,
                desk=PLATFORM,
                url="https://rebind.example.org/",
                topics=("case.opened",),
            )
            assert isinstance(added, EndpointWithSecret)
            await outside.run(
                "UPDATE webhook_endpoint SET url = $1",
                f"https://rebind.example.org:{got.port}/",
            )
            await hooks.refresh()
            await hooks.leave(leaving())
            await hooks.send()
        assert names.asked >= 2
        assert got.connections == 0
        (answer,) = await outside.column("SELECT answer FROM webhook_delivery")
        assert answer.startswith("not reached")
        assert "127.0.0.1" not in answer, "what lies inside is nobody's"


async def test_connects_to_the_address_that_was_checked() -> None:
    """The client asks nobody else: what the resolver says is where it goes."""
    async with receiver() as got:
        rules = Rules(allowed=tuple(networks_of("127.0.0.1/32")))
        names = Names(["127.0.0.1"])
        async with Poster(rules=rules, resolve=names) as poster:
            outcome = await poster.post(
                f"http://nowhere.example.org:{got.port}/x", headers={}, body=b"{}"
            )
        assert outcome.code == 200
        assert got.got[0].headers["host"] == f"nowhere.example.org:{got.port}"
        assert names.asked == 1


async def test_an_address_in_the_url_is_checked_at_each_attempt() -> None:
    async with receiver() as got, Poster(rules=Rules()) as poster:
        outcome = await poster.post(got.url, headers={}, body=b"{}")
        assert outcome.code is None
        assert outcome.answer.startswith("not reached")
        assert got.connections == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -subj /CN=nobody -addext subjectAltName=IP:127.0.0.1"
    made = f"{made} -keyout {key} -out {certificate}"
    openssl = await asyncio.create_subprocess_exec("openssl", *made.split(), stderr=-3)
    assert await openssl.wait() == 0
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    rules = Rules(allowed=tuple(networks_of("127.0.0.1/32")))
    async with receiver(certificate=context) as got, Poster(rules=rules) as poster:
        outcome = await poster.post(got.url, headers={}, body=b"{}")
        assert outcome.code is None
        assert outcome.answer == "no trusted certificate, or no TLS"
        assert got.got == []


@pytest.mark.parametrize("answer", [Answer(raw=b"nonsense\r\n\r\n"), HANGS])
async def test_what_stands_in_a_url_stands_in_no_log(answer: Answer) -> None:
    """Many who take webhooks tell callers apart by a key in the path or behind it."""
    rules = Rules(allowed=tuple(networks_of("127.0.0.1/32")))
    async with (
        receiver(lambda _: answer) as hook,
        Poster(rules=rules, times=QUICK) as poster,
    ):
        with capture_logs() as logs:
            outcome = await poster.post(f"{hook.url}/key-1?key=2", headers={}, body=b"")
            refused = await poster.refuse(f"https://10.0.0.1:{hook.port}/key-1?key=2")
    assert outcome.code is None
    assert isinstance(refused, Refusal)
    told = [(line["event"], line["host"]) for line in logs]
    assert told == [
        ("webhook_not_answered", f"127.0.0.1:{hook.port}"),
        ("webhook_target_refused", f"10.0.0.1:{hook.port}"),
    ]
    assert "key" not in str(logs)


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would resolve names for us, and unchecked."""
    rules = Rules(allowed=tuple(networks_of("127.0.0.1/32")))
    async with receiver() as got, receiver() as proxy, Poster(rules=rules) as poster:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert (await poster.post(got.url, headers={}, body=b"{}")).code == 200
        assert proxy.connections == 0
