import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { domainWords } from "./build/domain-words.ts";

const gateway = process.env["DOCKET_GATEWAY"] ?? "http://localhost:8080";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), domainWords()],
  build: {
    target: "es2022",
    // Nothing inline: the gateway's policy lets nothing inline run.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: "manifest.json",
    chunkSizeWarningLimit: 900,
  },
  // For work on the console: `pnpm --filter @docket/console dev` beside a running `npm start`.
  server: { proxy: { "/api": { target: gateway, ws: true }, "/openapi.json": gateway, "/docs": gateway } },
});
