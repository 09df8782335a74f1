"""Time stamps, judged by openssl: another implementation of RFC 3161, which asks and verifies."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from asn1crypto import tsp

from adapters.signing.certificates import new_intermediate, new_root, new_stamper
from adapters.signing.desk import SigningDesk
from adapters.signing.stamping import Stamper
from lab.sample_decrees import SIGNED_AT
from tests.adapters.signing.kit import run

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


def asked(home: Path, *options: str) -> bytes:
    (home / "paper").write_bytes(b"MEMUTUSKAN")
    run("openssl", "ts", "-query", "-data", str(home / "paper"), "-out", str(home / "query"), *options)
    return (home / "query").read_bytes()


async def ask(desk: SigningDesk, query: bytes, kind: str = QUERY) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(desk.stamps_at, content=query, headers={"content-type": kind})


def stamper(at: datetime = SIGNED_AT) -> Stamper:
    return Stamper(new_stamper(new_intermediate(new_root(at), at), at), lambda: at)


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("digest", ["-sha256", "-sha384", "-sha512"])
async def test_openssl_verifies_a_stamp(desk: SigningDesk, tmp_path: Path, digest: str) -> None:
    answer = await ask(desk, asked(tmp_path, digest, "-cert"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, REPLY)
    (tmp_path / "reply").write_bytes(answer.content)
    home = desk.authority.root.parent
    words = ["-in", str(tmp_path / "reply"), "-CAfile", str(desk.authority.root)]
    words += ["-untrusted", str(home / "intermediate.crt")]
    assert "Verification: OK" in run(
        "openssl", "ts", "-verify", "-queryfile", str(tmp_path / "query"), *words
    )
    # Of another paper it is no stamp.
    (tmp_path / "other").write_bytes(b"MEMUTUSKAN.")
    with pytest.raises(AssertionError, match="message imprint mismatch"):
        run("openssl", "ts", "-verify", "-data", str(tmp_path / "other"), *words)


@pytest.mark.needs("openssl")
def test_a_stamp_says_the_time_of_its_clock_and_the_nonce_that_was_asked(tmp_path: Path) -> None:
    at = datetime(2031, 5, 4, 3, 2, 1, 999, tzinfo=UTC)
    query = asked(tmp_path, "-sha256")
    token = tsp.TimeStampResp.load(stamper(at).answer(query))["time_stamp_token"]["content"]
    said = token["encap_content_info"]["content"].parsed
    assert said["gen_time"].native == at.replace(microsecond=0)
    assert said["nonce"].native == tsp.TimeStampReq.load(query)["nonce"].native
    assert not token["certificates"]  # they were not asked for


def test_no_two_stamps_have_one_number() -> None:
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint("sha256", 32)}).dump()
    desk = stamper()
    numbers = {
        tsp.TimeStampResp.load(desk.answer(request))["time_stamp_token"]["content"]["encap_content_info"][
            "content"
        ]
        .parsed["serial_number"]
        .native
        for _ in range(20)
    }
    assert len(numbers) == 20


def imprint(algorithm: str, length: int) -> dict[str, object]:
    return {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": b"x" * length}


@pytest.mark.needs("openssl")
@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (b"", "the data submitted has the wrong format"),
        (b"give me a stamp", "the data submitted has the wrong format"),
        (
            tsp.TimeStampReq({"version": 1, "message_imprint": imprint("sha1", 20)}).dump(),
            "unrecognized or unsupported algorithm identifier",
        ),
        (
            tsp.TimeStampReq({"version": 1, "message_imprint": imprint("sha256", 31)}).dump(),
            "the data submitted has the wrong format",
        ),
        (
            tsp.TimeStampReq(
                {"version": 1, "message_imprint": imprint("sha256", 32), "req_policy": "1.2.3.4"}
            ).dump(),
            "the requested TSA policy is not supported by the TSA",
        ),
    ],
    ids=["empty", "words", "a weak hash", "half a hash", "another policy"],
)
def test_what_cannot_be_stamped_is_refused_with_the_reason(
    request_: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "reply").write_bytes(stamper().answer(request_))
    said = run("openssl", "ts", "-reply", "-in", str(tmp_path / "reply"), "-text")
    assert "Status: Rejected." in said
    assert f"Failure info: {reason}" in said


@pytest.mark.parametrize(
    ("kind", "size", "status"),
    [("text/plain", 10, 415), (QUERY, 70_000, 413)],
    ids=["another kind", "too large"],
)
async def test_the_server_answers_only_what_the_standard_has(
    desk: SigningDesk, kind: str, size: int, status: int
) -> None:
    assert (await ask(desk, b"x" * size, kind)).status_code == status
