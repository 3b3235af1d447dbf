"""Accounts: people who sign in, and the roles the department grants them.

An account is made by a mailed link, proves itself anew on each device, and holds grants that may be limited to
regions and have an end. What it may do is asked at every request; for whom it acts, the room `organisations`
knows.
"""
