"""Tools for whoever works on the portal; nothing of it is needed to run it."""
