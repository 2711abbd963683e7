"""The `oncedesk` command.

It reads arguments, calls what `wiring` built and prints the answer. It decides nothing, and an
error is one clear line and a non-zero exit.
"""
