"""`import_history FILE.csv [--commit]`: totals of past years from a file."""

from plans.actions.history_import import import_history
from plans.management.file_import import FileImport


class Command(FileImport):
    help = "Nhập số tổng các năm trước theo báo cáo cũ; chỉ thử khi không có --commit."
    action = staticmethod(import_history)
