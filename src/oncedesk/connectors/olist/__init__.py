"""The public order data of Olist, a Brazilian marketplace, 2016 to 2018, played through the engine.

It turns rows into what the marketplace would have told us, and plays it under simulated time. It
invents no orders, dates or words; what desks did is not in the files and is played by one rule.
"""
