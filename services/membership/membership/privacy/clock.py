"""Archives are kept as long as their mail says."""

from shared.running.retention import Keeping, Outcome

from . import use_cases
from .model import KEPT_FOR

retention = [
    Keeping(
        "archives",
        KEPT_FOR.days,
        "so that the person can fetch the copy that they asked for; fixed, since their mail says how long",
        Outcome.DELETED,
        use_cases.delete_old_archives,
    ),
]
