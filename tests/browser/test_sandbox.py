"""The demo in a browser: it says what it is, and lets whoever opens it look around."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browsers import serious
from tests.support.site import MAIN

ARGUMENTS = ("demo", "--scale", "0.02", "--port", "0")


@pytest.fixture(scope="module")
def demo(site_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a demo that lives."""
    home: Path = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, *ARGUMENTS],
        env={
            **os.environ,
            "ONCEDESK_HOME": str(home),
            "ONCEDESK_DATABASE_URL": site_server,
            "TERM": "dumb",
            "COLUMNS": "400",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = ""
        for line in process.stdout:
            said += line
            found = re.search(r"(http://127\.0\.0\.1:\d+)/desk", said)
            if found:
                yield found[1]
                break
        else:
            raise AssertionError(said)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_whoever_opens_a_demo_is_offered_a_way_in(demo: str, browser: Browser) -> None:
    context = browser.new_context(base_url=demo, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    page.goto("/desk")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="消费者看到的帮助页").click()
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    opened.value.close()
    page.get_by_role("button", name="系统管理员").click()
    note = page.get_by_text("演示环境：数据都是生成的")
    expect(note).to_be_visible(timeout=30_000)
    page.goto("/admin/rules")
    expect(note).to_be_visible()
    assert serious(page) == []
    context.close()
