"""The service over HTTP, for the marketplace's machines, for agents, and for consumers.

Here a request becomes a command or a question, and an answer becomes a response. What is allowed
and what follows is decided in the domain; what is read is read by `storage/views`, for an actor.
"""
