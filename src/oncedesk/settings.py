"""Settings: read once from the environment and an optional TOML file, then frozen.

Every setting is one field of ``Settings``; its name in the environment is ``ONCEDESK_`` and the
field in capitals, in the file the field itself. The environment wins over the file, and an empty
variable counts as not set. The file is the one that ``ONCEDESK_CONFIG`` names, or else
``oncedesk.toml`` in the home if there is one.
"""

import difflib
import os
import platform
import re
import tomllib
from base64 import b64decode
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
import platformdirs
from msgspec import Meta

PREFIX = "ONCEDESK_"
CONFIG_VARIABLE = "ONCEDESK_CONFIG"
CONFIG_FILE_NAME = "oncedesk.toml"

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "console", "json"]


def _about(
    description: str,
    *,
    expected: str,
    secret: bool = False,
    check: Callable[[Any], object] | None = None,
    **limits: Any,
) -> Meta:
    """What a setting is; `check` raises ValueError for a value that no pattern can tell apart."""
    extra = {"expected": expected, "secret": secret, "check": check}
    return Meta(description=description, extra=extra, **limits)


# As browsers send it: a name in Chinese is xn--... there.
_ORIGIN = r"https?://[0-9A-Za-z.:*\[\]_-]+"
_HOST = r"(\*\.)?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+(:[1-9][0-9]{0,4})?"


def _networks(text: str) -> object:
    return [ip_network(part.strip()) for part in text.split(",") if part.strip()]


def _secret(text: str | None) -> object:
    return text and b64decode(text.removeprefix("whsec_"), validate=True)


