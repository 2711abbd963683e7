import { createContext, useContext } from "react";
import { answer, api, present } from "../../api/client";
import { Problem } from "../../api/problems";
import type { DeskSession } from "../../api/schema";

export type Session = DeskSession;

/** Who is logged in by this browser's cookie; null where nobody is. */
export async function readSession(): Promise<Session | null> {
  try {
    return held(await answer(api.GET("/v1/desk/session")));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Raises `Problem` where the name and password are not those of anybody. */
export async function logIn(name: string, password: string): Promise<Session> {
  return held(await answer(api.POST("/v1/desk/session", { body: { name, password } })));
}

export async function logOut(): Promise<void> {
  await answer(api.DELETE("/v1/desk/session"));
  present({});
}

function held(session: Session): Session {
  present({ csrf: session.csrf_token });
  return session;
}

export const SessionContext = createContext<Session | null>(null);

/** Whoever is logged in; pages are shown to nobody else. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("a page without a session");
  return session;
}
