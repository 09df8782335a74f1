"""A key that never leaves its module: SoftHSM, a hardware module made of software."""

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.signing.desk import SigningDesk
from adapters.signing.hardware import HardwareDesk, HardwareKey, Token
from adapters.signing.keys import key_name
from adapters.signing.pades import KeySigner
from domain.mutation.decree_record import ask_for
from domain.signing import SigningAway, Unsignable
from lab.sample_decrees import AUTHORITY, SIGNED_AT
from tests.adapters.signing.kit import Signature, check, pdfsig, run, wrong

pytestmark = pytest.mark.needs("softhsm2-util", "pdfsig", "certutil")
PIN, TOKEN = "739211", "siaga-test"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where SoftHSM's tokens lie."""
    folder = tmp_path_factory.mktemp("softhsm") / "tokens"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def library(tokens: Path) -> Iterator[str]:
    """SoftHSM's library, which reads where its tokens lie once a process, with one token on it."""
    home = tokens.parent
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(home / "softhsm2.conf"))
        run("softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN)
        yield str(next(Path("/usr/lib").rglob("libsofthsm2.so")))


def put(home: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, label: str, number: str) -> None:
    """Put a key on the token; in a real module it would be made there."""
    file = home / f"{label}.key"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    words = ["--token", TOKEN, "--label", label, "--id", number, "--pin", PIN]
    run("softhsm2-util", "--import", str(file), *words)
    file.unlink()


@pytest.fixture(scope="module")
def keys(library: str, desk: SigningDesk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, HardwareKey]:
    home = tmp_path_factory.mktemp("keys")
    made = {
        "ec": ec.generate_private_key(ec.SECP256R1()),
        "rsa": rsa.generate_private_key(65537, 2048),
    }
    found = {}
    for number, (label, key) in enumerate(made.items(), start=1):
        put(home, key, label, f"0{number}")
        certificate = desk.authority.certify(AUTHORITY, key.public_key(), SIGNED_AT)
        loaded = x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        found[label] = HardwareKey(Token(library=library, token=TOKEN, key=label, pin=PIN), loaded)
    return found


@pytest.mark.parametrize("kind", ["ec", "rsa"])
async def test_a_module_signs_a_decree(
    signature: Signature, desk: SigningDesk, keys: dict[str, HardwareKey], kind: str, tmp_path: Path
) -> None:
    signer = KeySigner(keys[kind], desk.authority.trust(), desk.stamps_at)
    signed = await signer.sign(signature.rendered, ask_for(signature.decree))
    assert wrong(await check(signed.pdf, desk.authority.trust())) == {}
    said = pdfsig(signed.pdf, desk.authority.root, tmp_path)
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said


async def test_many_may_ask_one_module_at_once(
    signature: Signature, desk: SigningDesk, keys: dict[str, HardwareKey]
) -> None:
    signer = KeySigner(keys["ec"], desk.authority.trust(), desk.stamps_at)
    asks = [signer.sign(signature.rendered, ask_for(signature.decree)) for _ in range(4)]
    assert len({one.sha256 for one in await asyncio.gather(*asks)}) == 4


def other(like: HardwareKey, **changes: str) -> HardwareKey:
    return HardwareKey(dataclasses.replace(like._token, **changes), like.certificate)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"token": "elsewhere"}, SigningAway, "key 'ec' of token 'elsewhere': No token matching"),
        ({"key": "nobody"}, SigningAway, "key 'nobody' of token 'siaga-test': Could not find private key"),
        ({"library": "/nowhere.so"}, SigningAway, "key 'ec' of token 'siaga-test': .*nowhere.so"),
        ({"pin": "000000"}, Unsignable, "the PIN is wrong"),
    ],
    ids=["no token", "no key", "no library", "a wrong PIN"],
)
def test_what_a_module_does_not_do_is_said(
    keys: dict[str, HardwareKey], changes: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        other(keys["ec"], **changes).sign(b"attributes")


def test_a_token_that_is_pulled_out_signs_again_once_it_is_back(
    library: str, keys: dict[str, HardwareKey], tokens: Path
) -> None:
    key, away = keys["ec"], tokens.with_name("away")
    assert key.sign(b"attributes")
    tokens.rename(away)
    try:
        for _ in range(2):
            with pytest.raises(SigningAway, match="of token 'siaga-test'"):
                key.sign(b"attributes")
    finally:
        away.rename(tokens)
    assert key.sign(b"attributes")


def test_the_pin_is_shown_nowhere(keys: dict[str, HardwareKey]) -> None:
    assert PIN not in repr(keys["ec"]._token)


async def test_a_certificate_of_another_key_is_refused(
    signature: Signature, desk: SigningDesk, keys: dict[str, HardwareKey]
) -> None:
    mixed = HardwareKey(keys["ec"]._token, desk.key(AUTHORITY).certificate)
    signer = KeySigner(mixed, desk.authority.trust(), desk.stamps_at)
    with pytest.raises(Unsignable, match="does not fit the paper and the certificate"):
        await signer.sign(signature.rendered, ask_for(signature.decree))


async def test_a_desk_of_a_module_finds_the_key_and_the_certificate_of_an_office_by_its_name(
    library: str, signature: Signature, desk: SigningDesk, tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    put(tmp_path, key, key_name(AUTHORITY), "07")
    certificate = desk.authority.certify(AUTHORITY, key.public_key(), SIGNED_AT)
    (tmp_path / f"{key_name(AUTHORITY)}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    token = Token(library=library, token=TOKEN, pin=PIN)
    module = HardwareDesk(token, tmp_path, desk.authority.trust, desk.stamps_at)
    signed = await module.signer(AUTHORITY).sign(signature.rendered, ask_for(signature.decree))
    assert wrong(await check(signed.pdf, desk.authority.trust())) == {}
    with pytest.raises(Unsignable, match=r"no certificate of 'Sekda': .*sekda\.pem: No such file"):
        module.signer("Sekda")
