"""`bench decree`: a decree set and signed, beside another typesetter and the least signature there is.

Each round sets another decree, since typst remembers what it has set. "WeasyPrint" sets the same strings: head, preamble,
dictums and, for 500 people, the list on landscape pages with a repeated head; its fonts are the machine's. "Signed" is
all that a registry does: B-LTA with our own time stamps over HTTP, and the check of the whole file at its end. "Bare"
is one signature over the same file with neither stamps nor certificates kept (B-B), by the same library and key.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from adapters.documents import decree_paper
from adapters.documents.mutation_papers import MutationPapers
from adapters.signing.certificates import Holder
from adapters.signing.desk import SigningDesk
from adapters.signing.verifier import Verifier
from domain.mutation.decree import Decree
from lab.bench_decree_html import html_of
from lab.machine import install_command
from lab.sample_decrees import AUTHORITY, SIGNED_AT, sample_decree
from lab.signing import sample_desk, sign_decree

ROUNDS = 5
SIZES = (1, 500)
FASTER = 3.0
"""How many times as long the other typesetter takes for the list of 500, at least."""
AT_MOST = 15.0
"""How many bare signatures a signed decree may take."""
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

Milliseconds = dict[str, float]


@dataclass(frozen=True)
class Bench:
    """What is timed."""

    desk: SigningDesk
    weasy: Callable[[str], bytes] | None

    async def once(self, decree: Decree) -> Milliseconds:
        """Set, sign and check one decree; in milliseconds by what was timed."""
        spent: Milliseconds = {}
        began = time.perf_counter()
        paper = MutationPapers().decree(decree)
        spent["typst"] = _since(began)
        if self.weasy:
            page = html_of(decree_paper.whole(decree))
            began = time.perf_counter()
            self.weasy(page)
            spent["weasyprint"] = _since(began)
        began = time.perf_counter()
        await bare(paper, self.desk.authority.signer(AUTHORITY, SIGNED_AT))
        spent["bare"] = _since(began)
        began = time.perf_counter()
        signed, _ = await sign_decree(self.desk, decree, paper)
        spent["signed"] = _since(began)
        began = time.perf_counter()
        read = await Verifier(self.desk.authority.trust()).check(signed.pdf, SIGNED_AT + timedelta(days=1))
        spent["checked"] = _since(began)
        assert all(one.holds for one in read.checks), read.checks
        return spent


async def bare(pdf: bytes, holder: Holder) -> bytes:
    """Sign without stamps: the least that is a signature in a PDF."""
    der = holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate = x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))
    signer = SimpleSigner(certificate, keys.PrivateKeyInfo.load(der), SimpleCertificateStore())
    asked = PdfSignatureMetadata(field_name="TTE1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    signed = await PdfSigner(asked, signer).async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(signed.getvalue())


def weasyprint() -> Callable[[str], bytes] | str:
    """Return the other typesetter, or why it is not here."""
    try:
        import weasyprint as weasy  # noqa: PLC0415 - it looks for the machine's libraries when it is loaded
    except ImportError:
        return "WeasyPrint is not installed; ./siaga test installs what benches need"
    except OSError:
        return f"WeasyPrint finds no Pango; as root: {install_command(PANGO)}"

    def set_(page: str) -> bytes:
        made: Any = weasy.HTML(string=page).write_pdf()
        return bytes(made)

    return set_


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


async def _measure(
    rounds: int, sizes: Sequence[int], weasy: Callable[[str], bytes] | None
) -> dict[int, Milliseconds]:
    told: dict[int, Milliseconds] = {}
    with tempfile.TemporaryDirectory(prefix="siaga-bench-") as home:
        async with sample_desk(Path(home) / "signing") as desk:
            bench = Bench(desk, weasy)
            await bench.once(sample_decree())  # fonts, certificates and caches come with the first
            for people in sizes:
                times: dict[str, list[float]] = defaultdict(list)
                for seed in range(1, rounds + 1):
                    for what, spent in (await bench.once(sample_decree(people, seed=seed))).items():
                        times[what].append(spent)
                told[people] = {what: median(spent) for what, spent in times.items()}
    return told


def main(rounds: int = ROUNDS, sizes: Sequence[int] = SIZES) -> int:
    """Print the table; 1 if a goal is missed."""
    for noisy in ("pyhanko", "pyhanko_certvalidator", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    weasy = weasyprint()
    told = asyncio.run(_measure(rounds, sizes, None if isinstance(weasy, str) else weasy))
    print(f"milliseconds a decree, medians of {rounds} rounds, one process")
    print("  people    set  weasyprint    bare  signed  checked")
    for people, at in told.items():
        other = f"{at['weasyprint']:10.0f}" if "weasyprint" in at else f"{'-':>10}"
        print(
            f"  {people:6}  {at['typst']:5.0f}  {other}  {at['bare']:6.0f}  {at['signed']:6.0f}"
            f"  {at['checked']:7.0f}"
        )
    return verdict(told, weasy if isinstance(weasy, str) else None)


def verdict(told: dict[int, Milliseconds], absent: str | None = None) -> int:
    """Print the ratios, and return 1 if a goal is missed."""
    missed = False
    for people, at in told.items():
        dear = at["signed"] / at["bare"]
        missed |= dear > AT_MOST
        print(f"  {people} people: signed / bare {dear:.1f}, at most {AT_MOST:.0f} wanted")
        if not absent:
            faster = at["weasyprint"] / at["typst"]
            wanted = f", at least {FASTER:.0f} wanted" if people == max(told) else ""
            missed |= bool(wanted) and faster < FASTER
            print(f"  {people} people: weasyprint / typst {faster:.1f}{wanted}")
    if absent:
        print(f"  not compared: {absent}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
