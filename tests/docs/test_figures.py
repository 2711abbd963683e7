"""The guide to the figures says of each what the service says of it."""

from pathlib import Path

import pytest

from oncedesk.domain.insight.figures import FIGURES, Figure

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "insight.md"


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: str(figure.name))
def test_the_guide_defines_each_figure_as_the_service_does(figure: Figure) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    section = guide.partition(f"### {figure.title.en} ({figure.title.zh})\n")[2]
    section = section.partition("\n### ")[0]
    assert f"`{figure.name}`" in section
    for words in (
        figure.definition.en,
        f"- Numerator: {figure.numerator.en}",
        f"- Denominator: {figure.denominator.en}",
        f"- Left out: {figure.excluded.en}",
    ):
        assert words in section


def test_both_languages_say_something() -> None:
    assert len({one.name for one in FIGURES}) == len(FIGURES)
    for one in FIGURES:
        texts = (one.title, one.definition, one.numerator, one.denominator, one.excluded)
        assert all(words.zh and words.en and words.zh != words.en for words in texts)
