"""From a spoken answer to an option: a grammar of frequency, quantity, negation, time frame and person. Pure."""
