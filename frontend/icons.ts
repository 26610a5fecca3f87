// Takes the icons named in icons.txt out of their npm packages while Vite builds:
// each food picture becomes a file of its own, all signs become one sheet of <symbol>s.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "vite";

interface IconSet {
  width: number;
  height: number;
  icons: Record<string, { body: string; width?: number; height?: number }>;
  aliases?: Record<string, { parent: string }>;
}

const require = createRequire(import.meta.url);

function wanted(list: string, kind: string): string[] {
  return list
    .split("\n")
    .map((line) => line.split(/\s+/))
    .filter(([first]) => first === kind)
    .map(([, name]) => name ?? "");
}

function foodPicture(set: IconSet, name: string): string {
  const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? ""];
  if (!icon) throw new Error(`icons.txt: no food picture called ${name}`);
  const box = `0 0 ${icon.width ?? set.width} ${icon.height ?? set.height}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">${icon.body}</svg>`;
}

function signSymbol(folder: string, name: string): string {
  const svg = readFileSync(join(folder, `${name}-bold.svg`), "utf8");
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="0 0 256 256">${body}</symbol>`;
}

export function icons(listFile: string): Plugin {
  return {
    name: "countyfair-icons",
    buildStart() {
      this.addWatchFile(listFile);
    },
    generateBundle() {
      const list = readFileSync(listFile, "utf8");
      const set = require("@iconify-json/fluent-emoji-flat/icons.json") as IconSet;
      for (const name of wanted(list, "food")) {
        this.emitFile({
          type: "asset",
          name: `${name}.svg`,
          originalFileName: `food/${name}.svg`,
          source: foodPicture(set, name),
        });
      }
      const folder = join(import.meta.dirname, "node_modules/@phosphor-icons/core/assets/bold");
      const symbols = wanted(list, "sign").map((name) => signSymbol(folder, name));
      this.emitFile({
        type: "asset",
        name: "signs.svg",
        originalFileName: "signs.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`,
      });
    },
  };
}
