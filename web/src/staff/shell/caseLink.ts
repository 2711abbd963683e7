/** Where a case is worked on. */
export function caseLink(one: { consumer: string; conversation: string; case: number }): string {
  return `/desk/c/${one.consumer}/${one.conversation}#${one.case}`;
}
