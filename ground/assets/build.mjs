// Bundles styles and scripts into a folder: `node build.mjs OUT NODE_MODULES`. Run by build.rs.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [out, modules] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(pathToFileURL(join(modules, "x.js")));
const esbuild = require("esbuild");
const { bundle } = require("lightningcss");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const names = {};
const put = (name, bytes) => {
  const dot = name.lastIndexOf(".");
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const file = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeFileSync(join(out, file), bytes);
  names[name] = file;
};

// The floor: Chrome 109 and Firefox 115, the last on Windows 7; Safari 15.4 for older telephones.
for (const name of ["citizen.css", "officer.css", "gallery.css"]) {
  const { code } = bundle({
    filename: join(here, "styles", name),
    minify: true,
    targets: { chrome: 109 << 16, firefox: 115 << 16, safari: (15 << 16) | (4 << 8) },
  });
  put(name, code);
}

const built = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["scripts/citizen.ts", "scripts/officer.ts"],
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  target: ["chrome109", "firefox115", "safari15.4"],
  nodePaths: [modules],
  entryNames: "[name].[hash]",
  chunkNames: "part.[hash]",
  outdir: out,
  metafile: true,
  logLevel: "warning",
});
for (const [file, about] of Object.entries(built.metafile.outputs)) {
  if (about.entryPoint) names[basename(about.entryPoint).replace(/\.ts$/, ".js")] = basename(file);
}

put("mark.svg", readFileSync(join(here, "mark.svg")));

for (const file of readdirSync(out)) {
  const bytes = readFileSync(join(out, file));
  writeFileSync(join(out, `${file}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(join(out, `${file}.gz`), gzipSync(bytes, { level: 9 }));
}
const arms = Object.entries(names).sort().map(([name, file]) => `    (${JSON.stringify(name)}, ${JSON.stringify("/t/" + file)}),\n`);
writeFileSync(join(out, "..", "names.rs"), `/// Name and address of everything a page may ask for.\npub const NAMES: &[(&str, &str)] = &[\n${arms.join("")}];\n`);
