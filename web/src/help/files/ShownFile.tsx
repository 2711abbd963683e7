import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problems";
import { useWords } from "../../shared/words";
import { ProblemLine } from "../parts/Asked";
import { Button } from "../parts/Button";
import { words } from "./words";

const GONE = [404, 410];
/** What a file is called that has to be saved: without its ending nothing opens it. */
const ENDINGS: Record<string, string> = {
  "application/pdf": ".pdf",
  "image/heic": ".heic",
  "video/mp4": ".mp4",
  "video/quicktime": ".mov",
};

/** A file of a message: a picture or a video as such, what cannot be shown so to be saved. */
export function ShownFile({ id }: { id: string }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["file", id],
    // The page may hold its session itself, so the browser cannot ask for it by an address.
    queryFn: () =>
      answer(
        api.GET("/v1/help/attachments/{attachment}", {
          params: { path: { attachment: id } },
          parseAs: "blob",
        }),
      ) as Promise<Blob>,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data: content, error } = query;
  const address = useAddressOf(content);
  // Not every browser has what a telephone takes.
  const [unshown, setUnshown] = useState(false);
  if (error instanceof Problem && GONE.includes(error.status)) {
    return <p className="quiet">{said.gone}</p>;
  }
  if (error) {
    return (
      <>
        <ProblemLine error={error} />
        <Button kind="quiet" busy={query.isFetching} onClick={() => void query.refetch()}>
          {said.retry}
        </Button>
      </>
    );
  }
  if (!content || !address) return <p className="quiet">{said.file}</p>;
  const fails = () => setUnshown(true);
  if (!unshown && content.type.startsWith("image/")) {
    return <img className="shown-file" src={address} alt={said.picture} onError={fails} />;
  }
  if (!unshown && content.type.startsWith("video/")) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: it is a consumer's own film of their parcel
      <video
        className="shown-file"
        src={address}
        controls
        aria-label={said.video}
        onError={fails}
      />
    );
  }
  return (
    <a href={address} download={`${said.file}${ENDINGS[content.type] ?? ""}`}>
      {said.file}
    </a>
  );
}

function useAddressOf(content: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!content) return;
    // What is neither picture nor film is for saving only, whatever it says that it is.
    const shown = /^(image|video)\//.test(content.type);
    const made = URL.createObjectURL(
      shown ? content : content.slice(0, content.size, "application/octet-stream"),
    );
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  return address;
}
