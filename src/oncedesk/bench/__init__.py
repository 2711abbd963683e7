"""Where each figure in the README comes from.

It measures the real engine and the real server and prints, beside each figure, what makes it
doubtful. It never turns durability off.
"""
