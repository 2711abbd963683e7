"""The documents name only what exists, and all that a user can call or set is documented.

Commands are read from inline code and from blocks marked sh, console or not at all; output belongs
in blocks marked text.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, get_args

import cyclopts
import pytest

from oncedesk.cli.main import app
from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.conversations import messages
from oncedesk.domain.conversations.notifying import NotificationKind
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.rulepack import ClockKind, Expiry
from oncedesk.engine.outgoing import DATA, TOPICS
from oncedesk.http.auth.principals import Scope
from oncedesk.settings import CONFIG_VARIABLE, SETTINGS
from oncedesk.storage.tables import metadata

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "oncedesk"
COMMAND_LANGUAGES = {"", "sh", "bash", "shell", "console"}
PATH_BASES = (ROOT, PACKAGE, PACKAGE / "domain")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/|(?:[\w.-]+/)+[\w-]+\.(?:py|md|toml|json|csv)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
LOGGED = re.compile(r"\blog\.(info|warning|error|exception)\(\s*\"(\w+)\"")
SETTING = re.compile(r"\bONCEDESK_[A-Z0-9_]*[A-Z0-9]\b")


class Document(NamedTuple):
    """A page, as somebody reads it."""

    name: str
    text: str

    @property
    def prose(self) -> str:
        return FENCE.sub("", self.text)

    def commands(self) -> Iterator[list[str]]:
        """The words of each command line that begins with `make` or `oncedesk`."""
        lines = [found[1] for found in INLINE.finditer(self.prose)]
        for fence in FENCE.finditer(self.text):
            if fence[1] in COMMAND_LANGUAGES:
                lines += fence[2].replace("\\\n", " ").splitlines()
        for line in lines:
            for part in re.split(r"&&|;|\s\|\s|\s>|\s#", line.strip().removeprefix("$ ")):
                words = command_words(part)
                if words[:1] in (["make"], ["oncedesk"]):
                    yield words

    def paths(self) -> Iterator[str]:
        """The files and folders of the project that stand in inline code."""
        generated = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
        for span in INLINE.finditer(self.prose):
            if PATH.fullmatch(span[1]) and span[1].split("/")[0] + "/" not in generated:
                yield span[1]

    def section(self, title: str) -> str:
        """The text under the heading with this word, up to the next heading of its rank."""
        pattern = rf"^(#+) [^\n]*{title}[^\n]*\n(.*?)(?=^\1 |\Z)"
        found = re.search(pattern, self.text, re.MULTILINE | re.DOTALL | re.IGNORECASE)
        assert found is not None, f"{self.name} has no section {title!r}"
        return found[2]


def command_words(line: str) -> list[str]:
    """Words, without leading assignments, the folder of the program, and [ ] around options."""
    try:
        words = shlex.split(re.sub(r"[\[\]]", " ", line))
    except ValueError:  # A lone apostrophe: prose in code marks.
        return []
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        del words[0]
    return [words[0].removeprefix(".venv/bin/"), *words[1:]] if words else []


def documents() -> list[Document]:
    paths = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")]
    paths += [ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [Document(str(p.relative_to(ROOT)), p.read_text(encoding="utf-8")) for p in paths]


DOCUMENTS = documents()
README = DOCUMENTS[0]
ARCHITECTURE = DOCUMENTS[1]
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)

WORDS: tuple[type[StrEnum], ...] = (
    SubjectKind,
    messages.Channel,
    messages.Surface,
    messages.ContactKind,
    messages.Audience,
    messages.CaseStatus,
    messages.ClosingReason,
    messages.ReferralMode,
    messages.TakeOverCause,
    Presence,
    ClockKind,
    Expiry,
)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def unknown_targets(words: Sequence[str]) -> list[str]:
    named = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return [word for word in named if word not in make_targets()]


def unknown_command_or_flags(words: Sequence[str]) -> list[str]:
    """What of `oncedesk COMMAND ... --flag` the command line does not know."""
    chain, apps, rest = app.parse_commands(list(words[1:]))
    command = apps[-1]
    flags = [word.partition("=")[0] for word in rest if word.startswith("-")]
    named = [word for word in rest[:1] if re.fullmatch(r"[a-z][a-z-]*", word)]
    if named and (not chain or subcommands(command)):
        return [" ".join(words)]
    known = set(command.help_flags) | set(command.version_flags)
    if command.default_command is not None:
        for argument in command.assemble_argument_collection():
            known |= set(argument.names)
    return [flag for flag in flags if flag not in known]


def subcommands(command: cyclopts.App) -> set[str]:
    return {name for name in command.resolved_commands() if not name.startswith("-")}


def setting_names() -> set[str]:
    return {CONFIG_VARIABLE, *(info.variable for info in SETTINGS)}


def anchors(path: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in headings}


def folder_list(block: str) -> Iterator[Path]:
    """The paths of an indented list: `name/ other/   what they are for`, children further in."""
    above: list[tuple[int, Path]] = []
    for line in block.splitlines():
        indent = len(line) - len(line.lstrip())
        above = [(depth, path) for depth, path in above if depth < indent]
        parent = above[-1][1] if above else Path()
        names: list[str] = []
        for word in line.split():
            if not re.fullmatch(r"[\w./-]+/|[\w.-]+\.(?:md|py|toml|lock)|Makefile|\.ci/run", word):
                break
            names.append(word)
        yield from (parent / name for name in names)
        if names:
            above.append((indent, parent / names[0]))


@each_document
def test_every_make_target_exists(document: Document) -> None:
    commands = [words for words in document.commands() if words[0] == "make"]
    assert [unknown for words in commands for unknown in unknown_targets(words)] == []


@each_document
def test_every_oncedesk_command_and_flag_exists(document: Document) -> None:
    commands = [words for words in document.commands() if words[0] == "oncedesk"]
    assert [unknown for words in commands for unknown in unknown_command_or_flags(words)] == []


@each_document
def test_every_setting_exists(document: Document) -> None:
    assert set(SETTING.findall(document.text)) - setting_names() == set()


@each_document
def test_every_relative_link_resolves(document: Document) -> None:
    broken = []
    for link in LINK.findall(INLINE.sub("", document.prose)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        here = ROOT / document.name
        path = here.parent / target if target else here
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(link)
    assert broken == []


@each_document
def test_every_path_in_code_marks_exists(document: Document) -> None:
    missing = [p for p in document.paths() if not any((base / p).exists() for base in PATH_BASES)]
    assert missing == []


def test_an_upgrade_rebuilds_states_before_it_starts_anything() -> None:
    (guide,) = [one for one in DOCUMENTS if one.name == "docs/guides/operate.md"]
    steps = guide.section("upgrading")
    order = ["oncedesk backup", "Stop every process", "oncedesk replay --rebuild", "Start it"]
    assert [steps.count(step) for step in order] == [1, 1, 1, 1]
    assert sorted(order, key=steps.index) == order


def test_every_folder_of_the_folder_list_exists() -> None:
    fence = FENCE.search(ARCHITECTURE.section("folders"))
    assert fence is not None
    listed = list(folder_list(fence[2]))
    assert [str(path) for path in listed if not (ROOT / path).exists()] == []
    inits = [*PACKAGE.glob("*/__init__.py"), *PACKAGE.glob("*/*/__init__.py")]
    packages = {path.parent.relative_to(ROOT) for path in inits}
    assert packages - set(listed) == set(), "packages that the folder list leaves out"


def test_every_folder_of_tests_stands_in_their_table() -> None:
    folders = [path for path in (ROOT / "tests").iterdir() if path.is_dir()]
    there = {f"tests/{path.name}" for path in folders if path.name != "__pycache__"}
    assert first_column("CONTRIBUTING.md", "Tests") == there


def test_every_row_of_figures_names_its_command() -> None:
    lines = [line for line in README.section("figures").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert rows != []
    assert [row for row in rows if not list(Document("", row[0]).commands())] == []
    assert [row[0] for row in rows if not all(row)] == [], "commands without their figure"


def test_every_command_is_documented() -> None:
    commands = [words for document in DOCUMENTS for words in document.commands()]
    documented = {words[1] for words in commands if words[0] == "oncedesk" and len(words) > 1}
    assert subcommands(app) - documented == set()


def test_every_setting_is_documented() -> None:
    documented = {name for document in DOCUMENTS for name in SETTING.findall(document.text)}
    assert setting_names() - documented == set()


@pytest.mark.parametrize("names", WORDS, ids=lambda names: names.__name__)
def test_every_state_name_stands_among_the_words(names: type[StrEnum]) -> None:
    concepts = next(document for document in DOCUMENTS if document.name == "docs/concepts.md")
    assert set(names) - set(INLINE.findall(concepts.prose)) == set()


def first_column(name: str, section: str) -> set[str]:
    """The names in code marks in the first cells of a section's rows."""
    page = next(document for document in DOCUMENTS if document.name == name)
    rows = [line for line in page.section(section).splitlines() if line.startswith("| `")]
    return {name for row in rows for name in INLINE.findall(row.split("|")[1])}


