"""Installs what uv.lock names into .venv. Needs a bare Python, neither pip nor venv.

`make` calls it by a Python that will do. A uv that is there already is used. Else the one that
uv.lock names is fetched from the package index into .tools/. Its sha256 stands in uv.lock, so
neither the index nor the way to it can slip in another program. The index is found as pip and uv
find theirs: UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL, pip.conf, else PyPI; certificates:
SSL_CERT_FILE, PIP_CERT, REQUESTS_CA_BUNDLE, pip.conf, else the system's; proxies: HTTPS_PROXY and
its kin.
"""

import configparser
import hashlib
import html.parser
import http.client
import io
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYPI = "https://pypi.org/simple"
UV_MIN = (0, 11)  # as [tool.uv] required-version
MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
SIMPLE_API = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
ATTEMPTS = 3
TIMEOUT_SECONDS = 60


class Wheel(NamedTuple):
    """A file that uv.lock names."""

    filename: str
    sha256: str


class Page(NamedTuple):
    """What came back from a URL, and from where after redirects."""

    url: str
    content_type: str
    body: bytes


class Unreachable(Exception):
    """A URL that could not be read; the message is for people."""


def main() -> None:
    check_platform()
    pip = pip_configuration()
    index = index_url(pip)
    bundle = certificate_bundle(pip)
    uv = present_uv() or fetched_uv(index=index, bundle=bundle)
    environment = uv_environment(index=index, bundle=bundle)
    if index == PYPI:
        run(uv, "sync", "--locked", "--python", sys.executable, environment=environment)
    else:
        sync_from_mirror(uv, environment)


def fail(message: str) -> NoReturn:
    sys.exit(f"oncedesk set-up: {message}")


# What this machine is.


def check_platform() -> None:
    if sys.platform != "linux":
        return  # An installed uv may still find wheels; without one, fetched_uv says what to do.
    try:
        libc = os.confstr("CS_GNU_LIBC_VERSION")
    except (ValueError, OSError):
        libc = None
    if not libc:
        fail("this Linux has no glibc (musl?), and the embedded PostgreSQL is built for glibc")


# Where packages come from.


