"""Whoever executes refunds: the marketplace's payments by a signed webhook, or a simulated side.

They answer; what an answer means for a remedy is not decided here.
"""
