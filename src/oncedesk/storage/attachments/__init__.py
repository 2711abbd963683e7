"""Files that go with messages: taken in, looked at, kept, shown to whoever may see them, and gone.

The row decides; the file follows. It is written after its row and deleted after it, so what a crash
leaves behind is always a row that says what is still to be done.
"""
