import { Anchor, Badge, Button, FileButton, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Link, useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import type { CandidateShape, Checked } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Empty } from "../../common/Frame";
import { ProblemNote } from "../../shell/ProblemNote";
import { Asked } from "../common/Asked";
import { Wide } from "../common/Wide";
import { words } from "./words";

const BYTES_MAX = 1_000_000;

type Folder = { tooLarge: true } | { notToml: true } | { files: Record<string, string> };

/** The candidates of a market, and the way to another one. */
export function CandidateList({ market }: { market: string }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["admin", "candidates", market],
    queryFn: () =>
      answer(api.GET("/v1/admin/markets/{market}/candidates", { params: { path: { market } } })),
  });
  return (
    <Stack>
      <Text c="dimmed" maw={720}>
        {said.candidatesAbout}
      </Text>
      <Upload market={market} />
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={said.noCandidates} hint={said.noCandidatesWhy} />
          ) : (
            <Wide label={said.candidates} head={[said.version, said.made, said.trial]}>
              {items.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </Wide>
          )
        }
      </Asked>
    </Stack>
  );
}

function Row({ one }: { one: CandidateShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={`/admin/rules/candidates/${one.id}`}>
          {one.version}
        </Anchor>
      </Table.Td>
      <Table.Td>{exactly(one.made_at, language)}</Table.Td>
      <Table.Td>
        <Badge variant="default">{one.trial ? said[one.trial.status] : said.noTrial}</Badge>
      </Table.Td>
    </Table.Tr>
  );
}

function Upload({ market }: { market: string }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [, go] = useLocation();
  const checking = useMutation({
    mutationFn: async (chosen: File[]): Promise<Checked | Folder> => {
      const folder = await read(chosen);
      if (!("files" in folder)) return folder;
      const checked = await answer(
        api.POST("/v1/admin/markets/{market}/candidates", {
          params: { path: { market } },
          body: folder,
        }),
      );
      await queries.invalidateQueries({ queryKey: ["admin", "candidates", market] });
      if (checked.candidate) go(`/admin/rules/candidates/${checked.candidate.id}`);
      return checked;
    },
  });
  const forgetChosen = useRef<() => void>(null);
  const found = checking.data;
  return (
    <Stack gap="xs" align="flex-start">
      <FileButton
        multiple
        accept=".toml"
        resetRef={forgetChosen}
        onChange={(files) => {
          if (files.length > 0) checking.mutate(files);
          // So that the same files, chosen once more when they are corrected, are a change again.
          forgetChosen.current?.();
        }}
      >
        {(props) => (
          <Button {...props} loading={checking.isPending}>
            {said.upload}
          </Button>
        )}
      </FileButton>
      {checking.error && <ProblemNote error={checking.error} />}
      {found && "tooLarge" in found && <Text role="alert">{said.tooLarge}</Text>}
      {found && "notToml" in found && <Text role="alert">{said.notToml}</Text>}
      {found && "errors" in found && found.errors.length > 0 && <Errors found={found} />}
    </Stack>
  );
}

function Errors({ found }: { found: Checked }) {
  const said = useWords(words);
  return (
    <Stack gap={4} w="100%">
      <Text role="alert" fw={600}>
        {said.errors(found.errors_total)}
      </Text>
      <Wide label={said.errors(found.errors_total)} head={[said.file, said.key, said.expected]}>
        {found.errors.map((one) => (
          <Table.Tr key={`${one.file}/${one.key}/${one.expected}`}>
            <Table.Td>{one.file}</Table.Td>
            <Table.Td>{one.key}</Table.Td>
            <Table.Td>{one.expected}</Table.Td>
          </Table.Tr>
        ))}
      </Wide>
    </Stack>
  );
}

async function read(chosen: File[]): Promise<Folder> {
  if (chosen.some((file) => !/^[a-z0-9_-]{1,40}\.toml$/.test(file.name))) return { notToml: true };
  if (chosen.reduce((sum, file) => sum + file.size, 0) > BYTES_MAX) return { tooLarge: true };
  const files = await Promise.all(chosen.map(async (file) => [file.name, await file.text()]));
  return { files: Object.fromEntries(files) };
}
