// Notices that offer something for some seconds.
import { type NotificationData, notifications } from "@mantine/notifications";

const OFFERED_MS = 10_000;

type Offer = NotificationData & { id: string };

const offered = new Map<string, Offer>();
let held = false;

/** Shows it for ten seconds, of which none pass while it could not be taken up. */
export function offer(made: Offer): void {
  const one = { ...made, onClose: () => offered.delete(made.id) };
  offered.set(made.id, one);
  notifications.show({ ...one, autoClose: held ? false : OFFERED_MS });
}

/** Whether the session is over: what is offered waits for the next one, and then has its time. */
export function holdOffers(over: boolean): void {
  held = over;
  for (const one of offered.values()) {
    notifications.update({ ...one, autoClose: held ? false : OFFERED_MS });
  }
}
