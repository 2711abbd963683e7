import { Text } from "@mantine/core";
import type { OrderShape, PartShape } from "../../../api/schema";
import { exactly, time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useDeskNames } from "../../names/useDeskNames";
import { useCode } from "../useCode";
import { words } from "./words";

type Step = { at: string; what: string };

/** Where the parcels were, in the order of time. */
export function Tracking({ order, parts }: { order: OrderShape; parts: readonly PartShape[] }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const parcels = order.shipments ?? [];
  const carrierName = useDeskNames(
    parcels.flatMap(({ carrier }) => (carrier ? [`carrier:${carrier}`] : [])),
  );
  const numbers = parts.map((one) => one.number);
  const steps: Step[] = [];
  const add = (at: string | null | undefined, what: string) => {
    if (at) steps.push({ at, what });
  };
  for (const part of parts) {
    add(part.shipped_at, said.shipped);
    add(part.delivered_at, said.delivered);
  }
  for (const parcel of parcels) {
    if (parcel.part !== 0 && !numbers.includes(parcel.part)) continue;
    const by = parcel.carrier ? ` · ${carrierName(`carrier:${parcel.carrier}`)}` : "";
    if (parcel.first_scan_at !== parcel.last_scan_at) {
      add(parcel.first_scan_at, `${said.firstScan}${by}`);
    }
    add(parcel.last_scan_at, `${code(parcel.status)}${by}`);
  }
  steps.sort((one, other) => one.at.localeCompare(other.at));
  if (steps.length === 0) {
    return (
      <Text size="xs" className="quiet">
        {said.noTracking}
      </Text>
    );
  }
  return (
    <ol className="tracking" aria-label={said.tracking}>
      {steps.map((step) => (
        <li key={`${step.at}${step.what}`}>
          <time dateTime={step.at} title={exactly(step.at, language)}>
            {time(step.at, language)}
          </time>{" "}
          {step.what}
        </li>
      ))}
    </ol>
  );
}
