"""Decides again what was decided, under other rules, and counts what would have been otherwise.

Pure: what was recorded comes in as cases, counts go out. Every case is decided by the same function
of the domain that decided it first. What people did is taken as it was.
"""
