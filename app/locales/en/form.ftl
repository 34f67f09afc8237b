# The form of a round: questions and their answers, criteria with sub-criteria, price, panel, estimates.

# How sub-criteria are computed.
working-part = { $weight }% × { $sum } ÷ { $count }
working-parts = { $weight } × ({ $parts }) ÷ { $max }
