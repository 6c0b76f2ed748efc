"""Keys for trying signing out: certificates that say in their subject that they are worth nothing, and their root."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from reporting.signatures.certificates import TRIAL_MARK

LIFE = timedelta(days=365)
EXPONENT, BITS = 65537, 2048
USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
SIGNING = frozenset({"digital_signature", "content_commitment"})


@dataclass(frozen=True)
class TrialRoot:
    """A root that signs trial certificates."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def make_root(now: datetime, mark: str = TRIAL_MARK) -> TrialRoot:
    key = rsa.generate_private_key(EXPONENT, BITS)
    name = _name("Cổng chỉ tiêu y tế: CA thử nghiệm", "", mark)
    builder = _builder(name, name, key, now - timedelta(days=1), now + 2 * LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_uses({"key_cert_sign", "crl_sign"}), critical=True)
    return TrialRoot(key, builder.sign(key, hashes.SHA256()))


def make_key_file(
    root: TrialRoot,
    name: str,
    password: str,
    *,
    organisation: str = "",
    start: datetime,
    end: datetime | None = None,
    uses: frozenset[str] = SIGNING,
    mark: str = TRIAL_MARK,
) -> bytes:
    """A PKCS#12 file with a new key and its certificate, marked as a trial in the subject."""
    key = rsa.generate_private_key(EXPONENT, BITS)
    subject = _name(name, organisation, mark)
    builder = _builder(subject, root.certificate.subject, key, start, end or start + LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    certificate = builder.add_extension(_uses(uses), critical=True).sign(root.key, hashes.SHA256())
    encryption = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(None, key, certificate, [root.certificate], encryption)


def _name(name: str, organisation: str, mark: str) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, mark),
        (NameOID.ORGANIZATION_NAME, organisation),
        # The standard bounds it at 64 bytes.
        (NameOID.COMMON_NAME, name.encode()[:64].decode(errors="ignore")),
    ]
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts if text])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(end)


def _uses(given: frozenset[str] | set[str]) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in given for use in USES})
