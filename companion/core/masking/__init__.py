"""Takes what names somebody out of words that leave the device. Pure; what a library finds comes in through a port.

Tuned to leave nothing rather than to read well. No text is anonymous on that alone: see docs/decisions/0025.
"""
