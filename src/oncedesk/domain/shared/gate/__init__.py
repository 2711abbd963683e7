"""What a message's text gives away, or asks for: looked for once, before anybody else reads it.

Looking is done where the text is (`looking`), and yields hits: kinds and places, no words. What
follows from a hit for whoever speaks is a value of the rule pack (`rules`), applied by the decider.
So a decision needs no text, and the same hits under another pack can be decided again.
"""
