"""Journal: what happened, per file, in hash chains that only grow; beside it what is owed to people.

An entry is written in the transaction of its act and never changes; its payload lies apart, salted, and can be
destroyed under a list without breaking the chain. A delivery is a mail or letter owed, worked by `portal
deliver`.
"""
