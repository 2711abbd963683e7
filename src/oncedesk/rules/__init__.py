"""Loads, checks and versions the rule packs.

It turns dated, sourced TOML into the values that deciders read, and names every error with file
and key. It never publishes a pack that has an error, and never changes one that is stored.
"""
