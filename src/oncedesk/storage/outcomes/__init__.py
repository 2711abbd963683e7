"""What figures are made of: one row for each thing that has ended, worked out from the journal.

Whatever ends marks its state in the same transaction; a job of its own works the rows out soon
after. Nothing else depends on them, and they can be made anew at any time.
"""
