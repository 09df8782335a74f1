"""The local authority: made once, whole, and for its owner's eyes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.signing.authority import LocalAuthority
from adapters.signing.trust import read_certificates, read_crls
from domain.signing import Unsignable
from lab.sample_decrees import SIGNED_AT
from tests.adapters.signing.kit import run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "data" / "signing"


def test_every_key_is_for_its_owner_alone(home: Path) -> None:
    LocalAuthority.open(home, SIGNED_AT).signer("Wali Kota Kupang", SIGNED_AT)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in home.glob("*.key")}
    assert modes == dict.fromkeys(
        ("root.key", "intermediate.key", "stamps.key", "signer-wali-kota-kupang.key"), 0o600
    )
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_it_says_that_it_is_not_for_production(home: Path) -> None:
    LocalAuthority.open(home, SIGNED_AT)
    assert "NOT FOR PRODUCTION" in (home / "NOT-FOR-PRODUCTION.txt").read_text()
    for name in ("root", "intermediate", "stamps"):
        (certificate,) = read_certificates(home / f"{name}.crt")
        assert "NOT FOR PRODUCTION" in certificate.subject.human_friendly


def test_it_is_made_once_however_many_come_at_once(home: Path) -> None:
    def come(_: int) -> tuple[bytes, int]:
        authority = LocalAuthority.open(home, SIGNED_AT)
        return authority.root.read_bytes(), authority.signer("Sekda", SIGNED_AT).certificate.serial_number

    with ThreadPoolExecutor(8) as many:
        assert len(set(many.map(come, range(8)))) == 1


def test_one_that_was_left_half_made_is_made_anew(home: Path) -> None:
    half = home.with_name("signing.half")
    half.mkdir(parents=True)
    (half / "root.key").write_text("half")
    assert LocalAuthority.open(home, SIGNED_AT).trust().roots
    assert not half.exists()


@pytest.mark.needs("openssl")
def test_openssl_follows_the_chain_and_its_revocation_lists(home: Path, tmp_path: Path) -> None:
    authority = LocalAuthority.open(home, SIGNED_AT)
    certificate = authority.signer("Sekda", SIGNED_AT).certificate
    at = str(int(SIGNED_AT.timestamp()))
    words = ["openssl", "verify", "-attime", at, "-crl_check_all", "-CAfile", str(authority.root)]
    words += ["-CRLfile", str(home / "root.crl"), "-CRLfile", str(home / "intermediate.crl")]
    words += ["-untrusted", str(home / "intermediate.crt"), str(home / "signer-sekda.crt")]
    assert run(*words).endswith("OK\n")
    authority.revoke(certificate, SIGNED_AT, SIGNED_AT)
    with pytest.raises(AssertionError, match="certificate revoked"):
        run(*words)


def test_a_second_revocation_keeps_the_first(home: Path) -> None:
    authority = LocalAuthority.open(home, SIGNED_AT)
    offices = [authority.signer(name, SIGNED_AT).certificate for name in ("Sekda", "Wali Kota")]
    for certificate in offices:
        authority.revoke(certificate, SIGNED_AT, SIGNED_AT)
    (crl,) = read_crls(home / "intermediate.crl")
    revoked = {one["user_certificate"].native for one in crl["tbs_cert_list"]["revoked_certificates"]}
    assert revoked == {certificate.serial_number for certificate in offices}


@pytest.mark.parametrize(
    "text", [b"", b"root", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_named(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "roots.pem"
    file.write_bytes(text)
    with pytest.raises(Unsignable, match=r"roots\.pem: no certificate in it; expected PEM"):
        read_certificates(file)


@pytest.mark.parametrize("office", ["", " ", "/", ".."])
def test_an_office_needs_a_name(home: Path, office: str) -> None:
    with pytest.raises(Unsignable, match="an office that signs needs a name"):
        LocalAuthority.open(home, SIGNED_AT).signer(office, SIGNED_AT)


def test_an_office_is_certified_anew_once_its_certificate_has_run_out(home: Path) -> None:
    authority = LocalAuthority.open(home, SIGNED_AT)
    first = authority.signer("Wali Kota", SIGNED_AT).certificate
    assert authority.signer("Wali Kota", SIGNED_AT + timedelta(days=3 * 365)).certificate == first
    later = SIGNED_AT + timedelta(days=3 * 366)
    second = authority.signer("Wali Kota", later).certificate
    assert second.serial_number != first.serial_number
    assert second.not_valid_before_utc <= later < second.not_valid_after_utc
    assert authority.signer("Wali Kota", later).certificate == second
