// What merchants, creators and carriers are called: asked once for all that a page shows, and kept.
import { answer, api } from "../../api/client";

const MOST = 100;

let wanted = new Set<string>();
let asking: Promise<ReadonlyMap<string, string>> | null = null;

/** Their name in public; "" where they have none. Whoever asks in the same moment, asks together. */
export async function publicName(party: string): Promise<string> {
  wanted.add(party);
  asking ??= new Promise<void>((next) => setTimeout(next)).then(() => {
    const parties = [...wanted];
    wanted = new Set();
    asking = null;
    return named(parties);
  });
  return (await asking).get(party) ?? "";
}

async function named(parties: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const pages = [];
  for (let at = 0; at < parties.length; at += MOST) {
    pages.push(
      answer(api.POST("/v1/desk/names", { body: { parties: parties.slice(at, at + MOST) } })),
    );
  }
  const found = (await Promise.all(pages)).flatMap(({ items }) => items);
  return new Map(found.map((one) => [one.party, one.name]));
}
