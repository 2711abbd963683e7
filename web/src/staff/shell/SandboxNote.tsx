import { Text } from "@mantine/core";
import { useWords } from "../../shared/words";
import { useInstallation } from "./installation";
import { words } from "./words";

/** On every page of a sandbox: nothing here is real. */
export function SandboxNote() {
  const said = useWords(words);
  const { data } = useInstallation();
  if (!data?.sandbox) return null;
  return (
    <Text component="aside" className="sandbox" size="sm" ta="center" px="sm" py={2}>
      {said.sandbox}
    </Text>
  );
}
