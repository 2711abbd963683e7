"""What desks note among themselves: calls with the consumer, and who should look at it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.serving import Colleague, Insider
from tests.browser.workplace import Workplace
from tests.support.browsers import lost_answer, serious
from tests.support.site import Site


def test_a_call_is_noted_with_its_length_and_recording(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    page.get_by_role("region", name="Finish").get_by_role("button", name="More").click()
    note_call = page.get_by_role("menuitem", name="Note a call")
    expect(note_call).to_be_visible()
    assert serious(page) == []
    note_call.click()
    form = page.get_by_role("form", name="Note a call")
    form.get_by_role("textbox", name="Number").fill("13812345678")
    length = form.get_by_role("textbox", name="Length")
    length.fill("3:99")
    expect(form).to_contain_text("Such as 3:20")
    form.get_by_role("textbox", name="What was said").fill("They wait until Friday.")
    expect(form.get_by_role("button", name="Note a call")).to_be_disabled()
    length.fill("3:20")
    recording = form.get_by_role("textbox", name="Link to the recording")
    recording.fill("http://recordings.example/1")
    assert serious(page) == []
    form.get_by_role("button", name="Note a call").click()
    # A link that nobody could open safely is refused, and nothing that was typed is lost.
    expect(form.get_by_role("alert")).to_be_visible()
    recording.fill("https://recordings.example/1")
    page.keyboard.press("Control+Enter")
    thread = page.get_by_role("region", name="Conversation")
    note = thread.get_by_role("listitem").filter(has_text="They wait until Friday.")
    expect(note).to_contain_text("Called 138****5678, 3:20")
    expect(note.get_by_role("link", name="Recording")).to_have_attribute(
        "href", "https://recordings.example/1"
    )
    expect(form).to_have_count(0)


def test_what_was_noted_of_a_call_is_kept_when_the_case_ends_meanwhile(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    colleague, person = Insider(shown, shop.agent()), shop.agent()
    page = at_desk(person, bought.path())
    finish = page.get_by_role("region", name="Finish")
    finish.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Note a call").click()
    said = page.get_by_role("form", name="Note a call").get_by_role("textbox", name="What was said")
    said.fill("They wait until Friday.")
    path = f"/v1/desk/cases/{bought.consumer}/{bought.conversation}/1"
    colleague.posts(f"{path}/resolution", {"reason": "solved"})
    # As long as a hand is at it, it stays as it is.
    expect(finish.get_by_role("button", name="Reopen")).to_be_visible()
    expect(said).to_be_focused()
    page.get_by_role("heading", level=1).click()
    kept = finish.get_by_role("textbox", name="Note a call: What you wrote")
    expect(kept).to_have_value("They wait until Friday.")
    expect(finish).to_contain_text("This cannot be done any more")
    assert serious(page) == []
    page.reload()
    expect(kept).to_have_value("They wait until Friday.")
    shop.dismisses(person)
    page.reload()
    written = page.get_by_role("textbox", name="What you wrote")
    expect(written).to_have_value("They wait until Friday.")


def test_who_is_named_in_a_note_finds_it_in_their_list(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    author, named = shop.agent(), shop.agent()
    theirs = at_desk(named)
    expect(theirs.get_by_role("button", name="You were named")).to_have_count(0)
    page = at_desk(author, bought.path())
    page.get_by_role("heading", name="Late delivery #1").click()
    page.keyboard.press("i")
    box = page.get_by_role("region", name="Answer").get_by_role("textbox")
    box.press_sequentially("mail me a@b or ask @")
    expect(box).to_have_value("mail me a@b or ask ")
    picker = page.get_by_role("dialog", name="Mention a colleague")
    expect(picker.get_by_role("textbox")).to_be_focused()
    expect(picker.get_by_role("button", name="Colleague")).to_have_count(1)
    assert serious(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Told of it")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Told of it")).to_have_count(0)
    theirs.get_by_role("button", name="You were named").focus()
    theirs.keyboard.press("Enter")
    named_at = theirs.get_by_role("menuitem", name="in case #1")
    expect(named_at).to_be_visible()
    theirs.keyboard.press("ArrowDown")
    expect(named_at).to_be_focused()
    assert serious(theirs) == []
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("heading", name="Late delivery #1")).to_be_visible()
    expect(theirs.get_by_role("region", name="Conversation")).to_contain_text("mail me a@b")
    expect(theirs.get_by_role("button", name="You were named")).to_have_count(0)


def test_whoever_belongs_to_several_desks_names_people_of_the_one_that_was_asked(
    at_desk: Opens, shown: Site
) -> None:
    other, shop = Workplace(shown), Workplace(shown)
    shop.agent()
    bought = shop.case(issue="conduct")
    asked = {"desk": str(shop.desk), "mode": "stay", "text": "What was said?"}
    Colleague(shown).does(bought.consumer, str(bought.conversation), "/referral", asked)
    page = at_desk(shown.agent(other.desk, shop.desk), bought.path())
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("i")
    box = page.get_by_role("region", name="Answer").get_by_role("textbox")
    box.press_sequentially("Who was it? @")
    expect(page.get_by_role("button", name="Colleague")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    note = page.get_by_role("region", name="Conversation").locator(".message[data-id]")
    expect(note.filter(has_text="Who was it?")).to_have_count(1)


def test_what_is_noted_of_a_call_counts_once_though_its_answer_was_lost(
    at_desk: Opens, shown: Site
) -> None:
    shop = Workplace(shown)
    bought = shop.case()
    page = at_desk(shop.agent(), bought.path())
    page.route("**/1/calls", lost_answer, times=1)
    form = page.get_by_role("form", name="Note a call")
    notes = page.locator(".message[data-id]").filter(has_text="They wait until Friday.")

    def notes_it() -> None:
        page.get_by_role("region", name="Finish").get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Note a call").click()
        form.get_by_role("textbox", name="Number").fill("13812345678")
        form.get_by_role("textbox", name="Length").fill("3:20")
        form.get_by_role("button", name="Note a call").click()

    page.get_by_role("region", name="Finish").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Note a call").click()
    form.get_by_role("textbox", name="What was said").fill("They wait until Friday.")
    page.reload()
    notes_it()
    expect(form.get_by_role("alert")).to_contain_text("cannot be reached")
    page.reload()
    notes_it()
    expect(form).to_have_count(0)
    expect(notes).to_have_count(1)
    # Said once more after it was answered, it is another call.
    page.get_by_role("region", name="Finish").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Note a call").click()
    form.get_by_role("textbox", name="What was said").fill("They wait until Friday.")
    page.reload()
    notes_it()
    expect(notes).to_have_count(2)


def test_a_line_whose_answer_was_lost_is_left_once(at_desk: Opens, shown: Site) -> None:
    shop = Workplace(shown)
    person, bought = shop.agent(), shop.case()
    shop.in_hand(bought)
    page = at_desk(person, bought.path())
    shop.ends_soon(person)
    page.route(re.compile("/1/messages$"), lost_answer, times=1)
    form = page.locator("form.act-panel")
    leave = "Leave a hand-over line"
    page.get_by_role("button", name=leave).click()
    form.get_by_role("textbox").fill("The carrier rings back at six.")
    form.get_by_role("button", name=leave).click()
    expect(form.get_by_role("alert")).to_contain_text("cannot be reached")
    page.reload()
    page.get_by_role("button", name=leave).click()
    form.get_by_role("button", name=leave).click()
    expect(form).to_have_count(0)
    notes = page.locator(".message[data-id]").filter(has_text="The carrier rings back at six.")
    expect(notes).to_have_count(1)
