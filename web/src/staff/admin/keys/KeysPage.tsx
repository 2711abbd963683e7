import { Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { KeyShape } from "../../../api/schema";
import { serverTime } from "../../../api/serverTime";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { Asked, More, usePages } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Secret } from "../common/Secret";
import { Wide } from "../common/Wide";
import { NewKey } from "./NewKey";
import { NewSigningKey } from "./NewSigningKey";
import { SigningKeys } from "./SigningKeys";
import { words } from "./words";

/** The keys of machines, and those by which the marketplace signs. */
export default function KeysPage() {
  const said = useWords(words);
  const [made, setMade] = useState<KeyShape | null>(null);
  const query = usePages(["admin", "keys"], (cursor) =>
    answer(api.GET("/v1/admin/keys", { params: { query: cursor ? { cursor } : {} } })),
  );
  return (
    <Frame title={said.title} about={said.about} actions={<NewKey onMade={setMade} />}>
      {made?.token && <Secret title={said.shown(made.name)} value={made.token} />}
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={said.none} hint={said.noneWhy} />
          ) : (
            <Wide
              label={said.title}
              head={[said.name, said.scopes, said.made, said.used, said.state, ""]}
            >
              {items.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {said.signing}
          </Title>
          <NewSigningKey />
        </Group>
        <Text c="dimmed">{said.signingAbout}</Text>
        <SigningKeys />
      </Stack>
    </Frame>
  );
}

function Row({ one }: { one: KeyShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const expired = one.expires_at ? new Date(one.expires_at) < serverTime() : false;
  const state = one.revoked_at ? said.revoked : expired ? said.expired : said.valid;
  const revoke = async () => {
    await answer(
      api.POST("/v1/admin/keys/{key}/revocation", { params: { path: { key: one.id } } }),
    );
    await queries.invalidateQueries({ queryKey: ["admin", "keys"] });
  };
  return (
    <Table.Tr>
      <Table.Td>
        {one.name}
        <Text size="xs" c="dimmed">
          {one.id}
        </Text>
      </Table.Td>
      <Table.Td maw={360}>{one.scopes.join(", ")}</Table.Td>
      <Table.Td>{exactly(one.created_at, language)}</Table.Td>
      <Table.Td>{one.used_at ? exactly(one.used_at, language) : said.never}</Table.Td>
      <Table.Td>
        <Badge variant="default">{state}</Badge>
        {one.expires_at && !one.revoked_at && (
          <Text size="xs">{`${said.expires} ${exactly(one.expires_at, language)}`}</Text>
        )}
      </Table.Td>
      <Table.Td>
        {!one.revoked_at && (
          <Confirm
            label={said.revoke}
            consequence={said.revokeWhat(one.name)}
            act={revoke}
            color="red"
            variant="light"
            size="compact-sm"
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
