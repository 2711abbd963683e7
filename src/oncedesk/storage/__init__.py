"""The only SQL: the tables, the journal, the read models, the migrations, the embedded server.

It keeps and finds what the engine decided. It decides nothing, and every query that returns a
party's data asks for the actor.
"""
