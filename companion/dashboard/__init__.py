"""The caregiver's screens, in a terminal or a browser: what matters, in ten seconds.

Only this room knows Textual. It reads through `companion.wiring` and never loads speech or model libraries.
"""
