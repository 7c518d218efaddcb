"""Whole lives of simulated people: who they are, what they say, and what 말벗 must not do in them.

Nothing here knows how replies are chosen: a person hears words and answers them, a checker reads words and the record.
"""
