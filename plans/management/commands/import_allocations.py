"""`import_allocations FILE.csv [--commit]`: what a plan's annex gives to its communes or districts."""

from plans.actions.allocation_import import import_allocations
from plans.management.file_import import FileImport


class Command(FileImport):
    help = "Nhập chỉ tiêu giao cho từng xã hoặc huyện; chỉ thử khi không có --commit."
    action = staticmethod(import_allocations)
