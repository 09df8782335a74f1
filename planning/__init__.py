"""The optimiser: who goes where, why, and the proof.

`plan` answers a PlanningProblem, `plan_keeping` one in which some are to stay where they are, `why_not` explains who was not chosen, `faults_of` checks a plan independently, and
`warm_up` compiles the kernels beforehand.
"""

from planning.check import faults_of
from planning.keeping import CannotKeep, faults_of_keeping, plan_keeping
from planning.planner import plan
from planning.warm import warm_up
from planning.why_not import why_not

__all__ = ["CannotKeep", "faults_of", "faults_of_keeping", "plan", "plan_keeping", "warm_up", "why_not"]
