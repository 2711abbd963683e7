import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { Confirm } from "../common/Confirm";
import { words } from "./words";

const ALGORITHMS = ["Ed25519", "EdDSA", "HS256"] as const;
type Algorithm = (typeof ALGORITHMS)[number];
const ID_MAX = 64;
const ISSUER_MAX = 200;
const KEY_MAX = 4_096;

/** Registers a key by which the marketplace signs; the key itself is not kept for the next time. */
export function NewSigningKey() {
  const said = useWords(words);
  const queries = useQueryClient();
  const [id, setId] = useState("");
  const [issuer, setIssuer] = useState("");
  const [algorithm, setAlgorithm] = useState<Algorithm>("Ed25519");
  const [key, setKey] = useState("");
  const register = async () => {
    await answer(
      api.PUT("/v1/admin/signing-keys/{key}", {
        params: { path: { key: id.trim() } },
        body: { issuer: issuer.trim(), algorithm, key },
      }),
    );
    setKey("");
    await queries.invalidateQueries({ queryKey: ["admin", "signing-keys"] });
  };
  return (
    <Confirm
      label={said.addSigning}
      consequence={said.addSigningWhat}
      act={register}
      ready={id.trim() !== "" && issuer.trim() !== "" && key.trim() !== ""}
      onOpen={() => setKey("")}
      variant="default"
    >
      <TextInput
        label={said.keyId}
        description={said.keyIdHint}
        value={id}
        maxLength={ID_MAX}
        required
        data-autofocus
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TextInput
        label={said.issuer}
        description={said.issuerHint}
        value={issuer}
        maxLength={ISSUER_MAX}
        required
        onChange={(event) => setIssuer(event.currentTarget.value)}
      />
      <NativeSelect
        label={said.algorithm}
        data={[...ALGORITHMS]}
        value={algorithm}
        onChange={(event) => setAlgorithm(event.currentTarget.value as Algorithm)}
      />
      <Textarea
        label={algorithm === "HS256" ? said.sharedSecret : said.publicKey}
        description={algorithm === "HS256" ? said.sharedSecretHint : said.publicKeyHint}
        value={key}
        maxLength={KEY_MAX}
        minRows={4}
        autosize
        required
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
    </Confirm>
  );
}
