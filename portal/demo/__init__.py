"""The demo: a clock that can be put forward, one-click sign-in, and the story. Mounted by `portal demo`
alone.
"""
