"""The second step of signing in: an app, passkeys, codes on paper; added, used, lost, and taken away by two
people.
"""
