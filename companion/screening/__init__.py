"""Screening instruments administered aloud: interview, answers, scores. Pure."""
