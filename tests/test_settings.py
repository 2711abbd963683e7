from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from oncedesk.settings import (
    CONFIG_FILE_NAME,
    SETTINGS,
    Settings,
    SettingsInvalid,
    default_home,
    load_settings,
    load_settings_with_origins,
    masked_url,
)

URL = "postgresql://desk:hush@db.example/service"


def problems_of(environ: dict[str, str], config: Path | None = None) -> list[tuple[str, str]]:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(environ=environ, config=config)
    assert str(caught.value).count("\n") == len(caught.value.problems) - 1
    return [(problem.setting, problem.detail) for problem in caught.value.problems]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_nothing_given_yields_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(environ={"ONCEDESK_HOME": str(tmp_path), "PATH": "/bin"})
    assert settings == Settings(home=tmp_path)
    assert settings.database_url is None
    assert (settings.market, settings.batch_max, settings.writers) == ("cn", 256, 3)


def test_the_default_home_can_be_reached_by_the_databases_user() -> None:
    home = default_home()
    assert home.is_absolute()
    assert home.name == "oncedesk"
    if os.geteuid() == 0:
        assert Path.home() not in home.parents


def test_is_frozen(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(AttributeError, match="immutable"):
        settings.market = "eu"  # type: ignore[misc]


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(config: Path) -> None:
    config.write_text('market = "eu"\nbatch_max = 64\n')
    environ = {"ONCEDESK_HOME": "/srv/desk", "ONCEDESK_BATCH_MAX": "32"}
    loaded = load_settings_with_origins(environ=environ, config=config)
    assert loaded.settings == Settings(home=Path("/srv/desk"), market="eu", batch_max=32)
    assert loaded.config == config
    origins = {line.info.name: (line.shown, line.origin) for line in loaded.in_force}
    assert origins["home"] == ("/srv/desk", "ONCEDESK_HOME")
    assert origins["market"] == ("'eu'", str(config))
    assert origins["batch_max"] == ("32", "ONCEDESK_BATCH_MAX")
    assert origins["writers"] == ("3", "default")
    assert origins["database_url"] == ("not set", "default")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    environ = {"ONCEDESK_HOME": str(tmp_path), "ONCEDESK_DATABASE_URL": "", "ONCEDESK_MARKET": ""}
    assert load_settings(environ=environ) == Settings(home=tmp_path)


def test_finds_the_file_that_is_named_or_that_lies_in_the_home(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE_NAME).write_text("writers = 5\n")
    other = tmp_path / "other.toml"
    other.write_text("writers = 4\n")
    in_home = {"ONCEDESK_HOME": str(tmp_path)}
    assert load_settings(environ=in_home).writers == 5
    assert load_settings(environ=in_home | {"ONCEDESK_CONFIG": str(other)}).writers == 4


def test_a_relative_home_belongs_to_whoever_wrote_it(
    config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    config.write_text('home = "data"\n')
    assert load_settings(environ={}, config=config).home == tmp_path / "data"
    environ = {"ONCEDESK_HOME": "data"}
    assert load_settings(environ=environ, config=config).home == elsewhere / "data"
    assert load_settings(environ={"ONCEDESK_HOME": "~/x"}, config=config).home == Path.home() / "x"


def test_names_every_problem_with_the_value_and_what_was_expected(config: Path) -> None:
    config.write_text('pool_max = "many"\nmarkt = "cn"\nlog_format = "xml"\nhome = 7\n')
    environ = {
        "ONCEDESK_BATCH_MAX": "0",
        "ONCEDESK_WRITERS": "9",
        "ONCEDESK_LOG_LEVEL": "loud",
        "ONCEDESK_MARKET": "C N",
        "ONCEDESK_DATABSE_URL": "x",
    }
    known = ", ".join(info.name for info in SETTINGS)
    assert sorted(problems_of(environ, config)) == sorted(
        [
            ("ONCEDESK_DATABSE_URL", "no such setting; did you mean ONCEDESK_DATABASE_URL?"),
            (f"{config}: markt", "no such setting; did you mean market?"),
            (f"{config}: home", "7 is not a folder's path"),
            ("ONCEDESK_MARKET", "'C N' is not a pack's name, such as cn or eu"),
            ("ONCEDESK_BATCH_MAX", "'0' is not a whole number from 2 to 4096"),
            ("ONCEDESK_WRITERS", "'9' is not a whole number from 1 to 8"),
            (f"{config}: pool_max", "'many' is not a whole number from 4 to 200"),
            ("ONCEDESK_LOG_LEVEL", "'loud' is not debug, info, warning, error"),
            (f"{config}: log_format", "'xml' is not auto, console or json"),
        ]
    )
    config.write_text("[postgres]\nx = 1\n")
    assert problems_of({}, config) == [
        (f"{config}: postgres", f"no such setting; known are {known}")
    ]


@pytest.mark.parametrize("value", ['"256"', "2.5", "true", "[]", "1", "4097"])
def test_a_file_means_what_it_says(config: Path, value: str) -> None:
    config.write_text(f"batch_max = {value}\n")
    ((setting, detail),) = problems_of({}, config)
    assert setting == f"{config}: batch_max"
    assert detail.endswith(" is not a whole number from 2 to 4096")


@pytest.mark.parametrize("value", ["12.5", " 12", "0x10", "١٢", "9" * 40])
def test_a_variable_is_a_plain_number(tmp_path: Path, value: str) -> None:
    environ = {"ONCEDESK_HOME": str(tmp_path), "ONCEDESK_BATCH_MAX": value}
    expected = f"{value!r} is not a whole number from 2 to 4096"
    assert problems_of(environ) == [("ONCEDESK_BATCH_MAX", expected)]


def test_says_why_a_file_cannot_be_used(tmp_path: Path) -> None:
    missing, folder, latin, broken = (tmp_path / name for name in ("a", "b", "c", "d"))
    folder.mkdir()
    latin.write_bytes(b"market = '\xe9'")
    broken.write_text("market = cn")
    assert problems_of({}, missing) == [(str(missing), "cannot be read: No such file or directory")]
    assert problems_of({}, folder) == [(str(folder), "cannot be read: Is a directory")]
    assert problems_of({}, latin) == [(str(latin), "is not UTF-8 text (byte 10)")]
    ((setting, detail),) = problems_of({"ONCEDESK_CONFIG": str(broken)})
    assert setting == str(broken)
    assert detail.startswith("is not TOML: ")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://desk:hush@db/x",
        "hush",
        "postgresql+asyncpg://desk:hush@db",
        "postgresql://a:hush b",
    ],
)
def test_a_refused_database_url_does_not_tell_its_password(tmp_path: Path, url: str) -> None:
    environ = {"ONCEDESK_HOME": str(tmp_path), "ONCEDESK_DATABASE_URL": url}
    ((setting, detail),) = problems_of(environ)
    assert setting == "ONCEDESK_DATABASE_URL"
    assert "hush" not in detail
    assert detail.endswith(" is not postgresql://USER:PASSWORD@HOST:PORT/DATABASE")


