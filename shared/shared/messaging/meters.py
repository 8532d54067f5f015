"""What is counted while events travel; `/metrics` shows it, and each name says its unit."""

from prometheus_client import Counter, Gauge, Histogram

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # seconds
SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600, 3600)  # seconds

published = Counter("halqa_published_total", "Events that the broker has confirmed")
confirm_seconds = Histogram("halqa_confirm_seconds", "From sending a wave to its last confirm", buckets=QUICK)
returned = Counter("halqa_returned_total", "Events confirmed that no queue wanted")
refused = Counter("halqa_refused_total", "Events that the broker did not take (nack); they are sent again")
quarantined = Counter("halqa_quarantined_total", "Events that cannot be sent as they are; an operator decides")

connected = Gauge("halqa_consumer_connected", "Is the consumer connected to the broker (0 or 1)", ["subscription"])
delivered = Counter("halqa_delivered_total", "Deliveries by the broker", ["subscription"])
redelivered = Counter("halqa_redelivered_total", "Deliveries that the broker had made before", ["subscription"])
rejected = Counter("halqa_rejected_total", "Deliveries handed to the dead letters unread", ["subscription", "reason"])

received = Counter("halqa_received_total", "Events taken into the inbox", ["subscription", "status"])
duplicates = Counter("halqa_duplicates_total", "Events that had been taken in before", ["subscription"])
apply_seconds = Histogram(
    "halqa_apply_seconds", "From an event's commit at its publisher to its effect here", ["subscription"], buckets=SLOW
)
