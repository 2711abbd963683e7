import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { readCaseStory, readOrderStory, readRemediesStory, whole, wholeIfAny } from "./reading";
import { type Step, Steps } from "./Steps";
import { words } from "./words";

const STRANDS = ["conversation", "order", "remedies"] as const;
type Strand = (typeof STRANDS)[number];

/** A case from its beginning: its conversation, its order and what was made good, as one story. */
export function CaseStory({ consumer, conversation }: { consumer: string; conversation: string }) {
  const said = useWords(words);
  const [only, setOnly] = useState<Strand | "">("");
  const query = useQuery({
    queryKey: ["admin", "story", "case", conversation],
    queryFn: () => readAll(consumer, conversation),
  });
  return (
    <Frame title={said.title} about={said.about}>
      <NativeSelect
        label={said.only}
        w={200}
        value={only}
        onChange={(event) =>
          setOnly(STRANDS.find((one) => one === event.currentTarget.value) ?? "")
        }
        data={[
          { value: "", label: said.all },
          ...STRANDS.map((one) => ({ value: one, label: said[one] })),
        ]}
      />
      <Asked query={query}>
        {(found) => (
          <Steps
            {...found}
            steps={found.steps.filter((one) => only === "" || one.strand === only)}
          />
        )}
      </Asked>
    </Frame>
  );
}

async function readAll(consumer: string, conversation: string) {
  const seen = await answer(
    api.GET("/v1/desk/cases/{consumer}/{conversation}", {
      params: { path: { consumer, conversation } },
    }),
  );
  const order = seen.subject.kind === "order" ? seen.subject.id : null;
  const [own, ofOrder, ofRemedies] = await Promise.all([
    whole(readCaseStory(consumer, conversation)),
    order ? wholeIfAny(readOrderStory(consumer, order)) : null,
    order ? wholeIfAny(readRemediesStory(consumer, order)) : null,
  ]);
  const strands = { conversation: own, order: ofOrder, remedies: ofRemedies };
  const steps: Step[] = STRANDS.flatMap((strand) =>
    (strands[strand]?.items ?? []).map((item) => ({ strand, item })),
  );
  // Told at the same moment, the order's own news come first: the others follow from them.
  const rank = (step: Step) => ["order", "conversation", "remedies"].indexOf(step.strand ?? "");
  steps.sort(
    (one, other) =>
      Date.parse(one.item.at) - Date.parse(other.item.at) ||
      rank(one) - rank(other) ||
      one.item.version - other.item.version,
  );
  const parts = Object.values(strands).filter((one) => one !== null);
  return {
    steps,
    agents: parts.flatMap((one) => one.agents),
    rules: parts.flatMap((one) => one.rules),
    cut: parts.some((one) => one.cut),
  };
}
