"""What an event of one state asks of another: each reaction a name, an event and a function.

`table.py` says which there are; the other files are named for what theirs do. It decides nothing:
whoever is asked may refuse.
"""

from oncedesk.engine.reactions.reaction import Late, Reaction, Reactions
from oncedesk.engine.reactions.table import FIRST, REACTIONS

__all__ = ["FIRST", "REACTIONS", "Late", "Reaction", "Reactions", "commands"]

commands = REACTIONS.commands
