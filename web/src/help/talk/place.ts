import type { Said } from "../../api/schema";

/** Where somebody talks: what it is about, and from where they came. */
export type Place = Pick<Said, "subject" | "surface"> & { merchant?: string; creator?: string };

/** One name for one place of one consumer: their drafts and unsent messages lie under it. */
export function placeName(consumer: string, { subject, merchant }: Place): string {
  const about = subject.id ?? merchant ?? "";
  return `${consumer}/${subject.kind}/${about}/${subject.part ?? 0}`;
}

/** What a problem is about that begins here, before anybody has looked at it. */
export function issueOf({ subject, surface }: Place): string {
  if (subject.kind === "order") return "order_question";
  return surface === "shop" ? "advice" : "";
}