def pip_configuration() -> dict[str, str]:
    """The [global] and [install] values of pip's configuration files, later files over earlier."""
    home = home_folder()
    config_home = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [Path("/etc/pip.conf"), home / ".pip/pip.conf", config_home / "pip/pip.conf"]
    if named := os.environ.get("PIP_CONFIG_FILE"):
        files = [] if named == os.devnull else [*files, Path(named)]
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(files, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        fail(f"pip's configuration cannot be read: {' '.join(str(error).split())}")
    values: dict[str, str] = {}
    for section in ("global", "install"):
        if parser.has_section(section):
            values.update(parser.items(section))
    return values


def home_folder() -> Path:
    """The user's home; a folder that does not exist where the user has none."""
    return Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.expanduser raises without a home


def index_url(pip: dict[str, str]) -> str:
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    configured = next((os.environ[name] for name in names if os.environ.get(name)), None)
    return (configured or pip.get("index-url") or PYPI).strip().rstrip("/")


def certificate_bundle(pip: dict[str, str]) -> str | None:
    """The certificate file that somebody asked for; None means the system's."""
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
    named = next((os.environ[name] for name in names if os.environ.get(name)), None)
    bundle = named or pip.get("cert")
    if bundle and not Path(bundle).exists():
        fail(f"the certificate file {bundle} does not exist (SSL_CERT_FILE, PIP_CERT or pip.conf)")
    return bundle


def system_has_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    folder = os.environ.get("SSL_CERT_DIR") or paths.capath
    return bool(paths.cafile) or bool(folder and any(Path(folder).glob("*")))


def tls_context(*, index: str, bundle: str | None) -> ssl.SSLContext:
    if bundle:
        in_folder = Path(bundle).is_dir()
        try:
            return ssl.create_default_context(
                cafile=None if in_folder else bundle, capath=bundle if in_folder else None
            )
        except ssl.SSLError:
            fail(f"the certificate file {bundle} holds no certificates")
    context = ssl.create_default_context()
    if index == PYPI and not system_has_certificates():
        # A bare machine knows no certificate authority. What is fetched here is checked against the
        # hash in uv.lock all the same, no password goes to PyPI, and uv brings its own authorities.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


# Bringing uv.


def present_uv() -> str | None:
    """A uv that runs and is new enough: on the PATH, or brought by an earlier run."""
    for candidate in (shutil.which("uv"), str(TOOLS / "uv")):
        if candidate is None:
            continue
        try:
            answer = subprocess.run(
                [candidate, "--version"], capture_output=True, check=False, text=True
            )
        except OSError:
            continue
        version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
        if answer.returncode == 0 and version and (int(version[1]), int(version[2])) >= UV_MIN:
            return candidate
    return None


def fetched_uv(*, index: str, bundle: str | None) -> str:
    machine = MACHINES.get(platform.machine().lower())
    if sys.platform != "linux" or machine is None:
        fail(
            f"cannot bring uv to {platform.system()} on {platform.machine()};"
            " install uv yourself (https://docs.astral.sh/uv/) and try again"
        )
    wheel = locked_uv(machine)
    print(f"fetching {wheel.filename} from {without_credentials(index)}", flush=True)
    opener = opener_for(index=index, bundle=bundle)
    try:
        page = read(opener, page_url(index, "uv"), accept=SIMPLE_API)
        url = files_on(page).get(wheel.filename)
        if url is None:
            fail(f"{without_credentials(index)} does not offer {wheel.filename}")
        body = read(opener, url, accept="*/*").body
    except Unreachable as unreachable:
        fail(str(unreachable))
    if hashlib.sha256(body).hexdigest() != wheel.sha256:
        fail(f"{wheel.filename} from {without_credentials(url)} has not the sha256 of uv.lock")
    return unpacked(body)


def locked_uv(machine: str) -> Wheel:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    wheels = next(package["wheels"] for package in lock["package"] if package["name"] == "uv")
    for entry in wheels:
        filename = entry["url"].rsplit("/", 1)[-1]
        if "manylinux" in filename and f"_{machine}." in filename:
            return Wheel(filename=filename, sha256=entry["hash"].removeprefix("sha256:"))
    fail(f"uv.lock names no uv for Linux on {machine}")


def opener_for(*, index: str, bundle: str | None) -> urllib.request.OpenerDirector:
    """Proxies are taken from the environment; a name and password from the index's URL."""
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    parts = urllib.parse.urlsplit(index)
    if parts.username is not None:
        name = urllib.parse.unquote(parts.username)
        password = urllib.parse.unquote(parts.password or "")
        host = urllib.parse.urljoin(without_credentials(index), "/")
        passwords.add_password(None, host, name, password)
    return urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=tls_context(index=index, bundle=bundle)),
        urllib.request.HTTPBasicAuthHandler(passwords),
    )


def page_url(index: str, project: str) -> str:
    url = f"{without_credentials(index)}/{project}/"
    return f"{url}index.html" if url.startswith("file:") else url


def without_credentials(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def read(opener: urllib.request.OpenerDirector, url: str, *, accept: str) -> Page:
    """Reads a URL, trying again where trying again can help."""
    request = urllib.request.Request(  # noqa: S310 - a file: index is somebody's own choice
        url, headers={"Accept": accept, "User-Agent": "oncedesk-setup"}
    )
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                content_type = answer.headers.get("Content-Type") or "text/html"
                return Page(url=answer.url, content_type=content_type, body=answer.read())
        except urllib.error.HTTPError as error:
            if error.code < 500 or attempt == ATTEMPTS:
                raise Unreachable(f"{url} answers {error.code} {error.reason}") from error
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, ssl.SSLCertVerificationError):
                raise Unreachable(
                    f"the certificate of {url} is not trusted here ({reason.verify_message});"
                    " name the right authorities with SSL_CERT_FILE"
                ) from error
            if attempt == ATTEMPTS:
                raise Unreachable(
                    f"cannot reach {url} ({reason}); a proxy is named with HTTPS_PROXY,"
                    " another index with UV_DEFAULT_INDEX"
                ) from error
        time.sleep(attempt)
    raise AssertionError("the last attempt returns or raises")


