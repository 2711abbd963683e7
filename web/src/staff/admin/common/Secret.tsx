import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { useWords } from "../../../shared/words";
import { words } from "./words";

/** Over plain HTTP browsers copy nothing for a page; whoever clicks on it has marked all of it. */
const COPIES = "clipboard" in navigator;

/** What is shown this once. */
export function Secret({ title, value }: { title: string; value: string }) {
  const said = useWords(words);
  return (
    <Alert color="yellow" title={title} role="status">
      <Stack gap="xs">
        <Text size="sm">{said.once}</Text>
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap", userSelect: "all" }}>
          {value}
        </Code>
        {COPIES && (
          <Group>
            <CopyButton value={value}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {copied ? said.copied : said.copy}
                </Button>
              )}
            </CopyButton>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
