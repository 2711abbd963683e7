"""What is said in JSON: who reads a shape decides which; what is kept has shapes of its own."""
