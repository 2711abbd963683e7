import { useState } from "react";
import { supervisedHomesOf } from "../../home/desks";
import { OneOf } from "../../home/HomePick";
import { useSession } from "../../session/session";
import WebhooksPages from "./WebhooksPages";
import { Where } from "./where";

/** The endpoints of a merchant's or creator's desk, for whoever supervises it. */
export default function DeskWebhooksPages() {
  const desks = supervisedHomesOf(useSession());
  const [desk = "", setDesk] = useState(desks[0]);
  return (
    <Where value={{ base: "/v1/desk/webhooks", at: "/webhooks", desk }}>
      <WebhooksPages pick={<OneOf desks={desks} desk={desk} look={setDesk} />} />
    </Where>
  );
}
