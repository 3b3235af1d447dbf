"""Reviews (beoordelingen): the finding on admissibility, then the merits.

A region's admissible applications are assigned to reviewers; each declares whether a tie binds them, scores
every criterion in writing without seeing the others', and hands in. Totals, thresholds and ranking are
computed.
"""
