import type { ButtonHTMLAttributes } from "react";
import { Link } from "wouter";

type Kind = "main" | "plain" | "quiet";

/** A button; `main` is the one best thing to do here. While `busy` it takes no further tap. */
export function Button({
  kind = "plain",
  busy = false,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; busy?: boolean }) {
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      {...rest}
      disabled={busy || rest.disabled}
      aria-busy={busy}
    />
  );
}

/** What looks like a button and leads somewhere. */
export function ButtonLink({
  kind = "plain",
  to,
  children,
}: {
  kind?: Kind;
  to: string;
  children: React.ReactNode;
}) {
  return (
    <Link href={to} className={`button button-${kind}`}>
      {children}
    </Link>
  );
}
