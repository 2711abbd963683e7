"""Oncedesk: service and experience governance for a content-commerce marketplace.

A consumer contacts it once; what went wrong is made good exactly once. See docs/concepts.md for the
words and ARCHITECTURE.md for the parts.
"""
