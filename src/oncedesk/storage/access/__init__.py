"""Who may come in: the rows behind keys, log-ins, sessions and tokens that were used.

Plain tables and no deciders: nothing follows from these rows. What is secret comes here as a hash
only; who made or ended something, and when, stands in the row.
"""
