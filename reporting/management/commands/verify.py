"""`verify`: recompute, replay and hash everything; exit 1 on any difference."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.actions.verify import verify

WORDS = {
    "results": "kết quả tháng không khớp số liệu gốc",
    "histories": "ô không khớp lịch sử thay đổi",
    "snapshots": "bản chốt không khớp SHA-256",
    "files": "tệp báo cáo mất hoặc không khớp SHA-256",
}


class Command(BaseCommand):
    help = (
        "Tính lại từ số liệu gốc, phát lại lịch sử, kiểm tra mã băm; không sửa gì. / "
        "Recompute, replay histories, check hashes; changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        verified = verify()
        self.stdout.write(json.dumps(verified.as_json()))
        for line in verified.details:
            self.stderr.write(line)
        if verified.differences:
            found = "; ".join(f"{n} {WORDS[kind]}" for kind, n in verified.differing.items() if n)
            raise CommandError(f"Có khác biệt: {found}.")
