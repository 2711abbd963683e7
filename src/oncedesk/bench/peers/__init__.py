"""The same work on another help desk, in turn with ours: create a ticket with a message, durably.

Wherever there is a choice, the peer gets what is faster for it. It is installed into an environment
of its own and never imported here.
"""
