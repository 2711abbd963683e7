/** A no of the service (RFC 9457), or that it could not be reached (`unreachable`). */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly field: string,
    readonly detail: string,
    /** Seconds after which to ask again; 0 where nothing was said. */
    readonly retryAfter: number,
  ) {
    super(detail || code);
  }

  /** Whether the same, sent again with the same key, may well succeed. */
  get passes(): boolean {
    if (this.kept) return false;
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** Whether it was taken in, and waits for an operator: it is not to be sent again. */
  get kept(): boolean {
    return this.code === "parked";
  }

  /** Whether what was asked for may have happened all the same: only the answer is missing. */
  get unsure(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** Whether it is a no to what was asked for: asked for once more, that is something new. */
  get refuses(): boolean {
    return !this.passes && !this.lacksSession && !this.kept;
  }

  /** The part of the order (0: all of it) in which what was said is open already, and to be said. */
  get elsewhere(): number | undefined {
    const named = this.code === "case_in_part" && /^\d+$/.test(this.detail);
    return named ? Number(this.detail) : undefined;
  }

  /** Whether it was refused for want of a session: it is over, or another tab has begun one anew. */
  get lacksSession(): boolean {
    return this.status === 401 || this.code === "csrf_failed";
  }
}

export function problemOf(body: unknown, response: Response | undefined): Problem {
  if (response === undefined) return new Problem("unreachable", 0, "", "", 0);
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const word = (name: string) => (typeof said[name] === "string" ? (said[name] as string) : "");
  const after = Number(response.headers.get("Retry-After") ?? 0);
  return new Problem(
    word("code") || `http_${response.status}`,
    response.status,
    word("field"),
    word("detail"),
    Number.isFinite(after) ? after : 0,
  );
}
