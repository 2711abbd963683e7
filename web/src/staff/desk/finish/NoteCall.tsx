import { Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { CallNoted } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { secondsOf } from "./callLength";
import { callWords } from "./callWords";
import { type ActProps, pathOf } from "./path";
import { useWriting } from "./useWriting";
import { WordsField } from "./WordsField";
import { words } from "./words";

const NUMBER = /^\+?[0-9][0-9 ()-]{4,30}$/;

/** A telephone call with the consumer: who called whom, for how long, and what was said. */
export function NoteCall(props: ActProps) {
  const said = useWords(callWords);
  const bar = useWords(words);
  const { conversation, about, onClose } = props;
  const [direction, setDirection] = useState<CallNoted["direction"]>("outbound");
  const [audience, setAudience] = useState<NonNullable<CallNoted["audience"]>>("desks");
  const [number, setNumber] = useState("");
  const [length, setLength] = useState("");
  const [recording, setRecording] = useState("");
  const seconds = secondsOf(length);
  const call = {
    ...{ direction, audience, number: number.trim(), seconds: seconds ?? 0 },
    recording: recording.trim() || null,
  };
  const { field, acting, ...writing } = useWriting(
    props,
    "call",
    (text, header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/calls", {
          params: { path: pathOf(conversation, about), header },
          body: { ...call, text },
        }),
      ),
    call,
  );
  const ready = NUMBER.test(number.trim()) && seconds !== null && writing.ready;
  return (
    <ActPanel {...{ name: bar.noteCall, clock: said.clock, acting, ready, onClose }}>
      <Group gap="xs" grow>
        <Select
          size="xs"
          label={said.direction}
          allowDeselect={false}
          data-autofocus
          value={direction}
          readOnly={field.readOnly}
          data={[
            { value: "outbound", label: said.outbound },
            { value: "inbound", label: said.inbound },
          ]}
          onChange={(wanted) => wanted && setDirection(wanted)}
        />
        <Select
          size="xs"
          label={said.audience}
          allowDeselect={false}
          value={audience}
          readOnly={field.readOnly}
          data={[
            { value: "desks", label: said.desks },
            { value: "internal", label: said.internal },
          ]}
          onChange={(wanted) => wanted && setAudience(wanted)}
        />
      </Group>
      <Group gap="xs" grow align="start">
        <TextInput
          size="xs"
          type="tel"
          label={said.number}
          description={said.numberWhy}
          maxLength={32}
          value={number}
          readOnly={field.readOnly}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={said.length}
          description={said.lengthWhy}
          placeholder="3:20"
          error={seconds === null && said.lengthWrong}
          value={length}
          readOnly={field.readOnly}
          onChange={(event) => setLength(event.currentTarget.value)}
        />
      </Group>
      <WordsField label={said.text} {...field} first={false} lengthMax={19_000} />
      <TextInput
        size="xs"
        type="url"
        label={said.recording}
        placeholder="https://"
        maxLength={500}
        value={recording}
        readOnly={field.readOnly}
        onChange={(event) => setRecording(event.currentTarget.value)}
      />
    </ActPanel>
  );
}
