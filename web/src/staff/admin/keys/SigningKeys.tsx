import { Badge, Table, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { SigningKeyShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked, More, usePages } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Wide } from "../common/Wide";
import { words } from "./words";

const KEY = ["admin", "signing-keys"] as const;

/** The keys by which the marketplace signs who a consumer is. */
export function SigningKeys() {
  const said = useWords(words);
  const query = usePages(KEY, (cursor) =>
    answer(api.GET("/v1/admin/signing-keys", { params: { query: cursor ? { cursor } : {} } })),
  );
  return (
    <>
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Text>{said.noSigning}</Text>
          ) : (
            <Wide
              label={said.signing}
              head={[said.name, said.issuer, said.fingerprint, said.made, said.state, ""]}
            >
              {items.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
    </>
  );
}

function Row({ one }: { one: SigningKeyShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const revoke = async () => {
    await answer(
      api.POST("/v1/admin/signing-keys/{key}/revocation", { params: { path: { key: one.id } } }),
    );
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Table.Tr>
      <Table.Td>{one.id}</Table.Td>
      <Table.Td>{one.issuer}</Table.Td>
      <Table.Td>
        {one.algorithm}
        <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }} maw={280}>
          {one.fingerprint || said.noFingerprint}
        </Text>
      </Table.Td>
      <Table.Td>{exactly(one.created_at, language)}</Table.Td>
      <Table.Td>
        <Badge variant="default">{one.revoked_at ? said.retired : said.valid}</Badge>
      </Table.Td>
      <Table.Td>
        {!one.revoked_at && (
          <Confirm
            label={said.retire}
            consequence={said.retireWhat(one.id)}
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
