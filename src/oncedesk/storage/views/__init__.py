"""Read models: one file each, with the rows it is made of and the questions it answers.

Rows are worked out from a state before and after and written in the same transaction. Every
question takes the actor who asks.
"""
