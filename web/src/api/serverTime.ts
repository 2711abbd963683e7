// What time it is at the service: it says so with each answer. The clock of whoever looks may be off.
let ahead = 0;

/** Heed what an answer says of the time; to the second, which is near enough. */
export function heed(response: Response): void {
  const said = Date.parse(response.headers.get("Date") ?? "");
  if (!Number.isNaN(said)) ahead = said - Date.now();
}

/** The present of the service, for what is sent to it; its second, so never ahead of it. */
export function serverTime(): Date {
  return new Date(Date.now() + ahead);
}
