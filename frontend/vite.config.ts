import { resolve } from "node:path";
import { defineConfig } from "vite";
import { compress } from "./compress.ts";
import { icons } from "./icons.ts";

const surfaces = ["shop", "farmer", "station", "centre", "account"];
const dist = resolve(import.meta.dirname, "dist");

export default defineConfig({
  base: "/static/",
  plugins: [icons(resolve(import.meta.dirname, "icons.txt")), compress(dist)],
  build: {
    outDir: dist,
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["es2021", "chrome87", "safari14.1", "firefox88"],
    rollupOptions: {
      // how long its parts took is nothing for whoever runs `make run` on a busy machine
      checks: { bundlerTimings: false },
      input: Object.fromEntries(
        surfaces.map((name) => [name, resolve(import.meta.dirname, `src/${name}.ts`)]),
      ),
      output: {
        entryFileNames: "a/[name]-[hash].js",
        chunkFileNames: "a/[name]-[hash].js",
        assetFileNames: "a/[name]-[hash][extname]",
      },
    },
  },
});
