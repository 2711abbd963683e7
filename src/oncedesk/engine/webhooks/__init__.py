"""What goes to whoever asked for it: from a row of the outbox to one delivery for each endpoint.

It decides who gets what, in which form, when it is tried again and when it is given up. It opens no
connection; `connectors.webhooks` does.
"""
