"""The rules by which shape stories go on."""

from tfstory.datasets.shape_stories.rules import changing, showing, walking

# A story's rule is drawn from this order: it is part of the data set.
RULES = (*walking.RULES, *changing.RULES, *showing.RULES)
