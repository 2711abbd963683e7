import {
  Badge,
  Group,
  NativeSelect,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { AgentShape, LoginShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Do } from "../common/Do";
import { useUndo } from "../common/undo";
import { words } from "./words";

const PASSWORD_MIN = 12;

/** How an agent comes in. */
export function LogIns({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["admin", "logins", agent.id],
    queryFn: () => answer(api.GET("/v1/admin/logins", { params: { query: { agent: agent.id } } })),
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.logIn}
      </Title>
      <Asked query={query}>
        {({ items }) =>
          items.length > 0 ? (
            items.map((one) => <One key={one.name} one={one} />)
          ) : (
            <Make agent={agent} />
          )
        }
      </Asked>
    </Stack>
  );
}

function One({ one }: { one: LoginShape }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const tell = useUndo();
  const [password, setPassword] = useState("");
  const params = { params: { path: { name: one.name } } };
  const again = () => queries.invalidateQueries({ queryKey: ["admin", "logins"] });
  const enable = () => answer(api.POST("/v1/admin/logins/{name}/enabling", params));
  const disable = async () => {
    await answer(api.POST("/v1/admin/logins/{name}/disabling", params));
    tell(said.disabled, enable);
    await again();
  };
  const reset = async () => {
    await answer(api.PUT("/v1/admin/logins/{name}/password", { ...params, body: { password } }));
    setPassword("");
  };
  return (
    <Group>
      <Text fw={600}>{one.name}</Text>
      <Badge variant="default">{one.role === "admin" ? said.admin : said.agent}</Badge>
      {one.disabled_at ? (
        <>
          <Badge color="red" variant="outline">
            {said.disabledMark}
          </Badge>
          <Do
            variant="default"
            size="compact-sm"
            label={said.enable}
            act={async () => {
              await enable();
              await again();
            }}
          />
        </>
      ) : (
        <Confirm
          label={said.disable}
          title={said.disable}
          consequence={said.disableWhat(one.name)}
          act={disable}
          variant="default"
          size="compact-sm"
        />
      )}
      <Confirm
        label={said.reset}
        title={said.reset}
        consequence={said.resetWhat}
        act={reset}
        ready={password.length >= PASSWORD_MIN}
        variant="default"
        size="compact-sm"
      >
        <Password label={said.newPassword} value={password} onChange={setPassword} />
      </Confirm>
    </Group>
  );
}

function Make({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<"agent" | "admin">("agent");
  const make = async () => {
    await answer(
      api.PUT("/v1/admin/logins/{name}", {
        params: { path: { name } },
        body: { agent: agent.id, password, role, subject: null },
      }),
    );
    setPassword("");
    await queries.invalidateQueries({ queryKey: ["admin", "logins"] });
  };
  return (
    <Group>
      <Text>{said.noLogIn}</Text>
      <Confirm
        label={said.makeLogIn}
        title={said.makeLogIn}
        consequence={said.noLogIn}
        act={make}
        ready={name.trim() !== "" && password.length >= PASSWORD_MIN}
        variant="default"
        size="compact-sm"
      >
        <TextInput
          label={said.logInName}
          value={name}
          maxLength={200}
          autoComplete="off"
          required
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Password label={said.password} value={password} onChange={setPassword} />
        <NativeSelect
          label={said.role}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value === "admin" ? "admin" : "agent")}
          data={[
            { value: "agent", label: said.agent },
            { value: "admin", label: said.admin },
          ]}
        />
      </Confirm>
    </Group>
  );
}

function Password({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const said = useWords(words);
  return (
    <PasswordInput
      label={label}
      description={said.passwordHint(PASSWORD_MIN)}
      value={value}
      required
      autoComplete="new-password"
      visibilityToggleButtonProps={{ "aria-label": label }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
