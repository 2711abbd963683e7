"""A generated marketplace under simulated time, with its faults and its sabotage.

It plays whole lifecycles through the real engine and then checks what must hold. It never lets a
check pass that it did not make: counts of zero are printed too.
"""
