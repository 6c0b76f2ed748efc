"""Why a report is not signed, each said to a person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reporting.signatures import SigningError


class NotLatest(SigningError):
    def __init__(self) -> None:
        super().__init__(_("Báo cáo đã có lần chốt mới hơn. Tải lại trang và ký bản mới nhất."))


class NoFile(SigningError):
    def __init__(self) -> None:
        super().__init__(_("Bản chốt mới nhất chưa có tệp PDF để ký. Chờ tệp dựng xong rồi ký."))


class FileDiffers(SigningError):
    """The stored file is not the one that was rendered or signed: it is not signed further."""

    def __init__(self) -> None:
        super().__init__(
            _("Tệp trên máy chủ khác tệp đã lưu dấu SHA-256 nên không ký. Báo quản trị kiểm tra.")
        )


class AlreadySigned(SigningError):
    def __init__(self) -> None:
        super().__init__(_("Văn bản đã có chữ ký này."))


class PersonFirst(SigningError):
    """Decree 30/2020/NĐ-CP, article 33: the agency signs only what the person has signed."""

    def __init__(self) -> None:
        super().__init__(_("Người có thẩm quyền phải ký trước, cơ quan ký sau."))


class TrialRefused(SigningError):
    def __init__(self) -> None:
        super().__init__(_("Đây là chứng thư thử nghiệm, không có giá trị pháp lý: cổng này không nhận."))


class OtherName(SigningError):
    """The certificate is somebody else's than the document names."""

    def __init__(self, certificate: str, document: str) -> None:
        text = _("Chứng thư của “%(certificate)s”, văn bản ghi người ký “%(document)s”.")
        super().__init__(text % {"certificate": certificate, "document": document})


class NobodyNamed(SigningError):
    """The document names no signer, so nothing says whose certificate is meant."""

    def __init__(self, certificate: str) -> None:
        text = _("Văn bản chưa ghi họ tên người ký; chứng thư là của “%(certificate)s”.")
        super().__init__(text % {"certificate": certificate})


class NoAgencyKey(SigningError):
    def __init__(self, agency: str) -> None:
        text = _("Chưa có khoá của “%(agency)s” trên máy chủ. Quản trị khai báo ở SIGNING_AGENCIES.")
        super().__init__(text % {"agency": agency})


class NotStored(SigningError):
    def __init__(self) -> None:
        super().__init__(
            _("Không ghi được tệp đã ký (đĩa đầy?). Chưa có gì thay đổi; báo quản trị rồi ký lại.")
        )


class NoFont(SigningError):
    def __init__(self) -> None:
        super().__init__(
            _("Máy chủ thiếu phông chữ Tinos nên chưa vẽ được chữ ký. Báo quản trị cài fonts-croscore.")
        )
