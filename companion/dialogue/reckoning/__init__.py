"""Sums and old measures that people ask for: how much two thousand and three thousand are, how many grams a 근 is."""
