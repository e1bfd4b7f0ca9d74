"""Optimisers and root finders, one family per module; all take a stack of starts and return a :class:`Result`."""
