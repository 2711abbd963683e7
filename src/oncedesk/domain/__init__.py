"""Everything Oncedesk decides, as pure functions over plain data.

Nothing here reads a clock, a file, the network, the environment or a random source; what a
decision needs from outside is handed in as facts. The packages never import each other, only
``domain.shared``; they meet in ``engine.reactions``.
"""
