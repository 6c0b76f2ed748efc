"""An agency's key in a PKCS#11 token: SoftHSM stands for the device."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from reporting.checks import missing_libraries, serif_font
from reporting.signatures import agencies
from reporting.signatures.appearance import Look
from reporting.signatures.keys import TokenProblem
from reporting.signatures.places import words_box
from reporting.signatures.sign import place_in, sign
from reporting.signatures.validate import check
from tests.reporting.signing_world import NOW, PASSWORD, key_file, pdf

DRIVER = next(Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"), None)
pytestmark = [
    pytest.mark.skipif(DRIVER is None or not shutil.which("softhsm2-util"), reason="needs softhsm2"),
    pytest.mark.skipif(bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"),
]
AGENCY, PIN = "Sở Y tế tỉnh Bắc Ninh", "246810"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A token with one key and its certificate, and the file of keys that names it."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    key, certificate, _others = pkcs12.load_key_and_certificates(key_file(AGENCY), PASSWORD.encode())
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    token = ["--token", "SYT", "--pin", PIN]
    for command in (
        ["--init-token", "--free", "--label", "SYT", "--so-pin", "13579", "--pin", PIN],
        ["--import", str(tmp_path / "key.pem"), *token, "--label", "SYT", "--id", "01"],
    ):
        subprocess.run(["softhsm2-util", *command], check=True, capture_output=True)
    _put(certificate)
    (tmp_path / "syt.pin").write_text(f"{PIN}\n")
    write(tmp_path, "SYT")
    return tmp_path


def _put(certificate) -> None:
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    fields = decode_x509_certificate(certificate.public_bytes(serialization.Encoding.DER))
    fields |= {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "SYT", pkcs11.Attribute.ID: b"\x01"}
    with pkcs11.lib(str(DRIVER)).get_token(token_label="SYT").open(rw=True, user_pin=PIN) as session:
        session.create_object(fields)


def write(folder: Path, certificate: str) -> None:
    (folder / "agencies.yaml").write_text(
        f"- agency: {AGENCY}\n"
        f"  pkcs11: {{module: {DRIVER}, token: SYT, certificate: {certificate}, pin_file: syt.pin}}\n"
    )


def test_the_key_in_a_token_signs_and_wrong_pins_and_names_are_said(folder):
    entry = agencies.read_agencies(folder / "agencies.yaml")[AGENCY]
    place = place_in(pdf())
    with entry.open(NOW) as key:
        assert key.certificate.name == AGENCY and key.certificate.is_test
        look = Look(words_box(place, below=True), key.certificate, NOW, serif_font(), is_agency=True)
        signed = sign(pdf(), key, field="agency", page=place.page, look=look)
    assert check(signed).is_intact

    write(folder, "KHAC")
    entry = agencies.read_agencies(folder / "agencies.yaml")[AGENCY]
    with pytest.raises(TokenProblem, match="không có chứng thư “KHAC”"), entry.open(NOW):
        pass
    (folder / "syt.pin").write_text("000000")
    entry = agencies.read_agencies(folder / "agencies.yaml")[AGENCY]
    with pytest.raises(TokenProblem, match="PIN") as caught, entry.open(NOW):
        pass
    assert "000000" not in str(caught.value)