def test_a_password_is_shown_nowhere(config: Path) -> None:
    config.write_text(f'database_url = "{URL}"\n')
    loaded = load_settings_with_origins(environ={}, config=config)
    assert loaded.settings.database_url == URL
    for shown in (repr(loaded), pretty_repr(loaded), pretty_repr(loaded.settings)):
        assert "hush" not in shown
        assert "postgresql://desk:***@db.example/service" in shown
    config.write_text('database_url = ["hush"]\n')
    ((_, detail),) = problems_of({}, config)
    assert detail.startswith("*** is not ")


@pytest.mark.parametrize(
    "url",
    [
        "https://desk:hush@pay.example/refunds",
        "https://pay.example/refunds#here",
        "https://pay.example/refunds\n",
        "https://pay.example:0/refunds",
        "https://pay.example:70000/refunds",
        "https:///refunds",
    ],
)
def test_what_nothing_can_be_sent_to_is_refused_without_its_password(
    tmp_path: Path, url: str
) -> None:
    secret = "whsec_" + "A" * 32
    for name in ("PAYMENTS", "TRANSLATION"):
        environ = {
            "ONCEDESK_HOME": str(tmp_path),
            f"ONCEDESK_{name}_URL": url,
            f"ONCEDESK_{name}_SECRET": secret,
        }
        ((setting, detail),) = problems_of(environ)
        assert setting == f"ONCEDESK_{name}_URL"
        assert " is not a URL such as https://" in detail
        assert "hush" not in detail


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PUBLIC_URL", "https://客服.example", "a URL such as "),
        ("HELP_ORIGINS", "https://商城.example", "origins like "),
        ("HELP_ORIGINS", "https://shop.example,https://m.shop.example", "origins like "),
        ("HELP_ORIGINS", "https://shop.example\n", "origins like "),
    ],
)
def test_what_no_browser_takes_for_an_origin_is_refused(
    tmp_path: Path, name: str, value: str, expected: str
) -> None:
    environ = {"ONCEDESK_HOME": str(tmp_path), f"ONCEDESK_{name}": value}
    ((setting, detail),) = problems_of(environ)
    assert setting == f"ONCEDESK_{name}"
    assert detail.startswith(f"{value!r} is not {expected}")


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        (URL, "postgresql://desk:***@db.example/service"),
        ("postgresql://desk@db:5432/x", "postgresql://desk@db:5432/x"),
        ("postgresql:///x?host=/run/pg&password=hush", "postgresql:///x?***"),
        ("postgresql://desk:hu@s/h?@db/x", "postgresql://desk:***@db/x"),
        ("postgresql://desk:hush", "***"),
        ("desk:hush@db", "***"),
        ("", "***"),
    ],
)
def test_masks_more_rather_than_less(url: str, masked: str) -> None:
    assert masked_url(url) == masked


@given(st.text(min_size=1))
def test_no_password_survives_masking(password: str) -> None:
    # Marked at both ends, so that a part of it is not found by chance in the rest.
    masked = masked_url(f"postgresql://desk:<<{password}>>@db.example/service")
    assert "<<" not in masked
    assert ">>" not in masked


def test_every_setting_is_described_once() -> None:
    assert [info.name for info in SETTINGS] == [
        field.name for field in msgspec.structs.fields(Settings)
    ]
    for info in SETTINGS:
        assert info.variable == f"ONCEDESK_{info.name.upper()}"
        assert info.description.endswith(".")
        assert "\n" not in info.description
        assert info.expected
