"""The record of conversations: tables and repository."""