def _sent_to(text: str | None) -> None:
    """A URL to which requests are sent has a host, and nothing that no request has a place for."""
    if text is None or text.startswith("simulated:"):
        return
    parts = urlsplit(text)
    if not parts.hostname or parts.port == 0 or "@" in parts.netloc or "#" in text or "\n" in text:
        raise ValueError(text)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What this process runs under. Build it with ``load_settings``."""

    home: Annotated[
        Path,
        _about("Folder of the embedded database and of files.", expected="a folder's path"),
    ]
    database_url: Annotated[
        Annotated[str, Meta(pattern=r"^postgres(ql)?://[^\s/?]*(/|\?|$)")] | None,
        _about(
            "A PostgreSQL server to use instead of the embedded one.",
            expected="postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
            secret=True,
        ),
    ] = None
    market: Annotated[
        str,
        _about(
            "The market of whatever comes without one, by its name.",
            expected="a pack's name, such as cn or eu",
            pattern=r"^[a-z][a-z0-9_]*$",
        ),
    ] = "cn"
    files_url: Annotated[
        Annotated[str, Meta(pattern=r"^s3://[a-z0-9][a-z0-9.-]{2,62}(/[A-Za-z0-9._/-]*)?$")] | None,
        _about(
            "An S3-compatible store for attachments, instead of the home.",
            expected="s3://BUCKET/PREFIX",
        ),
    ] = None
    # Of one alone nothing could be kept for clocks without keeping it from clients.
    batch_max: Annotated[
        int,
        _about(
            "The most commands that are committed together.",
            expected="a whole number from 2 to 4096",
            ge=2,
            le=4096,
        ),
    ] = 256
    writers: Annotated[
        int,
        _about(
            "Batches that may be in flight at the same time.",
            expected="a whole number from 1 to 8",
            ge=1,
            le=8,
        ),
    ] = 3
    pool_max: Annotated[
        int,
        _about(
            "The most connections to the database that this process opens.",
            expected="a whole number from 4 to 200",
            ge=4,
            le=200,
        ),
    ] = 16
    public_url: Annotated[
        str,
        _about(
            "Where people find this installation; what leaves it names and links to it.",
            expected="a URL such as https://service.example.org, without a path, in ASCII",
            pattern=rf"^({_ORIGIN})?$(?!\n)",
        ),
    ] = ""
    proxies: Annotated[
        int,
        _about(
            "How many proxies of yours stand in front and add to X-Forwarded-For.",
            expected="a whole number from 0 to 8",
            ge=0,
            le=8,
        ),
    ] = 0
    help_origins: Annotated[
        str,
        _about(
            "The pages of other sites in which consumers may use the service.",
            expected="origins like https://shop.example, in ASCII, with blanks between them",
            pattern=rf"^({_ORIGIN}( {_ORIGIN})*)?$(?!\n)",
            max_length=2_000,
        ),
    ] = ""
    image_hosts: Annotated[
        str,
        _about(
            "The hosts from which the pages show pictures of goods; without any they show none.",
            expected="hosts like img.shop.example or *.shop.example, with blanks between them",
            pattern=rf"^({_HOST}( {_HOST})*)?$",
            max_length=2_000,
        ),
    ] = ""
    token_audience: Annotated[
        str,
        _about(
            "What the marketplace's tokens for consumers must name as their audience.",
            expected="1 to 100 characters",
            min_length=1,
            max_length=100,
        ),
    ] = "oncedesk"  # noqa: S105 - it is no secret
    oidc_issuer: Annotated[
        Annotated[str, Meta(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s?#]+$")]
        | None,
        _about(
            "The identity provider by which agents may log in, by its issuer.",
            expected="https://HOST, as the provider names itself",
        ),
    ] = None
    oidc_client_id: Annotated[
        str,
        _about(
            "What the identity provider calls this service.",
            expected="at most 200 characters",
            max_length=200,
        ),
    ] = "oncedesk"
    oidc_client_secret: Annotated[
        str | None,
        _about(
            "How this service shows the identity provider who it is.",
            expected="the secret that the provider has given",
            secret=True,
        ),
    ] = None
    body_bytes_max: Annotated[
        int,
        _about(
            "The largest body of a request, in bytes.",
            expected="a whole number from 1024 to 16777216",
            ge=1_024,
            le=16_777_216,
        ),
    ] = 1_048_576
    body_seconds_max: Annotated[
        float,
        _about(
            "How long a body may take to arrive, in seconds.",
            expected="a number from 0.1 to 600",
            ge=0.1,
            le=600,
        ),
    ] = 15.0
    request_seconds_max: Annotated[
        float,
        _about(
            "How long an answer may take, in seconds.",
            expected="a number from 0.1 to 600",
            ge=0.1,
            le=600,
        ),
    ] = 30.0
    upload_day_bytes_max: Annotated[
        int,
        _about(
            "The bytes of files that one person may bring for one consumer within 24 hours.",
            expected="a whole number from 1048576 to 1099511627776",
            ge=1 << 20,
            le=1 << 40,
        ),
    ] = 1 << 30
    rate_machine: Annotated[
        float,
        _about(
            "Requests a second of one machine of the marketplace, to one process.",
            expected="a number from 1 to 1000000",
            ge=1,
            le=1_000_000,
        ),
    ] = 20_000.0
    rate_person: Annotated[
        float,
        _about(
            "Requests a second of one agent or consumer, to one process; those of ten at once.",
            expected="a number from 0.1 to 1000000",
            ge=0.1,
            le=1_000_000,
        ),
    ] = 20.0
    rate_stranger: Annotated[
        float,
        _about(
            "Log-ins a second from one address, to one process.",
            expected="a number from 0.1 to 1000000",
            ge=0.1,
            le=1_000_000,
        ),
    ] = 20.0
    waiting_max: Annotated[
        int,
        _about(
            "Commands that may wait in a process before it answers 503: about a second's work.",
            expected="a whole number from 1 to 200000",
            ge=1,
            le=200_000,
        ),
    ] = 2_000
    bench_echo: Annotated[
        bool,
        _about(
            "Whether to serve a route that sends bodies back; `oncedesk bench http` needs it.",
            expected="true or false",
        ),
    ] = False
    consumer_link: Annotated[
        str,
        _about(
            "Where a consumer reads a case: a URL, or a path at public_url.",
            expected="a URL or path with {conversation} and perhaps {case}",
            pattern=r"^(https?://|[a-z][a-z0-9.+-]*:|/)\S*\{conversation\}\S*$",
        ),
    ] = "/help/c/{conversation}#{case}"
    desk_link: Annotated[
        str,
        _about(
            "Where an agent works on a case: a URL, or a path at public_url.",
            expected="a URL or path with {conversation}, perhaps {consumer} and {case}",
            pattern=r"^(https?://|[a-z][a-z0-9.+-]*:|/)\S*\{conversation\}\S*$",
        ),
    ] = "/desk/c/{consumer}/{conversation}#{case}"
    webhook_allow: Annotated[
        str,
        _about(
            "Networks of your own that the marketplace's own webhooks may go to, by http as well.",
            expected="networks such as 10.1.0.0/16, parted by commas",
            check=_networks,
        ),
    ] = ""
    webhook_ports: Annotated[
        str,
        _about(
            "The ports that webhooks may go to.",
            expected="ports such as 443 or 443,8443",
            pattern=r"^[1-9]\d{0,4}(,[1-9]\d{0,4})*$",
        ),
    ] = "443"
    webhook_key: Annotated[
        Annotated[str, Meta(min_length=16)] | None,
        _about(
            "Goes into the secrets that sign webhooks, so that the database alone reveals none.",
            expected="at least 16 characters",
            secret=True,
        ),
    ] = None
    webhook_keep_days: Annotated[
        int,
        _about(
            "How many days webhook deliveries are kept after they were taken or given up.",
            expected="a whole number from 1 to 366",
            ge=1,
            le=366,
        ),
    ] = 14
    agent_hour_cost_minor: Annotated[
        int,
        _about(
            "What an hour of an agent's work costs, in minor units; for the cost of a case.",
            expected="a whole number from 0 to 100000000",
            ge=0,
            le=100_000_000,
        ),
    ] = 6_000
    agent_cost_currency: Annotated[
        str,
        _about(
            "The currency of that.",
            expected="three capitals, such as CNY",
            pattern=r"^[A-Z]{3}$",
        ),
    ] = "CNY"
    payments_url: Annotated[
        Annotated[str, Meta(pattern=r"^(https?://[!-~]+|simulated:[0-9]{1,9})$", max_length=1_000)]
        | None,
        _about(
            "Who sends the money of refunds: a URL that is told of each, or a simulated side.",
            expected="a URL such as https://pay.example.org/refunds, or simulated:SEED",
            check=_sent_to,
        ),
    ] = None
    payments_secret: Annotated[
        Annotated[str, Meta(pattern=r"^whsec_[A-Za-z0-9+/]{22,}={0,2}$")] | None,
        _about(
            "Signs what goes to payments_url, as Standard Webhooks have it.",
            expected="whsec_ and at least 16 bytes in base64",
            secret=True,
            check=_secret,
        ),
    ] = None
    translation_url: Annotated[
        Annotated[str, Meta(pattern=r"^https?://[!-~]+$", max_length=1_000)] | None,
        _about(
            "Who translates messages for agents: a URL that gets what they read, masked.",
            expected="a URL such as https://translate.example.org/v1",
            check=_sent_to,
        ),
    ] = None
    translation_secret: Annotated[
        Annotated[str, Meta(pattern=r"^whsec_[A-Za-z0-9+/]{22,}={0,2}$")] | None,
        _about(
            "Signs what goes to translation_url, as Standard Webhooks have it.",
            expected="whsec_ and at least 16 bytes in base64",
            secret=True,
            check=_secret,
        ),
    ] = None
    metrics_port: Annotated[
        int,
        _about(
            "The port at which Prometheus reads the first process; the next has the next one. "
            "0: none.",
            expected="a whole number from 0 to 65000",
            ge=0,
            le=65_000,
        ),
    ] = 0
    metrics_host: Annotated[
        str,
        _about(
            "The address of that port; anybody who reaches it may read.",
            expected="an address of this machine",
            pattern=r"^[0-9A-Za-z.:_-]+$",
        ),
    ] = "127.0.0.1"
    log_level: Annotated[
        LogLevel,
        _about(
            "The least severe messages that are logged.", expected="debug, info, warning, error"
        ),
    ] = "info"
    log_format: Annotated[
        LogFormat,
        _about(
            "Log lines for people or for programs; auto: for people where there is a terminal.",
            expected="auto, console or json",
        ),
    ] = "auto"

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={shown}' for name, shown in self.__rich_repr__())})"

    # What is in a struct ends up in logs and tracebacks; the database's password must not.
    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [(info.name, shown_value(info, getattr(self, info.name))) for info in SETTINGS]


class SettingInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What one setting is, for people."""

    name: str
    variable: str
    description: str
    expected: str
    secret: bool
    check: Callable[[Any], object] | None
    type: Any


