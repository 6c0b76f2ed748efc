"""`create_sign_ins`: one sign-in a role, for a demonstration on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from facilities.models import Agency, Area, Assignment, Facility, Role, User

PASSWORD = "chi-tieu-2026"


@dataclass(frozen=True)
class SignIn:
    username: str
    last_name: str
    first_name: str
    job_title: str
    role: str
    area: str = ""
    facility: str = ""
    agency: str = ""


PROVINCE = "24@2025-07-01"
SIGN_INS = (
    SignIn("tram", "Nguyễn Thị", "Hoa", "Cán bộ thống kê", Role.CLERK, facility="T07399"),
    SignIn("duyet", "Trần Văn", "Minh", "Phòng Nghiệp vụ Y", Role.REVIEWER, area=PROVINCE),
    SignIn("kehoach", "Lê Thị", "Lan", "Phòng Kế hoạch tổng hợp", Role.PLANNER, area=PROVINCE),
    SignIn(
        "coquan",
        "Phạm Văn",
        "Đức",
        "Chi cục Dân số và Trẻ em",
        Role.OFFICER,
        agency="Chi cục Dân số và Trẻ em",
    ),
    SignIn("lanhdao", "Hoàng Thị", "Mai", "Lãnh đạo Sở Y tế", Role.LEADER, area=PROVINCE),
    SignIn("kiemtra", "Vũ Văn", "Nam", "Kiểm tra", Role.AUDITOR, area=PROVINCE),
    SignIn("quantri", "Đỗ Văn", "Sơn", "Quản trị hệ thống", Role.ADMINISTRATOR),
    SignIn("dienbien", "Lò Thị", "Pâng", "Kế hoạch, tỉnh Điện Biên", Role.PLANNER, area="11@2025-07-01"),
)


class Command(BaseCommand):
    help = "Tạo mỗi vai trò một tài khoản để dùng thử. / One sign-in a role, for trying the portal out."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Tài khoản dùng thử không được tạo trên hệ thống thật.")
        for sign_in in SIGN_INS:
            self._create(sign_in)
        width = max(len(s.username) for s in SIGN_INS)
        self.stdout.write(f"Mật khẩu chung / password of all: {PASSWORD}")
        for s in SIGN_INS:
            self.stdout.write(f"  {s.username:<{width}}  {Role(s.role).label}: {s.job_title}")

    def _create(self, sign_in: SignIn) -> None:
        user, _new = User.objects.update_or_create(
            username=sign_in.username,
            defaults={
                "last_name": sign_in.last_name,
                "first_name": sign_in.first_name,
                "job_title": sign_in.job_title,
                "is_staff": sign_in.role == Role.ADMINISTRATOR,
                "is_superuser": sign_in.role == Role.ADMINISTRATOR,
            },
        )
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        Assignment.objects.get_or_create(user=user, role=sign_in.role, **self._scope(sign_in))

    def _scope(self, sign_in: SignIn) -> dict[str, Any]:
        area = Area.objects.named(sign_in.area) if sign_in.area else None
        facility = Facility.objects.get(code=sign_in.facility) if sign_in.facility else None
        agency = None
        if sign_in.agency:
            agency = Agency.objects.get(name=sign_in.agency, area=Area.objects.named(PROVINCE))
        return {"area": area, "facility": facility, "agency": agency}
