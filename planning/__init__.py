"""The optimiser: who goes where, why, and the proof. Asked through `plan`, `why_not` and `faults_of`."""

from planning.check import faults_of
from planning.planner import plan
from planning.why_not import why_not

__all__ = ["faults_of", "plan", "why_not"]
