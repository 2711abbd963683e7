"""How the marketplace's world comes in: importers and, later, its systems.

It turns foreign files and messages into commands. It decides nothing, and a bad row never stops the
good ones: it goes to a rejects file with its reason.
"""
