/** Whoever wrote it, as short as people tell them apart: "agent 5278e7f0". */
export function writer(by: string): string {
  return by.replace(/^(\w+)\/([0-9a-f]{8})-[0-9a-f-]+$/, "$1 $2");
}
