"""A colon in a Chinese text is a full-width one; between two words that a page puts together it is
that of the language."""

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "web" / "src"
BETWEEN = re.compile(r'\}: \$\{|\}: \{[A-Za-z.]+[(}[]|\}:\{" "\}|\{": "\}')
"""Half-width between two things that are said."""
BEHIND = re.compile(r"[\u4e00-\u9fff]:")
FORMATS = ("分:秒",)


def found_in(files: str, wrong: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(PAGES)}:{number}: {line.strip()}"
        for path in sorted(PAGES.rglob(files))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if wrong.search(line) and not any(one in line for one in FORMATS)
    ]


def test_no_half_width_colon_stands_between_two_words_of_a_page() -> None:
    assert found_in("*.tsx", BETWEEN) == []


def test_no_half_width_colon_stands_behind_a_chinese_word() -> None:
    assert found_in("*.ts*", BEHIND) == []
