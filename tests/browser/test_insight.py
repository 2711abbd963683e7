"""Figures on their page: each opens to what it means and to what is behind it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.domain.insight.figures import BY_NAME, FigureName
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from tests.support.browsers import looks
from tests.support.site import Site

AtDesk = Callable[..., Page]


def test_a_figure_opens_to_its_meaning_and_the_cases_behind_it(
    at_desk: AtDesk, shown: Site
) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/insight")
    figures = page.get_by_role("region", name="Figures")
    # The one that is open at first has something to say.
    expect(figures.locator("[aria-pressed=true]")).to_contain_text(re.compile(r"of [\d,]+ "))
    resolution = BY_NAME[FigureName.RESOLUTION]
    tile = page.get_by_role("button", name=resolution.title.en)
    tile.click()
    expect(tile).to_have_attribute("aria-pressed", "true")
    meaning = page.get_by_role("region", name="What it means")
    expect(meaning).to_contain_text(resolution.definition.en)
    expect(meaning).to_contain_text(resolution.excluded.en)
    table = page.get_by_role("region", name=resolution.title.en)
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    behind = page.get_by_role("region", name="What is behind it")
    assert behind.get_by_role("link", name="Open").first.get_attribute("href")
    expect(behind.get_by_role("columnheader", name="Took")).to_be_visible()
    kept = BY_NAME[FigureName.PROMISE_KEPT]
    page.get_by_role("button", name=kept.title.en).click()
    expect(behind.get_by_role("row").nth(1)).to_be_visible()
    expect(behind.get_by_role("columnheader", name="Took")).to_have_count(0)
    file = page.get_by_role("link", name="Export CSV").get_attribute("href")
    assert file is not None
    answer = page.request.get(file)
    assert answer.ok
    assert answer.text().startswith("day,numerator,denominator,value")


def test_the_paused_share_is_shown_by_agent_and_no_other_figure_is(
    at_desk: AtDesk, shown: Site
) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/insight")
    page.get_by_role("combobox", name="By").click()
    page.get_by_role("option", name="Agent").click()
    resolution, paused = BY_NAME[FigureName.RESOLUTION], BY_NAME[FigureName.PAUSED_SHARE]
    page.get_by_role("button", name=resolution.title.en).click()
    expect(page.get_by_text("Only the paused share is told by agent.")).to_be_visible()
    page.get_by_role("button", name=paused.title.en).click()
    table = page.get_by_role("region", name=paused.title.en)
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    expect(table).not_to_contain_text("(none)")
    behind = page.get_by_role("region", name="What is behind it")
    expect(behind.get_by_role("columnheader", name="Clock stood")).to_be_visible()


def test_a_desk_without_a_past_is_told_when_figures_come(at_desk: AtDesk, shown: Site) -> None:
    shop = Desk(DeskKind.MERCHANT, uuid4())
    page = at_desk(shown.agent(shop, on_desk=DeskRole.SUPERVISOR), "/insight")
    expect(page.get_by_text("Nothing yet in these days.")).to_be_visible()


def test_the_page_in_both_languages_and_sizes(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/insight")
    looks(page, "insight", widths=("desk", "phone"), ready="dl")


def test_a_sum_of_money_or_time_is_told_as_one(at_desk: AtDesk, shown: Site) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/desk")
    cost, resolution = BY_NAME[FigureName.COST_PER_CASE], BY_NAME[FigureName.RESOLUTION]

    def known(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        one = {**found["items"][0], "numerator": 123_456, "denominator": 1_000}
        route.fulfill(response=answer, json={**found, "items": [one], "currency": "CNY"})

    page.route(re.compile(r"/insight/(cost_per_case|resolution)\?.*by=day"), known)
    page.goto("/insight")
    for figure, whole in ((cost, "¥1,234.56"), (resolution, "1 d 10 h")):
        page.get_by_role("button", name=figure.title.en).click()
        row = page.get_by_role("region", name=figure.title.en).get_by_role("row").nth(1)
        expect(row.get_by_role("cell").nth(1)).to_have_text(whole)
        expect(row.get_by_role("cell").nth(2)).to_have_text("1,000")


@pytest.mark.parametrize(
    ("seconds", "marks"),
    [
        (50, ["0 s", "10 s", "20 s", "30 s", "40 s", "50 s"]),
        (9_100, ["0 s", "1 h", "2 h", "3 h"]),
        (100_000, ["0 s", "6 h", "12 h", "18 h", "1 d", "1 d 6 h"]),
        (800_000, ["0 s", "2 d", "4 d", "6 d", "8 d", "10 d"]),
    ],
)
def test_the_axis_of_times_is_marked_at_whole_minutes_hours_or_days(
    at_desk: AtDesk, shown: Site, seconds: int, marks: list[str]
) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/desk")

    def known(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        one = {**found["items"][0], "numerator": seconds, "denominator": 1}
        route.fulfill(response=answer, json={**found, "items": [one]})

    page.route(re.compile(r"/insight/resolution\?.*by=day"), known)
    page.goto(f"/insight?figure={FigureName.RESOLUTION}")
    axis = page.locator(".recharts-yAxis-tick-labels .recharts-cartesian-axis-tick-value")
    expect(axis).to_have_text(marks)


def test_days_and_figure_are_there_when_one_comes_back_from_a_case(
    at_desk: AtDesk, shown: Site
) -> None:
    page = at_desk(shown.agent(PLATFORM, on_desk=DeskRole.SUPERVISOR), "/insight")
    since = page.get_by_label("From")
    kept = page.get_by_role("button", name=BY_NAME[FigureName.RESOLUTION].title.en)
    earlier = date.fromisoformat(since.input_value()) - timedelta(days=9)
    since.fill(earlier.isoformat())
    page.get_by_role("combobox", name="By").click()
    page.get_by_role("option", name="Category").click()
    kept.click()
    behind = page.get_by_role("region", name="What is behind it")
    behind.get_by_role("link", name="Open").first.click()
    expect(page.get_by_role("region", name="Conversation")).to_be_visible()
    page.go_back()
    expect(since).to_have_value(earlier.isoformat())
    expect(page.get_by_role("combobox", name="By")).to_have_value("Category")
    expect(kept).to_have_attribute("aria-pressed", "true")
