import { useEffect, useState } from "react";
import { listen } from "../../api/live";
import type {
  AgentGone,
  QueueGone,
  WallAgentShape,
  WallDeskShape,
  WallQueueShape,
  WallShape,
} from "../../api/schema";
import { lasting } from "../../shared/format";
import type { Language } from "../../shared/words";
import { useSession } from "../session/session";

/** `ended`: it is told no more, as this person may not see it any more or is logged out. */
export type Wall = { shown: WallShape | null; connected: boolean; ended: boolean };

/** A desk at one glance, kept up to date for as long as somebody looks. */
export function useWall(desk: string, minutes: number): Wall {
  const [shown, setShown] = useState<WallShape | null>(null);
  const [connected, setConnected] = useState(false);
  const [ended, setEnded] = useState(false);
  // A session that was begun anew listens anew.
  const begun = useSession().csrf_token;
  useEffect(() => {
    if (!begun) return;
    setShown(null);
    setEnded(false);
    const asked = new URLSearchParams({ desk, minutes: String(minutes) });
    return listen(`/v1/desk/wall/updates?${asked}`, {
      onEvent: ({ event, data }) => {
        if (event === "ended") setEnded(true);
        else setShown((before) => after(before, event, data));
      },
      onConnected: setConnected,
    });
  }, [desk, minutes, begun]);
  return { shown, connected, ended };
}

/** The wall after an event. What comes before the first snapshot changes nothing. */
function after(before: WallShape | null, event: string, data: string): WallShape | null {
  const told = JSON.parse(data) as unknown;
  if (event === "snapshot") return told as WallShape;
  if (before === null) return null;
  switch (event) {
    case "desk":
      return { ...before, desk: told as WallDeskShape };
    case "queue": {
      const queue = told as WallQueueShape;
      const others = before.queues.filter((one) => one.skill !== queue.skill);
      const queues = [...others, queue].sort((a, b) => a.skill.localeCompare(b.skill));
      return { ...before, queues };
    }
    case "queue_gone": {
      const { skill } = told as QueueGone;
      return { ...before, queues: before.queues.filter((one) => one.skill !== skill) };
    }
    case "agent": {
      const agent = told as WallAgentShape;
      const known = before.agents.some((one) => one.id === agent.id);
      const agents = known
        ? before.agents.map((one) => (one.id === agent.id ? agent : one))
        : [...before.agents, agent];
      return { ...before, agents };
    }
    case "agent_gone": {
      const { id } = told as AgentGone;
      return { ...before, agents: before.agents.filter((one) => one.id !== id) };
    }
    default:
      return before;
  }
}

/** What an agent is called; one without a name by the beginning of the id. */
export function nameOf(agent: { id: string; name: string }): string {
  return agent.name || agent.id.slice(0, 8);
}

/** The agent's name, as far as the desk has them. */
export function whose(agent: string | null | undefined, agents: readonly WallAgentShape[]): string {
  const found = agents.find((one) => one.id === agent);
  return found ? nameOf(found) : (agent ?? "").slice(0, 8);
}

/** How long it has been since then: "2 h 31 min". */
export function waited(since: string, now: number, language: Language): string {
  return lasting(Math.max(now - Date.parse(since), 0) / 1_000, language);
}
