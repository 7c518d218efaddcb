"""An invented population, for demonstrations and benches. Everything follows from a seed; nobody in it exists."""
