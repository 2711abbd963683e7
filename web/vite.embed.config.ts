// The one script by which a shop's page or app embeds the help page; its name never changes.
import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/",
  build: {
    outDir: "../src/oncedesk/web",
    emptyOutDir: false,
    lib: {
      entry: resolve("src/embed/embed.ts"),
      formats: ["iife"],
      name: "Oncedesk",
      fileName: () => "embed.js",
    },
  },
});
