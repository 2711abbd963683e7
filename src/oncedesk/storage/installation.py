"""What belongs to this installation alone."""

import secrets

from oncedesk.storage.database import Pool


async def secret(pool: Pool) -> bytes:
    """The installation's own secret, made once; it keys the hashes of texts."""
    await pool.execute(
        "INSERT INTO installation (one, secret) VALUES (1, $1) ON CONFLICT DO NOTHING",
        secrets.token_bytes(32),
    )
    found: bytes = await pool.fetchval("SELECT secret FROM installation")
    return found
