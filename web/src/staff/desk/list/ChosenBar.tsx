import { useQueryClient } from "@tanstack/react-query";
import type { ListedShape } from "../../../api/schema";
import { BulkBar } from "../../views/BulkBar";
import { listAgain } from "./useMyList";

type Props = {
  rows: readonly ListedShape[];
  chosen: ReadonlySet<string>;
  onDone: (failed: ReadonlySet<string>) => void;
  onClose: () => void;
};

/** What is done to all that are chosen, and what became of it, until it is put away. */
export function ChosenBar({ rows, chosen, onDone, onClose }: Props) {
  const queries = useQueryClient();
  const done = (failed: ReadonlySet<string>) => {
    onDone(failed);
    listAgain(queries);
    void queries.invalidateQueries({ queryKey: ["desk", "pages"] });
  };
  return (
    <div className="chosen-bar">
      <BulkBar rows={rows} chosen={chosen} onDone={done} onClear={onClose} />
    </div>
  );
}
