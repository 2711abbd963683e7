import { Alert } from "@mantine/core";
import { Problem } from "../../api/problems";
import { useLanguage } from "../../shared/words";
import { problemWords } from "./problemWords";

/** Why something was not done, beside where it was asked for. What is no `Problem` is a bug. */
export function ProblemNote({ error }: { error: unknown }) {
  const { language } = useLanguage();
  if (!(error instanceof Problem)) throw error;
  return (
    <Alert color="red" variant="light" role="alert" p="xs">
      {problemWords(error, language)}
    </Alert>
  );
}
