"""Applications (aanvragen): a consortium applies for one region in one round.

Drafted by the lead, seats confirmed and signed off by the partners, submitted as a frozen version before the
round closes; then admissible or not, approved or rejected by decisions alone.
"""