def test_every_topic_stands_in_the_table_of_webhooks() -> None:
    assert set(TOPICS) - first_column("docs/guides/webhooks.md", "Add an endpoint") == set()


def test_all_that_is_told_of_each_topic_stands_beside_it() -> None:
    page = next(document for document in DOCUMENTS if document.name == "docs/guides/webhooks.md")
    rows = [
        (set(INLINE.findall(row.split("|")[1])), set(INLINE.findall(row.split("|")[2])))
        for row in page.section("What is in `data`").splitlines()
        if row.startswith("| `")
    ]
    documented = {topic: fields for topics, fields in rows for topic in topics}
    assert documented.keys() == set(TOPICS)
    for topic, data in DATA.items():
        (told,) = get_args(data) or (data,)
        assert set(told.__struct_fields__) - {"at"} - documented[topic] == set(), topic


def test_every_kind_of_notification_stands_in_their_table() -> None:
    assert first_column("docs/guides/webhooks.md", "Notifications") == set(NotificationKind)


def test_the_scopes_of_keys_are_those_of_their_table() -> None:
    assert first_column("docs/guides/api.md", "Keys") == set(Scope)


def test_every_table_stands_among_the_tables() -> None:
    documented = first_column("ARCHITECTURE.md", "What is in which table")
    assert documented == set(metadata.tables)


