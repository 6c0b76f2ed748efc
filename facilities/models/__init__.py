from facilities.models.agencies import Agency
from facilities.models.areas import Area, Coverage, Succession
from facilities.models.facilities import Contribution, Facility, Placement
from facilities.models.log import AuditEvent, StaleMark
from facilities.models.people import Assignment, Role, User

__all__ = [
    "Agency",
    "Area",
    "Assignment",
    "AuditEvent",
    "Contribution",
    "Coverage",
    "Facility",
    "Placement",
    "Role",
    "StaleMark",
    "Succession",
    "User",
]
