"""What somebody does not want to be written about."""

from .model import Unsubscription
from .queries import unsubscribed
