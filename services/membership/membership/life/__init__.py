"""Whether a community lives: the watch, the ten steps, its end and what that takes along."""
