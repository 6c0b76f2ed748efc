// Nothing newer than Chromium 109 and Firefox 115 in the browser's side of the portal.
import compat from "eslint-plugin-compat";
import esx from "eslint-plugin-es-x";
import globals from "globals";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import newerMembers from "./newer_members.js";

const { browserslist: browsers } = createRequire(import.meta.url)("./package.json");

const NEW_YEARS = ["2023", "2024", "2025", "2026"];
const rules = Object.assign(
  {},
  ...NEW_YEARS.map((year) => esx.configs[`flat/no-new-in-es${year}`]?.rules ?? {}),
  ...["flat/no-new-in-esnext"].map((name) => esx.configs[name]?.rules ?? {}),
);
// ES2023 that both know: findLast since Chromium 97 and Firefox 104, `#!` since 74 and 67.
delete rules["es-x/no-array-prototype-findlast-findlastindex"];
delete rules["es-x/no-hashbang"];

// By name alone `map` of an iterator can not be told from `map` of an array: only chains are looked at, below.
for (const rule of Object.keys(rules)) if (rule.startsWith("es-x/no-iterator-prototype-")) delete rules[rule];
const CHAIN = {
  selector:
    "CallExpression[callee.object.type='CallExpression']" +
    "[callee.object.callee.property.name=/^(values|keys|entries|matchAll)$/]" +
    ":not([callee.object.callee.object.name=/^(Object|Array)$/])" +
    "[callee.property.name=/^(map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)$/]",
  message: "Methods of iterators are not known to chrome 109, firefox 115: spread into an array first.",
};

// Names that our own scripts give to members and keys, which some later interface happens to have too.
const GIVEN = /(?:this\.|^\s+(?:get |set |async |static )*|[{,]\s*)([A-Za-z_$][\w$]*)(?:\s*=(?![=>])|:|\([^()]*\)\s*\{)/gm;
const STATIC = fileURLToPath(new URL("../../static/", import.meta.url));
const scripts = readdirSync(STATIC, { recursive: true }).map(String).filter((name) => name.endsWith(".js"));
const FROM_THE_SERVER = ["sync", "unit"]; // keys of the entry package
const given = scripts.flatMap((name) => [...readFileSync(STATIC + name, "utf8").matchAll(GIVEN)].map((found) => found[1]));
const own = new Set([...FROM_THE_SERVER, ...given]);

const shared = {
  plugins: { "es-x": esx, compat, portal: { rules: { "newer-members": newerMembers } } },
  settings: { "es-x": { aggressive: true }, browsers, lintAllEsApis: true },
  rules: {
    ...rules,
    "compat/compat": "error",
    "no-restricted-syntax": ["error", CHAIN],
    "no-undef": "error",
    "portal/newer-members": ["error", { own: [...own] }],
  },
  linterOptions: { reportUnusedDisableDirectives: "error" },
};
const languages = (sourceType, known) => ({ ecmaVersion: "latest", sourceType, globals: known });

export default [
  {
    ...shared,
    files: ["**/*.js"],
    languageOptions: languages("module", { ...globals.browser }),
  },
  {
    // Firefox 115 has no service workers that are modules: `import` in one is an error of syntax here.
    files: ["**/worker.js", "**/*worker*.js"],
    languageOptions: languages("script", { ...globals.serviceworker }),
  },
];
