"""Organisations: for whom people act, and who decides along.

An organisation is known by its enterprise number. Somebody asks to act for it, is invited, or comes for it by
the government's sign-in; its managers decide, or the department where it has none. It ends by going into
another, or by being disabled. Who asks (account, grants and organisations together) is answered here, in one
statement.
"""
