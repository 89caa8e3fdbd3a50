"""relflow's clocks and deliveries as jobs of Procrastinate, enqueued in the transactions that they belong to."""

from relflow_procrastinate.jobs import Jobs

__all__ = ["Jobs"]
