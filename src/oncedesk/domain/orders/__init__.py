"""The marketplace's orders as we mirror them: parts, shipments, tracking events and promises.

It decides which promise holds, what the estimate is now and when a promise counts as broken. It
never changes an order at the marketplace, and never amends a promise without recorded consent.
"""
