import { Badge, Group, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { hrefOf } from "../address";
import { DeskBadge } from "../DeskBadge";
import { useCode } from "../useCode";
import type { Case } from "./openCase";
import type { CaseFile } from "./useCase";
import { words } from "./words";

/** Which case this is, who has it, and the others beside it. */
export function CaseHead({ file, about }: { file: CaseFile; about: Case }) {
  const said = useWords(words);
  const { agent } = useSession();
  const code = useCode();
  const { conversation } = file;
  const outside = file.story.some((told) =>
    told.events.some(
      (event) =>
        event.type === "ContactReceived" &&
        event.case === about.number &&
        event.channel === "regulator",
    ),
  );
  return (
    <header className="case-head">
      <Group gap="xs">
        <Title order={1} size="h5">
          {code(about.issue)} #{about.number}
        </Title>
        <Badge size="sm" variant="outline" color="gray" autoContrast className="desk-badge">
          {code(about.status)}
        </Badge>
        {about.owner && <DeskBadge desk={about.owner} named />}
        {(outside || about.issue === "regulator") && (
          <Badge size="sm" color="red" variant="filled" autoContrast title={said.regulator}>
            {code("regulator")}
          </Badge>
        )}
        {about.agent && (
          <Text size="xs" className="quiet">
            {about.agent === agent ? said.yours : said.colleague}
          </Text>
        )}
      </Group>
      {conversation.cases.length > 1 && (
        <Group component="nav" gap={4} aria-label={said.cases}>
          {conversation.cases.map((one) => (
            <Link
              key={one.number}
              className="case-chip"
              aria-current={one.number === about.number ? "true" : undefined}
              href={hrefOf({
                consumer: conversation.consumer,
                conversation: conversation.id,
                case: one.number,
              })}
            >
              #{one.number} {code(one.issue)} · {code(one.status)}
            </Link>
          ))}
        </Group>
      )}
    </header>
  );
}
