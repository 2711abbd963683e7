import { Link } from "wouter";
import { ItemPicture } from "../../shared/ItemPicture";
import { useWhyNot } from "../../shared/useWhyNot";
import { useLanguage } from "../../shared/words";
import { useOrder } from "../asking";
import { called } from "../home/called";
import { paths } from "../paths";

/** Which order a conversation is about, and the way to it; its place while that comes. */
export function AboutOrder({ order }: { order: string }) {
  const { language } = useLanguage();
  const query = useOrder(order);
  const why = useWhyNot(query);
  const { data } = query;
  const [first] = data?.parts?.flatMap((part) => part.items) ?? [];
  if (why) return null;
  return (
    <Link href={paths.order(order)} className="card-head about-order">
      <ItemPicture address={first?.picture} title="" />
      <span>{data ? called(data, language) : ""}</span>
    </Link>
  );
}
