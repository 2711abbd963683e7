"""The record of which rule packs were published, by whom and from which day each holds.

It decides whether a pack may be published. It never reads pack files and never changes a pack that
has been published.
"""
