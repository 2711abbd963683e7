"""Who can do what: the one rule by which an agent fits a case, asked here and by the matching."""

from collections.abc import Collection


def has_skill(skills: Collection[str], skill: str) -> bool:
    """A case that names no skill can be done by everybody at its desk."""
    return not skill or skill in skills


def speaks(languages: Collection[str], language: str) -> bool:
    """An agent without listed languages, or a case without one, fits in this respect.

    So the fall-back for a language that nobody at a desk speaks is to ask without the language.
    """
    if not language or not languages or language in languages:
        return True
    wanted = primary(language)
    return any(primary(one) == wanted for one in languages)


def primary(language: str) -> str:
    """The language itself, whatever the country or the script: `zh` of `zh-CN` (BCP 47)."""
    return language.partition("-")[0].lower()
