"""Push: events travel through RabbitMQ, by Kombu."""

from .bridge import Bridge
from .consumer import Consumer
from .publisher import BrokerPublisher

__all__ = ["Bridge", "BrokerPublisher", "Consumer"]
