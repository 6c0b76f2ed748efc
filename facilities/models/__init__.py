from facilities.models.agencies import Agency
from facilities.models.areas import Area, Coverage, Succession
from facilities.models.calendar import DecidedDay
from facilities.models.facilities import Contribution, Facility, Placement
from facilities.models.log import AuditEvent, StaleMark
from facilities.models.notices import Notice
from facilities.models.people import Assignment, Role, User
from facilities.models.reforms import Reform

__all__ = [
    "Agency",
    "Area",
    "Assignment",
    "AuditEvent",
    "Contribution",
    "Coverage",
    "DecidedDay",
    "Facility",
    "Notice",
    "Placement",
    "Reform",
    "Role",
    "StaleMark",
    "Succession",
    "User",
]
