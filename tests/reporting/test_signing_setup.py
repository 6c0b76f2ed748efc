"""Setting signing up: the trial keys of the demonstration, and what the system checks say."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reporting.signatures.agencies import STAMP_MM, read_agencies
from reporting.signatures.certificates import TRIAL_MARK
from reporting.signatures.keys import open_file
from reporting.signatures.pictures import RED, read_ink
from reporting.signatures.validate import read_roots
from reporting.signing_checks import check_signing
from tests.reporting.signing_world import make_report


@pytest.fixture
def folder(settings, tmp_path):
    settings.SIGNING_AGENCIES = str(tmp_path / "signing" / "agencies.yaml")
    settings.SIGNING_ROOTS = str(tmp_path / "signing" / "roots.pem")
    return tmp_path / "signing"


@pytest.mark.django_db
def test_the_demonstration_makes_marked_keys_for_leaders_and_agencies(world, cast, folder):
    from django.utils import timezone

    snapshot = make_report(world).snapshots.get()
    out = StringIO()
    call_command("make_trial_keys", stdout=out)
    first, *paths = out.getvalue().splitlines()
    assert first.startswith(TRIAL_MARK) and first.endswith("chi-tieu-2026")
    assert {Path(path).stem for path in paths} == {cast.leader.username, cast.stranger.username}
    key = open_file(Path(paths[0]).read_bytes(), "chi-tieu-2026", timezone.now())
    assert key.certificate.is_test
    agency = snapshot.data["content"]["agency"]["name"]
    entry = read_agencies(folder / "agencies.yaml")[agency]
    with entry.open(timezone.now()) as key:
        assert key.certificate.name == agency and key.certificate.is_test
    assert entry.stamp_mm == STAMP_MM and read_ink(entry.stamp.read_bytes(), RED).width > 500
    assert len(read_roots((folder / "roots.pem").read_bytes())) == 1
    for secret in [*folder.glob("*.p12"), *folder.glob("*.password")]:
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert check_signing(None) == []


@pytest.mark.django_db
def test_a_real_portal_makes_no_trial_keys(folder, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="hệ thống thật"):
        call_command("make_trial_keys")
    assert not folder.exists()


def test_the_checks_name_a_file_that_is_missing_or_wrong(folder, settings):
    assert check_signing(None) == []
    settings.PRODUCTION = True
    assert [warning.id for warning in check_signing(None)] == ["reporting.W003", "reporting.W003"]
    folder.mkdir()
    (folder / "agencies.yaml").write_text("- [")
    (folder / "roots.pem").write_text("x")
    assert [warning.id for warning in check_signing(None)] == ["reporting.W004", "reporting.W005"]
    settings.SIGNING_AGENCIES = settings.SIGNING_ROOTS = ""
    assert check_signing(None) == []
