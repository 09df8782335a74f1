"""One desk for the session, and decrees that were signed at it once: signing is slow beside checking."""

from collections.abc import AsyncIterator

import pytest

from adapters.documents.mutation_papers import MutationPapers
from adapters.signing.desk import SigningDesk
from domain.mutation.decree import Decree
from lab.sample_decrees import sample_decree
from lab.signing import sample_desk, sign_decree
from tests.adapters.signing.kit import Signature


@pytest.fixture(scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SigningDesk]:
    async with sample_desk(tmp_path_factory.mktemp("desk") / "signing") as desk:
        yield desk


@pytest.fixture(scope="session")
async def signature(desk: SigningDesk) -> Signature:
    """A decree of one person, as it was typeset, signed, and recorded."""
    return await sign(desk, sample_decree())


@pytest.fixture(scope="session")
async def long_signature(desk: SigningDesk) -> Signature:
    """A decree of 500 people."""
    return await sign(desk, sample_decree(500))


async def sign(desk: SigningDesk, decree: Decree) -> Signature:
    rendered = MutationPapers().decree(decree)
    signed, record = await sign_decree(desk, decree, rendered)
    return Signature(decree, rendered, signed, record)
