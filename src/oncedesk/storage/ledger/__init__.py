"""The ledger's rows: derived from the events that move money, written with them, never changed.

What it keeps can be made again from the journal. It says no more of anybody than their id.
"""
