"""`render_report ID --format pdf|xlsx|docx --output FILE`: a file from the snapshot alone."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.models import ReportFile, Snapshot
from reporting.renderers import RenderError, render


class Command(BaseCommand):
    help = "Dựng tệp báo cáo từ một bản chốt. / Render a report file from a snapshot."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, help="mã bản chốt mà prepare_report in ra")
        parser.add_argument("--format", required=True, choices=ReportFile.Format.values)
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        snapshot = Snapshot.objects.filter(pk=options["id"]).first()
        if snapshot is None:
            raise CommandError(f"Không có bản chốt {options['id']}.")
        output: Path = options["output"]
        if not output.parent.is_dir():
            raise CommandError(f"Không có thư mục “{output.parent}”.")
        try:
            content = render(snapshot.data, options["format"])
        except RenderError as error:
            raise CommandError(str(error)) from error
        except Exception as error:
            # Whatever broke, who runs a command gets one line; `--traceback` shows the rest.
            cause = " ".join(f"{type(error).__name__}: {error}".split())
            raise CommandError(f"Không dựng được tệp từ bản chốt {snapshot.pk}: {cause}") from error
        self._write(output, content)
        self.stdout.write(f"{output} ({len(content)} byte)")

    def _write(self, output: Path, content: bytes) -> None:
        """Write beside and rename, so that a broken run leaves no half file."""
        part = output.with_name(f".{output.name}.part")
        try:
            part.write_bytes(content)
            part.replace(output)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"Không ghi được “{output}”: {error.strerror}.") from error
