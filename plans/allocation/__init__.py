"""Sharing a plan's target out to the places below it. Pure: no Django, exact fractions, nothing rounded unseen."""

from plans.allocation.check import Check, check
from plans.allocation.methods import METHODS, allocate
from plans.allocation.records import Basis, CanNotShare, Goal, Method, Place, Why
from plans.allocation.values import Fault, fault_of

__all__ = [
    "METHODS",
    "Basis",
    "CanNotShare",
    "Check",
    "Fault",
    "Goal",
    "Method",
    "Place",
    "Why",
    "allocate",
    "check",
    "fault_of",
]
