"""What agents work with beside their cases: articles, macros, saved views.

Plain rows without deciders: no case's course depends on them. They stand whole on each machine.
"""
