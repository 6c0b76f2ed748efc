"""Plausible figures of a facility, for demonstration and load (pure, but for NumPy's generators).

`station_month`, `station_year`, `hospital_month`, `hospital_year` give {cell: count} that keep every rule
of the forms. A facility draws from its own stream of (seed, code, period), so a range of months gives the
same numbers whatever other months or facilities are generated with it.
"""

from indicators.plausible.hospitals import Hospital, hospital_month, hospital_year
from indicators.plausible.levels import stream
from indicators.plausible.station_months import station_month
from indicators.plausible.stations import Station, station_year

__all__ = [
    "Hospital",
    "Station",
    "hospital_month",
    "hospital_year",
    "station_month",
    "station_year",
    "stream",
]
