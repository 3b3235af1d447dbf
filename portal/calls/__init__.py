"""Calls (oproepen): drafted from `config/calls`, published by two people, opened and closed by the clock.

A round names its regions and carries the frozen definition. Reopening adds a round; no act edits a deadline.
"""
