"""The public retail data of τ-bench: a shop's users, orders and products, and tasks about them.

It turns records and words of that shop into what a marketplace would have told us, and a task's
actions into wishes of its user. It decides nothing: what is possible, the rule pack says. The data
carry no dates; everything in them is dated at one moment.
"""
