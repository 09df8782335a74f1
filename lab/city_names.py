"""Names for the example city, put together from syllables: a likeness to anyone is chance."""

from __future__ import annotations

from random import Random


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ONSETS = _syllables("Yo Mar Ad Re El Fe Ju De No Ro Vi Be Al Os Ti Wi Se Ga")
_MALE_ENDS = _syllables("nus rivan dy rto vin kson ldi bertus sten nardo ries manus fridus lian")
_FEMALE_ENDS = _syllables("lin sia rni tha vina resa ndri melia nata yanti delis rosa lestri")
_CLAN_HEADS = _syllables("Ta Ne Bo Ma Lo Fa Na Ke Sa Oe Li Ba Mo Ha Tu Ki")
_CLAN_HEARTS = _syllables("nu lu fe ni ki la bu so te ra mo hi")
_CLAN_TAILS = _syllables("bin lek tan fin boru mauk sain loe kun nesi balo tis")


def invented(rng: Random, *, female: bool) -> str:
    """A given name, now and then an initial, and a clan name."""
    given = rng.choice(_ONSETS) + rng.choice(_FEMALE_ENDS if female else _MALE_ENDS)
    middle = f" {rng.choice('ABDEFHJKLMNRSTY')}." if rng.random() < 0.4 else ""
    clan = rng.choice(_CLAN_HEADS) + rng.choice(_CLAN_HEARTS) + rng.choice(_CLAN_TAILS)
    return f"{given}{middle} {clan}"
