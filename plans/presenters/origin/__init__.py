"""Where a number of a plan comes from: which number is asked for, its parts, its cells."""

from plans.presenters.origin.asked import Asked, InvalidQuestion, Number, read_number
from plans.presenters.origin.page import OriginPage, PartNotFound, is_whole, number_words, present_origin
from plans.presenters.origin.parts import Child, Split, split_number

__all__ = [
    "Asked",
    "Child",
    "InvalidQuestion",
    "Number",
    "OriginPage",
    "PartNotFound",
    "Split",
    "is_whole",
    "number_words",
    "present_origin",
    "read_number",
    "split_number",
]
