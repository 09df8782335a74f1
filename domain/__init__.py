"""What is true and what is allowed: pure rules, standard library only."""
