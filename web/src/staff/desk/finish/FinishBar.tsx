import { Button, Group, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, useRef, useState } from "react";
import { useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import type { Case } from "../case/openCase";
import type { CaseFile } from "../case/useCase";
import { draftName, type Step } from "../composer/drafts";
import { useCommand } from "../keys/commands";
import { ME } from "../list/PresenceSwitch";
import { useShiftEnd } from "../list/useShiftEnd";
import { AnswerReferral } from "./AnswerReferral";
import { Ask } from "./Ask";
import { Attribute } from "./Attribute";
import { attributeWords } from "./attributeWords";
import { FollowUp } from "./FollowUp";
import { LeaveLine } from "./LeaveLine";
import { LeftOver } from "./LeftOver";
import { Merge } from "./Merge";
import { NoteCall } from "./NoteCall";
import { Pick } from "./Pick";
import { type ActProps, otherCases, otherDesks } from "./path";
import { Reclassify } from "./Reclassify";
import { Refer } from "./Refer";
import { Release } from "./Release";
import { Reopen } from "./Reopen";
import { Resolve } from "./Resolve";
import { Split } from "./Split";
import { TakeOver } from "./TakeOver";
import { Transfer } from "./Transfer";
import { words } from "./words";

const ACTS = {
  resolve: { panel: Resolve, letter: "e" },
  ask: { panel: Ask, letter: "w" },
  refer: { panel: Refer, letter: "f" },
  followUp: { panel: FollowUp, letter: "s" },
  leaveLine: { panel: LeaveLine, letter: "" },
  answerReferral: { panel: AnswerReferral, letter: "" },
  pick: { panel: Pick, letter: "" },
  transfer: { panel: Transfer, letter: "" },
  takeOver: { panel: TakeOver, letter: "" },
  merge: { panel: Merge, letter: "" },
  split: { panel: Split, letter: "" },
  reclassify: { panel: Reclassify, letter: "" },
  release: { panel: Release, letter: "" },
  reopen: { panel: Reopen, letter: "" },
  noteCall: { panel: NoteCall, letter: "" },
  attribute: { panel: Attribute, letter: "" },
} as const satisfies Record<string, { panel: ComponentType<ActProps>; letter: string }>;

type Act = keyof typeof ACTS;
const ALL = Object.keys(ACTS) as Act[];
const WRITES: Partial<Record<Act, Step>> = {
  ...{ ask: "ask", refer: "refer", answerReferral: "referral" },
  ...{ release: "line", leaveLine: "line", noteCall: "call" },
};
const FIRST: readonly Act[] = ["resolve", "ask", "refer", "followUp", "leaveLine"];
const SHOWN_ELSEWHERE = 2;

/** How the case goes on or ends; each way says which clock it starts. */
export function FinishBar({ file, about }: { file: CaseFile; about: Case }) {
  const said = { ...useWords(words), ...useWords(attributeWords) };
  const { desks, agent, supervised } = useSession();
  const { data: me } = useQuery(ME);
  const [chosen, setChosen] = useState<Act | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const { conversation } = file;
  const ending = useShiftEnd() !== "";
  const picks = Boolean(me?.picks || (about.owner && supervised.includes(about.owner)));
  const possible = possibleActs(conversation, about, desks, agent, ending, picks);
  // What cannot be done any more stays under the hand that is at it: the service says why not.
  const [hand, setHand] = useState(false);
  const act = chosen && (hand || possible.includes(chosen)) ? chosen : null;
  const latest = useRef(chosen);
  latest.current = chosen;
  const close = () => {
    // What was opened meanwhile stays, and whoever has gone on elsewhere is not fetched back.
    if (latest.current !== act) return;
    setChosen(null);
    const at = document.activeElement;
    if (at === document.body || bar.current?.contains(at)) {
      bar.current?.querySelector("button")?.focus();
    }
  };
  const Panel = act && ACTS[act].panel;
  const usual = possible.filter((one) => FIRST.includes(one));
  // Where another desk has it, what is left to do stands here: to take it over, or to answer.
  const shown = usual.length > 0 ? usual : possible.slice(0, SHOWN_ELSEWHERE);
  const beside = possible.filter((one) => !shown.includes(one));
  const place = { conversation: conversation.id, case: about.number };
  return (
    <section
      className="finish"
      aria-label={said.bar}
      ref={bar}
      onFocus={() => setHand(true)}
      onBlur={(event) => setHand(event.currentTarget.contains(event.relatedTarget))}
    >
      {ALL.map((one) => (
        <ActCommand key={one} act={one} possible={possible.includes(one)} choose={setChosen} />
      ))}
      {ALL.map((one) => {
        const step = WRITES[one];
        if (!step || one === act || possible.includes(one)) return null;
        return <LeftOver key={one} draft={draftName(agent, place, step)} step={said[one]} />;
      })}
      {Panel && <Panel {...{ conversation, about, story: file.story }} onClose={close} />}
      <Group gap="xs">
        {shown.map((one) => (
          <Button
            key={one}
            size="xs"
            variant={one === "resolve" ? "filled" : "default"}
            aria-expanded={one === act}
            onClick={() => setChosen(one === act ? null : one)}
          >
            {said[one]}
          </Button>
        ))}
        {beside.length > 0 && (
          <Menu position="top-end">
            <Menu.Target>
              <Button size="xs" variant="subtle" ml="auto">
                {said.more}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {beside.map((one) => (
                <Menu.Item key={one} onClick={() => setChosen(one)}>
                  {said[one]}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </section>
  );
}

type ActCommandProps = { act: Act; possible: boolean; choose: (act: Act) => void };

/** The same by keyboard, and in the command bar. */
function ActCommand({ act, possible, choose }: ActCommandProps) {
  const said = { ...useWords(words), ...useWords(attributeWords) };
  const { letter } = ACTS[act];
  useCommand(
    possible
      ? { id: act, name: said[act], run: () => choose(act), ...(letter ? { letter } : {}) }
      : null,
  );
  return null;
}

/** What this agent may try here; the service has the last word. */
function possibleActs(
  conversation: ActProps["conversation"],
  about: Case,
  desks: readonly string[],
  agent: string,
  ending: boolean,
  picks: boolean,
): readonly Act[] {
  if (about.status === "closed") return [];
  const ours = about.owner !== undefined && about.owner !== null && desks.includes(about.owner);
  if (about.status === "resolved") return ours ? ["reopen"] : [];
  const others = otherDesks(conversation, about);
  const asked = about.referral && desks.includes(about.referral.desk);
  const mergeable = otherCases(conversation, about, desks).length > 0;
  // While the consumer is asked it neither asks again nor rests.
  const free = ours && !about.asked;
  const rules: [Act, boolean][] = [
    ["resolve", ours],
    ["ask", free],
    ["refer", ours && !about.referral && others.length > 0],
    ["followUp", free],
    ["leaveLine", ending && about.agent === agent],
    ["answerReferral", Boolean(asked)],
    ["noteCall", ours],
    ["pick", ours && picks && about.status === "queued"],
    ["transfer", ours && others.length > 0],
    ["takeOver", desks.includes("platform") && about.owner !== "platform"],
    ["merge", ours && mergeable],
    ["split", ours],
    ["reclassify", ours],
    ["release", ours && about.agent === agent],
    ["attribute", ours || desks.includes("platform")],
  ];
  return rules.flatMap(([act, may]) => (may ? [act] : []));
}
