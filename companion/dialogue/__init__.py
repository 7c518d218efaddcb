"""What to do next and what to say: understanding, reply bank, guard. Pure policy."""
