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
import { useInstallation } from "../../shell/installation";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Do } from "../common/Do";
import { useUndo } from "../common/undo";
import { words } from "./words";

const PASSWORD_MIN = 12;
const SUBJECT_MIN = 3;

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
  const { data: installation } = useInstallation();
  const [password, setPassword] = useState("");
  const [subject, setSubject] = useState("");
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
  const other = one.role === "admin" ? "agent" : "admin";
  const turn = async () => {
    await answer(api.PUT("/v1/admin/logins/{name}/role", { ...params, body: { role: other } }));
    await again();
  };
  const wanted = subject.trim();
  const link = async () => {
    const body = { subject: wanted || null };
    await answer(api.PUT("/v1/admin/logins/{name}/subject", { ...params, body }));
    await again();
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
          consequence={said.disableWhat(one.name)}
          act={disable}
          variant="default"
          size="compact-sm"
        />
      )}
      <Confirm
        label={said.reset}
        consequence={said.resetWhat}
        act={reset}
        ready={password.length >= PASSWORD_MIN}
        variant="default"
        size="compact-sm"
      >
        <Password label={said.newPassword} value={password} onChange={setPassword} />
      </Confirm>
      <Confirm
        label={other === "admin" ? said.makeAdmin : said.makeAgent}
        consequence={said.roleWhat}
        act={turn}
        variant="default"
        size="compact-sm"
      />
      {(installation?.provider || one.subject) && (
        <Confirm
          label={said.link}
          consequence={said.linkWhat}
          act={link}
          ready={wanted === "" ? one.has_password : wanted.length >= SUBJECT_MIN}
          onOpen={() => setSubject(one.subject ?? "")}
          variant="default"
          size="compact-sm"
        >
          <Subject value={subject} onChange={setSubject} />
        </Confirm>
      )}
    </Group>
  );
}

function Make({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<"agent" | "admin">("agent");
  const { data: installation } = useInstallation();
  const [written, setSubject] = useState("");
  const subject = written.trim();
  const linked = subject.length >= SUBJECT_MIN;
  const make = async () => {
    await answer(
      api.PUT("/v1/admin/logins/{name}", {
        params: { path: { name } },
        body: { agent: agent.id, password: password || null, role, subject: subject || null },
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
        consequence={said.noLogIn}
        act={make}
        ready={
          name.trim() !== "" &&
          (subject === "" || linked) &&
          (password.length >= PASSWORD_MIN || (linked && password === ""))
        }
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
        <Password
          label={said.password}
          value={password}
          onChange={setPassword}
          required={!installation?.provider}
        />
        {installation?.provider && <Subject value={written} onChange={setSubject} />}
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
  required = true,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
}) {
  const said = useWords(words);
  return (
    <PasswordInput
      label={label}
      description={required ? said.passwordHint(PASSWORD_MIN) : said.passwordOrNone(PASSWORD_MIN)}
      value={value}
      required={required}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ "aria-label": label }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Subject({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const said = useWords(words);
  return (
    <TextInput
      label={said.subject}
      description={said.subjectHint}
      value={value}
      maxLength={400}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
