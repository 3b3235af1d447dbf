"""The government's sign-in: somebody comes back from its provider as an identity, tied to an account, or makes
one.

What the provider says counts for as long as that sign-in lasts: for which organisation somebody acts, which
roles of the department they hold, and whether they proved themselves by two steps.
"""
