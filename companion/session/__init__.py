"""The asyncio voice loop: listening, turns, speaking."""
