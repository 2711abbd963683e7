// The two pages: what consumers get (small) and what staff get. The embedding script is built apart.
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/",
  plugins: [react()],
  build: {
    outDir: "../src/oncedesk/web",
    emptyOutDir: true,
    // The policy of our pages lets nothing in that stands in the page itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: [resolve("help.html"), resolve("staff.html")] },
  },
  server: {
    // The service lets in only what comes from where it stands, so it is told the page's own host.
    proxy: {
      "/v1": {
        target: process.env.ONCEDESK_DEV_URL ?? "http://127.0.0.1:8484",
        changeOrigin: false,
      },
    },
  },
});