class SettingInForce(msgspec.Struct, frozen=True, kw_only=True):
    """One setting's value as it may be shown (secrets masked), and where it comes from:
    ``default``, the variable's name or the file's path."""

    info: SettingInfo
    shown: str
    origin: str


class LoadedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``config`` is the file that was read, if any."""

    settings: Settings
    config: Path | None
    in_force: tuple[SettingInForce, ...]


class SettingProblem(msgspec.Struct, frozen=True, kw_only=True):
    """``setting`` is the variable, or the file with its key; ``detail`` shows no secret."""

    setting: str
    detail: str


class SettingsInvalid(Exception):
    """At least one setting cannot be used; carries every problem, not only the first."""

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        super().__init__("\n".join(f"{problem.setting}: {problem.detail}" for problem in problems))
        self.problems = problems


def load_settings(*, environ: Mapping[str, str], config: Path | None = None) -> Settings:
    """Read the settings. ``config`` stands in for ``ONCEDESK_CONFIG``. Raises SettingsInvalid."""
    return load_settings_with_origins(environ=environ, config=config).settings


def load_settings_with_origins(
    *, environ: Mapping[str, str], config: Path | None = None
) -> LoadedSettings:
    """The settings and where each comes from. Raises SettingsInvalid with all problems."""
    problems: list[SettingProblem] = []
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
    problems += _unknown(
        [name for name in given if name != CONFIG_VARIABLE],
        known=[info.variable for info in SETTINGS],
        where="",
    )
    path = _config_path(given=given, config=config)
    table = _read_table(path, problems) if path is not None else {}
    problems += _unknown(list(table), known=[info.name for info in SETTINGS], where=f"{path}: ")

    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for info in SETTINGS:
        source = _source_of(info, given=given, table=table, path=path)
        if source is None:
            continue
        try:
            values[info.name] = _convert(source, info=info)
            origins[info.name] = source.origin
        except msgspec.ValidationError:
            detail = f"{shown_value(info, source.raw)} is not {info.expected}"
            problems.append(SettingProblem(setting=source.setting, detail=detail))
    if str(values.get("payments_url", "")).startswith("http") and "payments_secret" not in values:
        detail = "payments_url needs it: what goes there is signed"
        problems.append(SettingProblem(setting="ONCEDESK_PAYMENTS_SECRET", detail=detail))
    if "translation_url" in values and "translation_secret" not in values:
        detail = "translation_url needs it: what goes there is signed"
        problems.append(SettingProblem(setting="ONCEDESK_TRANSLATION_SECRET", detail=detail))
    if problems:
        raise SettingsInvalid(tuple(problems))

    settings = Settings(**{"home": default_home(), **values})
    return LoadedSettings(
        settings=settings,
        config=path,
        in_force=tuple(
            SettingInForce(
                info=info,
                shown=shown_value(info, getattr(settings, info.name)),
                origin=origins.get(info.name, "default"),
            )
            for info in SETTINGS
        ),
    )


def default_home() -> Path:
    """The user's data folder; for root a folder that the database's user can reach as well."""
    if os.geteuid() != 0:
        return platformdirs.user_data_path("oncedesk", appauthor=False)
    if platform.system() == "Linux":
        return Path("/var/lib/oncedesk")
    return platformdirs.site_data_path("oncedesk", appauthor=False)


def shown_value(info: SettingInfo, value: object) -> str:
    """A value for people. Of a URL everything that could be a password is masked."""
    if value is None:
        return "not set"
    if isinstance(value, str) and info.name.endswith("_url") and (info.secret or "://" in value):
        return repr(masked_url(value))
    if info.secret:
        return "***"
    return str(value) if isinstance(value, Path) else repr(value)


# The password reaches to the last @, because it may contain an unescaped @ or slash; an address
# has a number behind its colon, because what else stands there may be a password without @.
_URL = re.compile(
    r"(?s)(?P<scheme>[a-z][a-z0-9+.-]*://)"
    r"((?P<user>[^:@/?]*)(?P<password>:.*)?@)?"
    r"(?P<address>[^:?@]*(:\d*)?([,/][^?@]*)?)"
    r"(?P<parameters>\?.*)?"
)


def masked_url(url: str) -> str:
    """Keeps scheme, user, host and path. Masks more rather than less: all parameters as well,
    and everything if it does not look like a URL."""
    parts = _URL.fullmatch(url)
    if parts is None:
        return "***"
    user = ""
    if parts["user"] is not None:
        user = f"{parts['user']}{':***' if parts['password'] else ''}@"
    parameters = "?***" if parts["parameters"] else ""
    return f"{parts['scheme']}{user}{parts['address']}{parameters}"


def _setting_infos() -> tuple[SettingInfo, ...]:
    infos = []
    for field in msgspec.structs.fields(Settings):
        meta = next(part for part in field.type.__metadata__ if isinstance(part, Meta))
        assert meta.description is not None
        assert meta.extra is not None
        infos.append(
            SettingInfo(
                name=field.name,
                variable=f"{PREFIX}{field.name.upper()}",
                description=meta.description,
                expected=meta.extra["expected"],
                secret=meta.extra["secret"],
                check=meta.extra["check"],
                type=field.type,
            )
        )
    return tuple(infos)


SETTINGS = _setting_infos()


class _Source(msgspec.Struct, frozen=True, kw_only=True):
    raw: object
    # How the setting is called where it was found.
    setting: str
    origin: str
    # What a relative path is relative to: the folder of whoever wrote it.
    base: Path
    # Variables are texts, so "256" is a number there; a file says what it means.
    strict: bool


def _source_of(
    info: SettingInfo, *, given: Mapping[str, str], table: Mapping[str, Any], path: Path | None
) -> _Source | None:
    if info.variable in given:
        return _Source(
            raw=given[info.variable],
            setting=info.variable,
            origin=info.variable,
            base=Path.cwd(),
            strict=False,
        )
    if info.name in table and path is not None:
        return _Source(
            raw=table[info.name],
            setting=f"{path}: {info.name}",
            origin=str(path),
            base=path.parent.absolute(),
            strict=True,
        )
    return None


def _convert(source: _Source, *, info: SettingInfo) -> Any:
    def to_path(kind: type, value: object) -> Any:
        assert kind is Path
        if not isinstance(value, str) or not value:
            raise msgspec.ValidationError("not a path")
        return source.base / expanded(value)

    value = msgspec.convert(source.raw, info.type, strict=source.strict, dec_hook=to_path)
    if info.check is not None:
        try:
            info.check(value)
        except ValueError as error:
            raise msgspec.ValidationError(str(error)) from error
    return value


def expanded(path: str | Path) -> Path:
    """A path that may begin with somebody's home, `~` or `~NAME`."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        # There is no such user. Then it is a folder whose name begins with a tilde.
        return Path(path)


def _unknown(names: list[str], *, known: list[str], where: str) -> list[SettingProblem]:
    problems = []
    for name in sorted(set(names) - set(known)):
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {close[0]}?" if close else f"; known are {', '.join(known)}"
        problems.append(SettingProblem(setting=f"{where}{name}", detail=f"no such setting{hint}"))
    return problems


def _config_path(*, given: Mapping[str, str], config: Path | None) -> Path | None:
    if config is not None:
        return config
    if CONFIG_VARIABLE in given:
        return expanded(given[CONFIG_VARIABLE])
    home = expanded(given[f"{PREFIX}HOME"]) if f"{PREFIX}HOME" in given else default_home()
    found = home / CONFIG_FILE_NAME
    try:
        return found if found.exists() else None
    except OSError:
        # Reading it will say what is wrong.
        return found


def _read_table(path: Path, problems: list[SettingProblem]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        detail = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        detail = f"is not UTF-8 text (byte {error.start})"
    except tomllib.TOMLDecodeError as error:
        detail = f"is not TOML: {error}"
    problems.append(SettingProblem(setting=str(path), detail=detail))
    return {}
