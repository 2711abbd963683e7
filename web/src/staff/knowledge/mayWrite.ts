import type { Article } from "../../api/schema";
import type { Session } from "../session/session";

/** Whether this person may write for whomever they like: an admin, or a supervisor of the platform. */
export function writesForAll(session: Session): boolean {
  return session.role === "admin" || session.supervised.includes("platform");
}

/** Whether this person may write the article: all desks that it is for are theirs to answer for. */
export function mayWrite(session: Session, article: Article): boolean {
  if (writesForAll(session)) return true;
  const desks = article.desks ?? [];
  return desks.length > 0 && desks.every((desk) => session.supervised.includes(desk));
}
