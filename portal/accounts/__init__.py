"""Accounts: people who sign in, the organisations they act for, and the roles the department grants them.

An account is made, joins organisations by enterprise number, and holds grants that may be limited to regions
and have an end. What it may do is asked at every request.
"""
