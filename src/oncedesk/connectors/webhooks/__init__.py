"""Sends what happened to those who asked for it, as Standard Webhooks that carry CloudEvents.

It opens connections to addresses that others have given, so it checks each of them, follows
nothing, waits for nobody and believes no answer. What goes to whom, and when again,
`engine.webhooks` says.
"""
