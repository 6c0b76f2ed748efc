"""Where a figure comes from: which months weigh what in it, which facilities, and down to the cells typed."""

from indicators.tracing.cells import MissingMonth, Traced, TracedCell, trace_cells
from indicators.tracing.parts import Amount, FacilityMonth, read_parts
from indicators.tracing.weights import Weights, weights_of

__all__ = [
    "Amount",
    "FacilityMonth",
    "MissingMonth",
    "Traced",
    "TracedCell",
    "Weights",
    "read_parts",
    "trace_cells",
    "weights_of",
]
