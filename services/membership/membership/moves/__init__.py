"""What changes on a day: operations on the tree, mouvements of people, and their histories."""

from .model.carried import CarriedPrincipal
from .model.soundness import DEEPEST
from .model.transfer import Transfer
from .queries.following import hold_elections_of
from .use_cases.mouvements import erase_posts
