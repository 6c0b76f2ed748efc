"""Which key files sign, and what is said of those that do not."""

from datetime import timedelta

import pytest
from asn1crypto import pkcs12, x509

from reporting.checks import missing_libraries, serif_font
from reporting.signatures import keys
from reporting.signatures.appearance import Look
from reporting.signatures.certificates import TRIAL_MARK, read_certificate
from reporting.signatures.keys import PKCS12_LIMIT, open_file
from reporting.signatures.sign import place_in, sign
from reporting.signatures.validate import check
from tests.reporting.signing_world import LATER, NOW, PASSWORD, key_file, pdf, real_root, root

needs_pango = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
pytestmark = needs_pango


def old_file(algorithm, password: str = PASSWORD, *, curve: bool = False) -> bytes:
    """A key file as older programs write it, or with an elliptic key."""
    from cryptography import x509 as pyca
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import PrivateFormat
    from cryptography.hazmat.primitives.serialization.pkcs12 import (
        load_key_and_certificates,
        serialize_key_and_certificates,
    )

    key, certificate, others = load_key_and_certificates(key_file(), PASSWORD.encode())
    if curve:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = pyca.CertificateBuilder().subject_name(certificate.subject)
        builder = builder.issuer_name(certificate.issuer).public_key(key.public_key())
        builder = builder.serial_number(7).not_valid_before(NOW - timedelta(days=1)).not_valid_after(LATER)
        certificate = builder.sign(root().key, hashes.SHA256())
    encryption = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048)
    encryption = encryption.key_cert_algorithm(algorithm).build(password.encode())
    return serialize_key_and_certificates(None, key, certificate, others, encryption)


@pytest.mark.parametrize("curve", [False, True])
def test_files_of_older_programs_and_elliptic_keys_sign(curve):
    from cryptography.hazmat.primitives.serialization.pkcs12 import PBES

    for algorithm in (PBES.PBESv1SHA1And3KeyTripleDESCBC, PBES.PBESv2SHA256AndAES256CBC):
        key, place = open_file(old_file(algorithm, curve=curve), PASSWORD, NOW), place_in(pdf())
        look = Look(place.box, key.certificate, NOW, serif_font())
        assert check(sign(pdf(), key, field="person", page=0, look=look)).is_intact


@pytest.mark.parametrize(
    ("data", "password", "kind"),
    [
        (b"", PASSWORD, keys.NotAKeyFile),
        (b"not a key", PASSWORD, keys.NotAKeyFile),
        (b"\x30" * (PKCS12_LIMIT + 1), PASSWORD, keys.NotAKeyFile),
        ("key", "sai", keys.WrongPassword),
        ("key", "", keys.WrongPassword),
    ],
)
def test_a_file_that_is_no_key_or_a_wrong_password_is_told_apart(data, password, kind):
    with pytest.raises(kind):
        open_file(key_file() if data == "key" else data, password, NOW)


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"days": (-300, -1)}, keys.Expired, "hết hạn"),
        ({"days": (1, 300)}, keys.NotYetValid, "có hiệu lực từ"),
        ({"uses": frozenset({"key_encipherment"})}, keys.WrongUse, "key usage"),
    ],
)
def test_a_certificate_that_may_not_sign_now_is_refused_with_its_cause(fields, kind, words):
    with pytest.raises(kind, match=words):
        open_file(key_file(**fields), PASSWORD, NOW)


def test_a_key_that_is_too_short_or_missing_is_refused(monkeypatch):
    from cryptography.hazmat.primitives.serialization import NoEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

    only = serialize_key_and_certificates(None, None, None, [root().certificate], NoEncryption())
    with pytest.raises(keys.NoKey, match="khoá bí mật"):
        open_file(only, "", NOW)
    monkeypatch.setattr(keys, "RSA_BITS", 4096)
    with pytest.raises(keys.WeakKey, match="4096"):
        open_file(key_file(), PASSWORD, NOW)


def test_a_file_that_asks_for_hours_of_hashing_is_not_opened():
    container = pkcs12.Pfx.load(key_file())
    container["mac_data"]["iterations"] = 2_000_000_000
    with pytest.raises(keys.NotAKeyFile):
        open_file(container.dump(force=True), PASSWORD, NOW)


def test_the_mark_of_a_trial_is_found_in_subject_and_issuer_however_written():
    from reporting.signatures.trial import make_key_file

    own = key_file("Không dấu", real=True)
    marked = make_key_file(real_root(), "A", PASSWORD, start=NOW, mark="chung  thu THU nghiem")
    under_trial = make_key_file(root(), "A", PASSWORD, start=NOW, mark="Phòng")
    found = [open_file(data, PASSWORD, NOW).certificate.is_test for data in (own, marked, under_trial)]
    assert found == [False, True, True]
    assert TRIAL_MARK in open_file(key_file(), PASSWORD, NOW).certificate.subject


def test_a_certificate_without_a_name_of_its_own_shows_what_it_has():
    name = x509.Name.build({"organization_name": "Sở Y tế"})
    own = open_file(key_file(), PASSWORD, NOW).signer.signing_cert.copy()
    own["tbs_certificate"]["subject"] = name
    assert read_certificate(own).name == "Sở Y tế"
