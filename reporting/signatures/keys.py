"""Keys that sign: a PKCS#12 file with its password, or a PKCS#11 token. Held in memory while signing, never kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from asn1crypto import pkcs12, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from django.utils.translation import gettext as _

from reporting.signatures import SigningError
from reporting.signatures.certificates import Certificate, read_certificate

if TYPE_CHECKING:
    from pyhanko.sign import Signer

# A key and a chain of certificates are a few kilobytes.
PKCS12_LIMIT = 64 * 1024
# A made-up file may ask for hours of hashing; programs write 2 048 to 600 000 rounds.
ROUNDS_LIMIT = 2_000_000
SIGNING_USES = frozenset({"digital_signature", "non_repudiation"})
RSA_BITS = 2048


class KeyProblem(SigningError):
    """The key can not be used."""


class NotAKeyFile(KeyProblem):
    def __init__(self) -> None:
        super().__init__(_("Tệp này không phải tệp khoá PKCS#12 (.p12, .pfx) mà cổng đọc được."))


class WrongPassword(KeyProblem):
    def __init__(self) -> None:
        super().__init__(_("Mật khẩu của tệp khoá không đúng. Chọn lại tệp và gõ lại mật khẩu."))


class NoKey(KeyProblem):
    def __init__(self) -> None:
        super().__init__(_("Tệp không chứa khoá bí mật cùng chứng thư của nó. Xuất lại tệp kèm khoá."))


class NotYetValid(KeyProblem):
    def __init__(self, certificate: Certificate) -> None:
        text = _("Chứng thư chỉ có hiệu lực từ %(day)s. Chờ đến ngày ấy hoặc dùng chứng thư khác.")
        super().__init__(text % {"day": f"{certificate.valid_from.astimezone():%d/%m/%Y}"})


class Expired(KeyProblem):
    def __init__(self, certificate: Certificate) -> None:
        text = _("Chứng thư đã hết hạn ngày %(day)s. Gia hạn rồi ký lại.")
        super().__init__(text % {"day": f"{certificate.valid_to.astimezone():%d/%m/%Y}"})


class WrongUse(KeyProblem):
    def __init__(self) -> None:
        super().__init__(_("Chứng thư này không được cấp để ký văn bản (key usage). Dùng chứng thư ký số."))


class WeakKey(KeyProblem):
    def __init__(self) -> None:
        text = _("Khoá quá ngắn hoặc không thuộc loại dùng được: cần RSA từ %(bits)s bit hoặc EC.")
        super().__init__(text % {"bits": RSA_BITS})


class TokenProblem(KeyProblem):
    """The token does not answer as it should."""


@dataclass(frozen=True)
class Token:
    """Where a PKCS#11 token is: its driver, its label, its PIN, and the label of the certificate in it."""

    module: str
    label: str
    pin: str
    certificate: str


@dataclass(frozen=True)
class SigningKey:
    """A usable key: pyHanko's signer and what its certificate says."""

    signer: Signer
    certificate: Certificate


def open_file(data: bytes, password: str, now: datetime) -> SigningKey:
    """The key of a PKCS#12 file. Raises KeyProblem."""
    from pyhanko.keys.internal import (
        translate_pyca_cryptography_cert_to_asn1,
        translate_pyca_cryptography_key_to_asn1,
    )
    from pyhanko.sign import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    if len(data) > PKCS12_LIMIT or not _is_sane(data):
        raise NotAKeyFile
    try:
        key, certificate, others = load_key_and_certificates(data, password.encode())
    except ValueError as error:
        raise WrongPassword from error
    except UnsupportedAlgorithm as error:
        raise NotAKeyFile from error
    if key is None or certificate is None:
        raise NoKey
    store = SimpleCertificateStore()
    store.register_multiple(translate_pyca_cryptography_cert_to_asn1(one) for one in others)
    own = translate_pyca_cryptography_cert_to_asn1(certificate)
    signer = SimpleSigner(
        signing_cert=own, signing_key=translate_pyca_cryptography_key_to_asn1(key), cert_registry=store
    )
    return SigningKey(signer, _checked(own, list(store), now))


@contextmanager
def open_token(token: Token, now: datetime) -> Iterator[SigningKey]:
    """The key in a token for as long as the block runs. Raises KeyProblem."""
    try:
        from pkcs11.exceptions import PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        raise TokenProblem(_("Máy chủ thiếu gói python-pkcs11 nên không dùng được thiết bị ký.")) from error
    try:
        session = open_pkcs11_session(
            token.module, token_criteria=TokenCriteria(label=token.label), user_pin=token.pin
        )
    except (PKCS11Error, RuntimeError, OSError) as error:
        # The PIN stands in no message: only the kind of error is told.
        text = _("Thiết bị ký “%(label)s” không mở được (%(error)s). Xem thiết bị đã cắm và mã PIN đã đúng.")
        raise TokenProblem(text % {"label": token.label, "error": type(error).__name__}) from error
    with session:
        signer = PKCS11Signer(session, cert_label=token.certificate)
        try:
            own = signer.signing_cert
        except Exception as error:  # pyHanko and the driver raise errors of many kinds
            text = _("Thiết bị ký “%(label)s” không có chứng thư “%(name)s”.")
            raise TokenProblem(text % {"label": token.label, "name": token.certificate}) from error
        yield SigningKey(signer, _checked(own, list(signer.cert_registry), now))


def _checked(own: x509.Certificate, chain: list[x509.Certificate], now: datetime) -> Certificate:
    """The certificate, where it may sign documents now."""
    certificate = read_certificate(own, chain)
    if now < certificate.valid_from:
        raise NotYetValid(certificate)
    if now > certificate.valid_to:
        raise Expired(certificate)
    if own.key_usage_value is not None and not SIGNING_USES & own.key_usage_value.native:
        raise WrongUse
    kind = own.public_key.algorithm
    if kind not in {"rsa", "ec"} or (kind == "rsa" and own.public_key.bit_size < RSA_BITS):
        raise WeakKey
    return certificate


def _is_sane(data: bytes) -> bool:
    """Whether this is PKCS#12 that asks for a bounded amount of hashing."""
    try:
        return all(rounds <= ROUNDS_LIMIT for rounds in _rounds(pkcs12.Pfx.load(data, strict=True)))
    except (ValueError, TypeError, KeyError):
        return False


def _rounds(pfx: pkcs12.Pfx) -> Iterator[int]:
    if pfx["mac_data"].native:
        yield pfx["mac_data"]["iterations"].native
    for part in pfx.authenticated_safe:
        if part["content_type"].native == "encrypted_data":
            yield part["content"]["encrypted_content_info"]["content_encryption_algorithm"].kdf_iterations
        elif part["content_type"].native == "data":
            for bag in pkcs12.SafeContents.load(part["content"].native):
                if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                    yield bag["bag_value"]["encryption_algorithm"].kdf_iterations
