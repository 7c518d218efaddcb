"""The measuring instruments: files of cases in, figures out."""
