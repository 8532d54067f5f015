"""What can be done: one function per verb, who may first."""
