"""The supply plan: an exact linear model of the network, solved class by class, with a proven bound."""

from tandemplan.plan.solve import PlanOptions, Progress, plan

__all__ = ["PlanOptions", "Progress", "plan"]
