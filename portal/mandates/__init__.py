"""Mandates (mandaten): granted by the release of an approval, one per region, call type and time.

Here too stand the verbs that cross rooms: releasing the decisions of a region, coverage, and reopening a call
for the regions that nobody could be mandated for.
"""