def files_on(page: Page) -> dict[str, str]:
    """File name to URL, from a project's page of an index (PEP 691 JSON or PEP 503 HTML)."""
    if "json" in page.content_type:
        try:
            files = json.loads(page.body)["files"]
            return {file["filename"]: urllib.parse.urljoin(page.url, file["url"]) for file in files}
        except (ValueError, KeyError, TypeError):
            fail(f"{page.url} is not a page of a package index")
    links = Links()
    links.feed(page.body.decode("utf-8", "replace"))
    urls = [
        urllib.parse.urldefrag(urllib.parse.urljoin(page.url, link)).url for link in links.found
    ]
    return {
        urllib.parse.unquote(urllib.parse.urlsplit(url).path).rsplit("/", 1)[-1]: url
        for url in urls
    }


class Links(html.parser.HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.extend(value for name, value in attrs if name == "href" and value)


def unpacked(wheel: bytes) -> str:
    """Puts the wheel's program into .tools/; a run cut short leaves no half of it there."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        member = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        program = archive.read(member)
    TOOLS.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=TOOLS, delete=False) as half:
        half.write(program)
    Path(half.name).chmod(0o755)
    return str(Path(half.name).replace(TOOLS / "uv"))


# Installing.


def uv_environment(*, index: str, bundle: str | None) -> dict[str, str]:
    foreign = {
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "UV_PYTHON",
        "UV_INDEX_URL",
        "PYTHONPATH",
        "PYTHONHOME",
    }
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    environment["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    if index != PYPI:
        environment["UV_DEFAULT_INDEX"] = index
    if bundle and Path(bundle).is_dir():
        environment["SSL_CERT_DIR"] = bundle
    elif bundle:
        environment["SSL_CERT_FILE"] = bundle
    elif system_has_certificates():
        environment.setdefault("UV_SYSTEM_CERTS", "true")
    caches = environment.keys() & {"UV_CACHE_DIR", "XDG_CACHE_HOME"}
    if not caches and not os.access(home_folder(), os.W_OK):
        environment["UV_CACHE_DIR"] = str(TOOLS / "cache")
    return environment


def sync_from_mirror(uv: str, environment: dict[str, str]) -> None:
    """Installs the locked versions, by their hashes, from another index than the lock's.

    `uv sync` takes either the lock's own URLs or a new resolution, and neither is what a mirror is
    for; a list of pinned requirements has no URLs.
    """
    run(
        uv,
        "venv",
        "--quiet",
        "--clear",
        "--python",
        sys.executable,
        str(VENV),
        environment=environment,
    )
    environment = {**environment, "VIRTUAL_ENV": str(VENV)}
    with tempfile.TemporaryDirectory() as folder:
        pinned = str(Path(folder) / "requirements.txt")
        run(
            uv,
            "export",
            "--quiet",
            "--frozen",
            "--no-emit-project",
            "--output-file",
            pinned,
            environment=environment,
        )
        run(uv, "pip", "sync", "--require-hashes", pinned, environment=environment)
    run(uv, "pip", "install", "--no-deps", "--editable", str(ROOT), environment=environment)


def run(*command: str, environment: dict[str, str]) -> None:
    """Runs uv, which explains its own failures."""
    answer = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, stdin=subprocess.DEVNULL
    )
    if answer.returncode != 0:
        fail(f"`{Path(command[0]).name} {command[1]}` failed, see above")


if __name__ == "__main__":
    main()
