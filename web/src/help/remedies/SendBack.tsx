import { useQuery } from "@tanstack/react-query";
import { answer, api, newKey } from "../../api/client";
import type { RemedyShape } from "../../api/schema";
import { time } from "../../shared/format";
import { keep, readKept } from "../../shared/kept";
import { plain } from "../../shared/plainText";
import { useLanguage, useWords } from "../../shared/words";
import { FilePicker, PickedFiles } from "../files/FilePicker";
import { useShowing } from "../files/useShowing";
import { ProblemLine, Unread } from "../parts/Asked";
import { Button } from "../parts/Button";
import { useSession } from "../session/HelpGate";
import { due, parcelBack } from "./sentence";
import type { useTap } from "./useTap";
import { words } from "./words";

/** Where goods go back to, who comes for them, and the word that they have gone. */
export function SendBack({
  order,
  remedy,
  tap,
}: {
  order: string;
  remedy: RemedyShape;
  tap: ReturnType<typeof useTap>;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { consumer } = useSession();
  const name = `return/${consumer}/${order}/${remedy.number}`;
  const { files, show, busy, error } = useShowing(name, order, remedy);
  const slot = remedy.journey?.slot;
  const known = parcelBack(remedy);
  const told = known?.told_at;

  const handOver = async () => {
    const evidence = await show();
    if (!evidence) return;
    const shipment = known?.shipment ?? parcelOf(name);
    tap.mutate({ what: "return", shipment, evidence }, { onSuccess: files.clear });
  };
  return (
    <div className="send-back">
      <ReturnPlace order={order} remedy={remedy} />
      {slot && <p>{said.courier(time(slot.starts_at, language), time(slot.ends_at, language))}</p>}
      <p className="quiet">{told ? said.receiptToo : said.receipt}</p>
      <PickedFiles files={files} />
      {error && <ProblemLine error={error} />}
      <span className="answers">
        <FilePicker files={files} />
        <Button
          kind="main"
          busy={busy || tap.isPending}
          disabled={!files.ready || (told !== undefined && files.picked.length === 0)}
          onClick={() => void handOver()}
        >
          {told ? said.showReceipt : said.handed}
        </Button>
      </span>
    </div>
  );
}

/** The parcel of a return that nobody has named yet: one, however often it is told of. */
function parcelOf(name: string): string {
  const known = readKept<string>(`parcel/${name}`, "");
  const parcel = known || newKey();
  if (!known) keep(`parcel/${name}`, parcel);
  return parcel;
}

function ReturnPlace({ order, remedy }: { order: string; remedy: RemedyShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const path = { order, remedy: remedy.number };
  const { journey } = remedy;
  const query = useQuery({
    queryKey: [
      "remedies",
      order,
      remedy.number,
      "place",
      journey?.place ?? "",
      journey?.back ?? "",
    ],
    queryFn: () =>
      answer(
        api.GET("/v1/help/orders/{order}/remedies/{remedy}/return-place", { params: { path } }),
      ),
  });
  const { data } = query;
  const until = due(remedy, "return_place");
  if (!data) return <Unread query={query} what={said.placeUnread} />;
  if (!data.address) {
    return until ? <p>{said.noPlace(time(until, language))}</p> : null;
  }
  return (
    <address>
      <strong>{said.sendTo}</strong>
      <br />
      {plain(data.name)} {plain(data.phone)}
      <br />
      {plain(data.address)}
    </address>
  );
}
