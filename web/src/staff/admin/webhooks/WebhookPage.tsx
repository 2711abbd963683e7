import { Anchor, Button, Group, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import type { EndpointCountedShape } from "../../../api/schema";
import { useColon, useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { useDeskNames } from "../../names/useDeskNames";
import { ProblemNote } from "../../shell/ProblemNote";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Do } from "../common/Do";
import { Secret } from "../common/Secret";
import { useUndo } from "../common/undo";
import { AGAIN_MS, Deliveries, STATUSES } from "./Deliveries";
import { State } from "./WebhooksPages";
import { useWhere } from "./where";
import { words } from "./words";

/** One endpoint: how it is going there, what can be done about it, and what went there. */
export function WebhookPage({ webhook }: { webhook: string }) {
  const said = useWords(words);
  const colon = useColon();
  const { base, at } = useWhere();
  const query = useQuery({
    queryKey: ["admin", "webhook", webhook],
    queryFn: () => answer(api.GET(`${base}/{webhook}`, { params: { path: { webhook } } })),
    refetchInterval: AGAIN_MS,
  });
  const deskName = useDeskNames(query.data ? [query.data.desk] : []);
  return (
    <Asked query={query}>
      {(found) => (
        <Frame
          title={found.url}
          about={[deskName(found.desk), found.note].filter(Boolean).join(" · ")}
          actions={
            <Anchor component={Link} href={at}>
              {said.back}
            </Anchor>
          }
        >
          <Group gap="sm">
            <State one={found} />
            {STATUSES.map((one) => (
              <Text key={one}>{`${said[one]}${colon}${counted(found, one)}`}</Text>
            ))}
            {found.disabled_reason && <Text c="dimmed">{found.disabled_reason}</Text>}
          </Group>
          <Actions one={found} />
          <Deliveries
            webhook={webhook}
            failed={counted(found, "failed")}
            waiting={found.disabled_at ? "0" : counted(found, "waiting")}
          />
        </Frame>
      )}
    </Asked>
  );
}

/** Of very many no more than so many are counted. */
function counted(one: EndpointCountedShape, status: (typeof STATUSES)[number]): string {
  return one.at_least.includes(status) ? `${one[status]}+` : `${one[status]}`;
}

function Actions({ one }: { one: EndpointCountedShape }) {
  const said = useWords(words);
  const { base, at } = useWhere();
  const queries = useQueryClient();
  const tell = useUndo();
  const [, go] = useLocation();
  const [reason, setReason] = useState("");
  const [secret, setSecret] = useState("");
  const params = { params: { path: { webhook: one.id } } };
  const again = () => queries.invalidateQueries({ queryKey: ["admin", "webhook", one.id] });
  const enable = () => answer(api.POST(`${base}/{webhook}/enabling`, params));
  const pinging = useMutation({
    mutationFn: () => answer(api.POST(`${base}/{webhook}/test`, params)),
  });
  const disable = async () => {
    await answer(api.POST(`${base}/{webhook}/disabling`, { ...params, body: { reason } }));
    tell(said.disabled, enable);
    await again();
  };
  const rotate = async () => {
    setSecret((await answer(api.POST(`${base}/{webhook}/rotation`, params))).secret);
  };
  const remove = async () => {
    await answer(api.DELETE(`${base}/{webhook}`, params));
    go(at);
    await queries.invalidateQueries({ queryKey: ["admin", "webhooks"] });
  };
  const small = { variant: "default", size: "compact-sm" } as const;
  return (
    <>
      <Group gap="xs">
        <Button {...small} loading={pinging.isPending} onClick={() => pinging.mutate()}>
          {said.ping}
        </Button>
        <Confirm label={said.rotate} consequence={said.rotateWhat} act={rotate} {...small} />
        {one.disabled_at ? (
          <Do
            {...small}
            label={said.enable}
            act={async () => {
              await enable();
              await again();
            }}
          />
        ) : (
          <Confirm
            label={said.disable}
            consequence={said.disableWhat}
            act={disable}
            ready={reason.trim() !== ""}
            {...small}
          >
            <TextInput
              label={said.reason}
              value={reason}
              maxLength={200}
              required
              data-autofocus
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </Confirm>
        )}
        <Confirm
          label={said.remove}
          consequence={said.removeWhat}
          act={remove}
          color="red"
          variant="light"
          size="compact-sm"
        />
      </Group>
      <div aria-live="polite">
        {pinging.error && <ProblemNote error={pinging.error} />}
        {pinging.data && (
          <Text>
            {said.pinged(
              String(pinging.data.code ?? said.noCode),
              pinging.data.answer || (pinging.data.taken ? said.taken : said.failed),
            )}
          </Text>
        )}
      </div>
      {secret && <Secret title={said.secretOf} value={secret} />}
    </>
  );
}
