"""Decisions (beslissingen): prepared with reasons, grounds, authority and remedies, confirmed by a second
person, released with their letter, notified. Without one of these none can leave.
"""
