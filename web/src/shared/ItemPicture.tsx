import { useState } from "react";
import "./itemPicture.css";

/** A picture of what was bought, where there is one that may be shown; else a calm place for it. It
 * loads when it comes into sight, and its host is not told from where. */
export function ItemPicture({
  address,
  title,
}: {
  address: string | null | undefined;
  title: string;
}) {
  const [failed, setFailed] = useState(false);
  if (!address || failed) return <span className="item-picture" aria-hidden="true" />;
  return (
    <img
      className="item-picture"
      src={address}
      alt={title}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setFailed(true)}
    />
  );
}
