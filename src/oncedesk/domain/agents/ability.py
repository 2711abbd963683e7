"""Who can do what: the one rule by which an agent fits a case, asked here and by the matching."""

from collections.abc import Collection


def has_skill(skills: Collection[str], skill: str) -> bool:
    """A case that names no skill can be done by everybody at its desk."""
    return not skill or skill in skills


def speaks(languages: Collection[str], language: str) -> bool:
    """An agent without listed languages, or a case without one, fits in this respect.

    So the fall-back for a language that nobody at a desk speaks is to ask without the language.
    """
    return not language or not languages or language in languages
