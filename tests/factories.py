"""One minimal factory for each model of places and people, and the step that settles derived tables."""

from datetime import date

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import refresh_coverage
from facilities.models import (
    Agency,
    Area,
    Assignment,
    Facility,
    Placement,
    Role,
    Succession,
    User,
)

START = date(2021, 1, 1)
REFORM = date(2025, 7, 1)
PASSWORD = "mật khẩu thử 2025"
# Hash once: the hasher is slow on purpose.
HASHED_PASSWORD = make_password(PASSWORD)


def settle_places() -> None:
    """Derive coverage and contributions; permissions and roll-ups read nothing else."""
    refresh_coverage()
    refresh_contributions()


class AreaFactory(DjangoModelFactory):
    """A commune from 2021 on without an end; `level`, `parent`, `valid_from`, `valid_to` as needed."""

    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"{90000 + n}")
    level = Area.Level.COMMUNE
    kind = "Xã"
    name = factory.Sequence(lambda n: f"Xã Thử {n}")
    valid_from = START


class ProvinceFactory(AreaFactory):
    code = factory.Sequence(lambda n: f"P{n}")
    level = Area.Level.PROVINCE
    kind = "Tỉnh"
    name = factory.Sequence(lambda n: f"Tỉnh Thử {n}")


class DistrictFactory(AreaFactory):
    code = factory.Sequence(lambda n: f"D{n}")
    level = Area.Level.DISTRICT
    kind = "Huyện"
    name = factory.Sequence(lambda n: f"Huyện Thử {n}")


class SuccessionFactory(DjangoModelFactory):
    """`predecessor` went whole to `successor` on the day of the reform."""

    class Meta:
        model = Succession

    date = REFORM
    predecessor = factory.SubFactory(AreaFactory, valid_to=REFORM)
    successor = factory.SubFactory(AreaFactory, valid_from=REFORM)
    share = 1


class FacilityFactory(DjangoModelFactory):
    """A station; with `area=commune` it is placed there from the month it opened."""

    class Meta:
        model = Facility
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"F{n}")
    name = factory.Sequence(lambda n: f"Trạm Y tế Thử {n}")
    type = Facility.Type.STATION
    opened = START

    @factory.post_generation
    def area(self, create, extracted, **kwargs):
        if extracted:
            PlacementFactory(facility=self, area=extracted, from_month=self.opened)


class PlacementFactory(DjangoModelFactory):
    class Meta:
        model = Placement

    facility = factory.SubFactory(FacilityFactory)
    area = factory.SubFactory(AreaFactory)
    from_month = START


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"Sở Y tế tỉnh Thử {n}")
    short_name = "SYT"
    area = factory.SubFactory(ProvinceFactory)
    valid_from = START


class UserFactory(DjangoModelFactory):
    """A person who signs in with PASSWORD."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"nguoi-dung-{n}")
    last_name = "Nguyễn Thị"
    first_name = factory.Sequence(lambda n: f"Thử {n}")
    password = HASHED_PASSWORD


class AssignmentFactory(DjangoModelFactory):
    """A role; give `area`, `facility` or `agency` as the role asks for (none for an administrator)."""

    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory)
    role = Role.ADMINISTRATOR


def person(role: str, **scope: object) -> User:
    """A person holding one role: `person(Role.CLERK, facility=station)`."""
    return AssignmentFactory(role=role, **scope).user