def test_the_tables_without_buckets_are_those_that_are_said_to_stand_whole() -> None:
    text = ARCHITECTURE.section("What is in which table").partition("begins with `bucket`")[2]
    told = set(INLINE.findall(text)) & set(metadata.tables)
    whole = {name for name, table in metadata.tables.items() if "bucket" not in table.columns}
    assert told - {"journal"} == whole


def log_lines() -> Iterator[tuple[str, str]]:
    """The event and the level of each call of a log that names its event."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for level, event in LOGGED.findall(file.read_text(encoding="utf-8")):
            yield event, level


def test_the_operator_is_told_what_every_warning_and_error_in_the_log_means() -> None:
    documented = first_column("docs/guides/operate.md", "What the log lines mean")
    written = set(log_lines())
    failures = {event for event, level in written if level != "info"}
    assert {"command_parked", "process_ended"} < failures
    assert failures - documented == set()
    # Of each request one line is written past structlog.
    assert documented - {event for event, _ in written} == {"request"}


PLANTED = """
See [nothing](nowhere.md), `make sandwich`, `ONCEDESK_NO_SUCH_SETTING` and `engine/no_such_file.py`.

```console
$ ONCEDESK_HOME=/tmp/x oncedesk doctor --no-such-flag && oncedesk conjure
```

```text
make nothing of this output
```
"""


def test_finds_what_does_not_exist() -> None:
    planted = Document("README.md", PLANTED)
    sandwich, doctor, conjure = planted.commands()
    assert unknown_targets(sandwich) == ["sandwich"]
    assert unknown_command_or_flags(doctor) == ["--no-such-flag"]
    assert unknown_command_or_flags(conjure) == ["oncedesk conjure"]
    assert list(planted.paths()) == ["engine/no_such_file.py"]
    for check in (
        test_every_make_target_exists,
        test_every_oncedesk_command_and_flag_exists,
        test_every_setting_exists,
        test_every_relative_link_resolves,
        test_every_path_in_code_marks_exists,
    ):
        with pytest.raises(AssertionError):
            check(planted)


def test_reads_nested_folder_lists() -> None:
    block = (
        "README.md  Makefile\nsrc/oncedesk/\n  domain/   PURE\n    orders/ agents/   x\n  cli/\n"
    )
    listed = ["README.md", "Makefile", "src/oncedesk", "domain", "orders", "agents", "cli"]
    assert [
        path.name if path.name != "oncedesk" else str(path) for path in folder_list(block)
    ] == listed
    assert Path("src/oncedesk/domain/agents") in list(folder_list(block))
