"""What those who run an installation see of a process: figures for Prometheus, traces, a live view.

It reads what the parts count of themselves and asks the database for little. It decides nothing.
"""
