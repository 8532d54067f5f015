"""What is promised about events to those who are deployed on another day: schemas, their editions, what may change."""
