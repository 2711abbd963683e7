import type { Case } from "../case/openCase";
import type { CaseFile } from "../case/useCase";

/** What one has to know beside the conversation. */
export function ContextPane({ file, about }: { file: CaseFile; about: Case }) {
  return <p>{file.conversation.id + about.number}</p>;
}
