import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useLanguage, useWords } from "../../shared/words";
import { useInstallation } from "../shell/installation";
import { words } from "./words";

/** In a sandbox everybody is offered somebody to look around as; elsewhere there is nothing. */
export function SandboxLogIns({
  onChosen,
  busy,
}: {
  onChosen: (name: string, password: string) => void;
  busy: boolean;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { data } = useInstallation();
  if (!data?.sandbox) return null;
  return (
    <Stack gap="xs">
      <Text size="sm">{said.sandbox}</Text>
      {data.sandbox.log_ins.map((one) => (
        <Button
          key={one.name}
          variant="default"
          disabled={busy}
          onClick={() => onChosen(one.name, one.password)}
        >
          {one[language]}
        </Button>
      ))}
      <Anchor size="sm" href="/sandbox/help" target="_blank">
        {said.sandboxHelp}
      </Anchor>
    </Stack>
  );
}
