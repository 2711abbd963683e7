"""Who somebody is. What they may do is decided elsewhere."""
