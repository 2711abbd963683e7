"""What figures mean, and how many people a queue needs. It decides nothing and has no state."""
