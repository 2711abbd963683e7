import { Badge } from "@mantine/core";
import { useLanguage } from "../../shared/words";
import { useDeskNames } from "../names/useDeskNames";
import { deskName } from "./codes";

const COLOURS: Record<string, string> = { platform: "indigo", merchant: "teal", creator: "grape" };

/** Whose desk it is: each kind in its colour, by the same word, or by its name in public. */
export function DeskBadge({ desk, named = false }: { desk: string; named?: boolean }) {
  const { language } = useLanguage();
  const name = useDeskNames(named ? [desk] : []);
  return (
    <Badge
      size="sm"
      variant="dot"
      color={COLOURS[desk.split(":")[0] ?? ""] ?? "gray"}
      className="desk-badge"
      title={named ? `${name(desk)} · ${desk}` : desk}
    >
      {named ? <bdi>{name(desk)}</bdi> : deskName(desk, language)}
    </Badge>
  );
}
