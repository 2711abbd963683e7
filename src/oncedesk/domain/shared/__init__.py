"""What all deciders share: ids, references, money, calendars, rule packs, the decider protocol.

It decides nothing itself and knows none of the other domain packages.
"""
