"""What membership does at length, beside requests: each job is named by the thing that it is done for."""

from shared.running.jobs import Jobs

jobs = Jobs()
