"""Home: where everyone starts, the information pages, and health."""
