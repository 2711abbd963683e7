import { Anchor, Badge, Group, Table, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { PublicationShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Wide } from "../common/Wide";
import { words } from "./words";

const BEGINNING_YEAR = 2000;

export function usePublications(market: string) {
  return useQuery({
    queryKey: ["admin", "packs", market],
    queryFn: () =>
      answer(api.GET("/v1/admin/markets/{market}/packs", { params: { path: { market } } })),
    // Which one is looked at is not known yet.
    enabled: market !== "",
  });
}

/** What was published for a market, in the order in which it holds. */
export function Publications({ market }: { market: string }) {
  const said = useWords(words);
  const query = usePublications(market);
  return (
    <Asked query={query}>
      {({ items }) => {
        const now = items.findIndex((one) => one.now);
        return (
          <Wide label={said.held} head={[said.version, said.since, said.state, ""]}>
            {items.map((one, index) => (
              <Row
                key={`${one.pack_hash}/${one.valid_from}`}
                market={market}
                one={one}
                inForce={items[now]}
                planned={index > now}
              />
            ))}
          </Wide>
        );
      }}
    </Asked>
  );
}

function Row({
  market,
  one,
  inForce,
  planned,
}: {
  market: string;
  one: PublicationShape;
  inForce: PublicationShape | undefined;
  planned: boolean;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const first = new Date(one.valid_from).getFullYear() <= BEGINNING_YEAR;
  const since = first ? said.fromStart : exactly(one.valid_from, language);
  const state = one.now ? said.now : planned ? said.planned : said.past;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={`/admin/rules/packs/${one.pack_hash}`}>
          {one.version}
        </Anchor>
      </Table.Td>
      <Table.Td>{since}</Table.Td>
      <Table.Td>
        <Badge variant={one.now ? "filled" : "default"}>{state}</Badge>
      </Table.Td>
      <Table.Td>
        <Group gap="sm">
          {inForce && !one.now && (
            <Anchor
              component={Link}
              href={`/admin/rules/compare/${inForce.pack_hash}/${one.pack_hash}`}
            >
              {said.compareNow}
            </Anchor>
          )}
          {planned && <Withdraw market={market} one={one} />}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Withdraw({ market, one }: { market: string; one: PublicationShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const withdraw = async () => {
    await answer(
      api.POST("/v1/admin/markets/{market}/packs/withdrawal", {
        params: { path: { market } },
        body: { pack_hash: one.pack_hash, valid_from: one.valid_from, reason },
      }),
    );
    await queries.invalidateQueries({ queryKey: ["admin", "packs", market] });
  };
  return (
    <Confirm
      label={said.withdraw}
      consequence={said.withdrawWhat(exactly(one.valid_from, language))}
      act={withdraw}
      ready={reason.trim() !== ""}
      variant="default"
      size="compact-sm"
    >
      <TextInput
        label={said.reason}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
        data-autofocus
      />
    </Confirm>
  );
}
