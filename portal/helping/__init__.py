"""Help without acting as somebody: an applicant shares one page by a code, the desk reads it for an hour, on
record.
"""
