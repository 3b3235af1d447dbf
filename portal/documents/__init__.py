"""Documents: storing bytes under random keys while hashing them, inspecting them in a fenced process, reading
PDF forms, writing letters, serving downloads. A document knows no owner: rooms hold link tables.
"""
