"""Push: events travel through RabbitMQ, by Kombu."""

from .consumer import Consumer
from .publisher import BrokerPublisher

__all__ = ["BrokerPublisher", "Consumer"]
