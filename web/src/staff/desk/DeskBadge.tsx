import { Badge } from "@mantine/core";
import { useLanguage } from "../../shared/words";
import { deskName } from "./codes";

const COLOURS: Record<string, string> = { platform: "indigo", merchant: "teal", creator: "grape" };

/** Whose desk it is: always the same word in the same colour. */
export function DeskBadge({ desk }: { desk: string }) {
  const { language } = useLanguage();
  return (
    <Badge
      size="sm"
      variant="dot"
      color={COLOURS[desk.split(":")[0] ?? ""] ?? "gray"}
      className="desk-badge"
      title={desk}
    >
      {deskName(desk, language)}
    </Badge>
  );
}
