import { Checkbox, SimpleGrid, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, once } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { KeyShape, NewKey as Wanted } from "../../../api/schema";
import { answered, keyOf } from "../../../shared/attempt";
import { useWords } from "../../../shared/words";
import { LAST_DAY } from "../../common/lastDay";
import { Confirm } from "../common/Confirm";
import { words } from "./words";

type Scope = Wanted["scopes"][number];

const SCOPES = [
  ...(["orders:read", "orders:write", "cases:read", "contacts:write", "parties:write"] as const),
  ...(["refunds:read", "refunds:write", "privacy:read", "privacy:write"] as const),
  ...(["webhooks:write", "admin"] as const),
] satisfies readonly Scope[];

const ASKED = "api-key";

/** Makes a key; `onMade` is told what is shown this once. */
export function NewKey({ onMade }: { onMade: (key: KeyShape) => void }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [end, setEnd] = useState("");
  const make = async () => {
    // Keys of one name are one client: a blank behind it would make it another.
    const body = {
      name: name.trim(),
      scopes: SCOPES.filter((one) => scopes.includes(one)),
      expires_at: end ? new Date(`${end}T00:00:00`).toISOString() : null,
    };
    try {
      const params = { header: once(keyOf(ASKED, body)) };
      onMade(await answer(api.POST("/v1/admin/keys", { params, body })));
      answered(ASKED);
    } catch (error) {
      if (error instanceof Problem && error.refuses) answered(ASKED);
      throw error;
    } finally {
      await queries.invalidateQueries({ queryKey: ["admin", "keys"] });
    }
    setName("");
    setScopes([]);
  };
  return (
    <Confirm
      label={said.add}
      consequence={said.addWhat}
      act={make}
      ready={name.trim() !== "" && scopes.length > 0}
    >
      <TextInput
        label={said.name}
        value={name}
        maxLength={64}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox.Group label={said.scopes} value={scopes} onChange={setScopes} required>
        <SimpleGrid cols={2} spacing="xs" mt={4}>
          {SCOPES.map((one) => (
            <Checkbox key={one} value={one} label={one} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <TextInput
        label={said.end}
        type="date"
        max={LAST_DAY}
        value={end}
        onChange={(event) => setEnd(event.currentTarget.value)}
      />
    </Confirm>
  );
}
