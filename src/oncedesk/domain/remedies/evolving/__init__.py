"""How events change the remedies of an order, a file for each subject; `evolve.py` asks them."""
