"""What consumers and we say to each other about one subject, and the cases within it.

It decides whether a contact joins a case or opens one, who owns, caused and is liable for it, which
clocks run and what happens when one runs out. It never moves money, never reads another state than
the facts it was handed, and keeps no message texts.
"""
