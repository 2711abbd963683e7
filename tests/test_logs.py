"""What goes to standard error is one line for each thing, in the chosen form."""

import json
from collections.abc import Iterator

import pytest
import structlog

from oncedesk.domain.parties.messages import PlaceHold
from oncedesk.engine.ports import DataRejected
from oncedesk.logs import set_up_logs
from oncedesk.storage.database import engine_errors
from tests.support.engines import Outside, engine_on, eventually, party, register, within
from tests.support.lines import line_to


@pytest.fixture
def logs_as_json() -> Iterator[None]:
    before = structlog.get_config()
    set_up_logs(level="info", format_="json")
    yield
    structlog.configure(**before)


async def test_a_database_that_is_away_is_told_by_the_engine_alone(
    url: str,
    logs_as_json: None,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with line_to(url) as line, engine_on(url, database_url=line.url, started=True) as rig:
        await rig.all([register(1)])
        line.down()
        waiting = rig.submit(PlaceHold(party=party(1), reason="a"))
        told = ""

        def both() -> bool:
            nonlocal told
            told += capsys.readouterr().err
            return "database_lost" in told and "background_interrupted" in told

        await eventually(both, "both were told")
        await line.up()
        assert (await within(waiting)).accepted
    told += capsys.readouterr().err
    assert {json.loads(line)["level"] for line in told.splitlines()} == {"warning"}
    assert caplog.records == []


async def test_an_error_of_the_database_is_logged_without_the_row_that_it_quotes(
    url: str, logs_as_json: None, capsys: pytest.CaptureFixture[str]
) -> None:
    log = structlog.get_logger()
    for statement, argument in (
        ("INSERT INTO message (bucket, text) VALUES (1, $1)", "secret"),
        ("SELECT $1::int", "secret"),
    ):
        async with Outside(url) as outside:
            try:
                try:
                    async with engine_errors():
                        await outside.run(statement, argument)
                except DataRejected as error:
                    raise RuntimeError("it went wrong") from error
            except RuntimeError:
                log.exception("background_failed")
    told = [json.loads(line)["exception"] for line in capsys.readouterr().err.splitlines()]
    assert [one.count("Traceback (most recent call last)") for one in told] == [3, 4]
    assert "NotNullViolationError: null value in column" in told[0]
    assert "DataError: invalid input for query argument" in told[1]
    assert all(one.endswith("RuntimeError: it went wrong") for one in told)
    assert "secret" not in "".join(told)
