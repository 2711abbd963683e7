import { NumberInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { LAST_DAY } from "../../common/lastDay";
import { Confirm } from "../common/Confirm";
import { MarketPick, useMarket } from "../common/MarketPick";
import { useNewId } from "../common/useNewId";
import { words } from "./words";

export const KEY = ["admin", "reliefs"] as const;
const HOUR_SECONDS = 3_600;
const HOURS_MAX = 90 * 24;
const CODE_MAX = 40;

/** Publishes a window in which promises get longer. */
export function NewRelief() {
  const said = useWords(words);
  const queries = useQueryClient();
  const withNewId = useNewId();
  const [market, setMarket] = useMarket();
  const [starts, setStarts] = useState("");
  const [ends, setEnds] = useState("");
  const [hours, setHours] = useState<string | number>(24);
  const [region, setRegion] = useState("");
  const [carrier, setCarrier] = useState("");
  const publish = async (id: string) => {
    await answer(
      api.PUT("/v1/admin/reliefs/{relief}", {
        params: { path: { relief: id } },
        body: {
          market,
          starts_at: new Date(starts).toISOString(),
          ends_at: new Date(ends).toISOString(),
          extends_seconds: Number(hours) * HOUR_SECONDS,
          region: region.trim() || null,
          carrier: carrier.trim() || null,
        },
      }),
    );
    await queries.invalidateQueries({ queryKey: KEY });
  };
  const moment = (label: string, value: string, change: (text: string) => void) => (
    <TextInput
      label={label}
      type="datetime-local"
      max={`${LAST_DAY}T23:59`}
      value={value}
      required
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
  const code = (label: string, value: string, change: (text: string) => void) => (
    <TextInput
      label={label}
      value={value}
      maxLength={CODE_MAX}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
  return (
    <Confirm
      label={said.publish}
      consequence={said.publishWhat}
      act={() => withNewId(publish)}
      ready={market !== "" && starts !== "" && ends !== "" && Number(hours) > 0}
    >
      <MarketPick value={market} onPick={setMarket} />
      {moment(said.starts, starts, setStarts)}
      {moment(said.ends, ends, setEnds)}
      <NumberInput
        label={said.hours}
        min={1}
        max={HOURS_MAX}
        allowDecimal={false}
        value={hours}
        onChange={setHours}
      />
      {code(said.region, region, setRegion)}
      {code(said.carrier, carrier, setCarrier)}
    </Confirm>
  );
}
