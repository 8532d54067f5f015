"""What is promised about events, and what holds it: golden samples of every edition, the gate, the documents."""
