"""Pure questions about accounts, by subject: what is granted, sign-ins, links, passwords, trying, second steps,
the government.
"""
