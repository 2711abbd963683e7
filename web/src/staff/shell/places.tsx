import { type ComponentType, lazy } from "react";
import { supervisedHomesOf } from "../home/desks";
import type { Session } from "../session/session";
import type { words } from "./words";

/** A page of the staff's app: where it is, what it is called, and for whom it is. */
export type Place = {
  path: string;
  word: keyof typeof words;
  page: ComponentType;
  isFor: (session: Session) => boolean;
};

const atHome = (session: Session) => session.desks.some((desk) => desk !== "platform");

/** Whoever supervises a desk; an admin answers for all of them. */
const answers = (session: Session) => session.supervised.length > 0 || session.role === "admin";

/** The platform's people and admins look at what was flagged, at whichever desk. */
const reviews = (session: Session) =>
  session.desks.includes("platform") || session.role === "admin";

const deskPage = () => import("../desk/DeskPage");
// Most people begin here: the page comes while it is still asked who they are.
if (/^\/desk\/?($|c\/)/.test(window.location.pathname)) void deskPage();

const PLACES: readonly Place[] = [
  {
    path: "/desk",
    word: "desk",
    page: lazy(deskPage),
    isFor: () => true,
  },
  {
    path: "/views",
    word: "views",
    page: lazy(() => import("../views/ViewsPage")),
    isFor: (session) => session.desks.length > 0,
  },
  {
    path: "/home",
    word: "home",
    page: lazy(() => import("../home/HomePage")),
    isFor: atHome,
  },
  {
    path: "/statement",
    word: "statement",
    page: lazy(() => import("../statement/StatementPage")),
    isFor: atHome,
  },
  {
    path: "/supervisor",
    word: "supervisor",
    page: lazy(() => import("../supervisor/SupervisorPage")),
    isFor: answers,
  },
  {
    path: "/knowledge",
    word: "knowledge",
    page: lazy(() => import("../knowledge/KnowledgePage")),
    isFor: answers,
  },
  {
    path: "/flags",
    word: "flags",
    page: lazy(() => import("../flags/FlagsPage")),
    isFor: reviews,
  },
  {
    path: "/insight",
    word: "insight",
    page: lazy(() => import("../insight/InsightPage")),
    isFor: answers,
  },
  {
    path: "/webhooks",
    word: "webhooks",
    page: lazy(() => import("../admin/webhooks/DeskWebhooksPages")),
    // An admin has all of them in one place.
    isFor: (session) => session.role !== "admin" && supervisedHomesOf(session).length > 0,
  },
  {
    path: "/admin",
    word: "admin",
    page: lazy(() => import("../admin/AdminPage")),
    isFor: (session) => session.role === "admin",
  },
];

/** What this person gets to see, the first being where they begin. */
export function placesOf(session: Session): readonly Place[] {
  return PLACES.filter((place) => place.isFor(session));
}
