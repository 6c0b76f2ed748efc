"""`import_entered FILE.csv [--commit]`: surveys, estimates and verdicts from a file."""

from plans.actions.entered_import import import_entered
from plans.management.file_import import FileImport


class Command(FileImport):
    help = "Nhập số liệu điều tra, ước thực hiện và đánh giá; chỉ thử khi không có --commit."
    action = staticmethod(import_entered)
