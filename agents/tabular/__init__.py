"""Learners with a table: what they choose among are tuned rules, what they see are a few bins.

Nothing here needs torch. `learners` is the registry: a file there is a learner.
"""
