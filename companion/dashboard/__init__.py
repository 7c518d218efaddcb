"""The caregiver's screens: a Textual program over the door to the record (``wiring.desk``).

Textual is imported here alone. No screen reads the record itself: readings are functions that run on worker threads
through the door, so every look is allowed, audited, and never holds up the keyboard. Every word that is shown is data
under ``prompts/dashboard``.
"""
