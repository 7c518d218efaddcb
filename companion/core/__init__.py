"""Words that every room speaks: sound, what was heard, turns, morphemes, Hangul.

Pure: no clock, file, network, environment or randomness. numpy enters ``core.audio`` alone.
"""
