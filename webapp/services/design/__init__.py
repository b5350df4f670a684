"""A school changes its diagrams: drafts, their judgement, releases, running cases moved to them."""
