import { Button, Center, Paper, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useWords } from "../../shared/words";
import { LanguageSwitch } from "../shell/LanguageSwitch";
import { ProblemNote } from "../shell/ProblemNote";
import { ProviderLogIn } from "./ProviderLogIn";
import { SandboxLogIns } from "./SandboxLogIns";
import { logIn, type Session } from "./session";
import { words } from "./words";

/** The way in, by name and password or by an identity provider. `bare`: inside a dialog, without a page around it. */
export function LogIn({
  onBegun,
  bare = false,
}: {
  onBegun: (session: Session) => void;
  bare?: boolean;
}) {
  const said = useWords(words);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const entering = useMutation({
    mutationFn: (as: { name: string; password: string }) => logIn(as.name, as.password),
    onSuccess: onBegun,
  });
  const enter = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate({ name, password });
  };
  const form = (
    <form onSubmit={enter}>
      <Stack>
        <TextInput
          label={said.name}
          autoComplete="username"
          required
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={said.password}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": said.show }}
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {entering.error && <ProblemNote error={entering.error} />}
        <Button type="submit" loading={entering.isPending}>
          {said.enter}
        </Button>
        <ProviderLogIn bare={bare} />
      </Stack>
    </form>
  );
  if (bare) return form;
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w={360} maw="100%">
        <Stack>
          <Title order={1} size="h3">
            {said.title}
          </Title>
          {form}
          <SandboxLogIns
            busy={entering.isPending}
            onChosen={(name, password) => entering.mutate({ name, password })}
          />
          <LanguageSwitch />
        </Stack>
      </Paper>
    </Center>
  );
}
