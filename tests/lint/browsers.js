// What Chromium 109 and Firefox 115 know, from MDN's table of features.
import { createRequire } from "node:module";

export const table = createRequire(import.meta.url)("@mdn/browser-compat-data");
const OLDEST = { chrome: 109, firefox: 115 };

const number = (text) => Number.parseInt(String(text).replace("≤", ""), 10);

// Whether one line of the table covers `version`: present, not removed, not behind a switch, under this name.
const covers = (line, version, prefixes) =>
  line.version_added !== false && line.version_added !== "preview" && line.version_added !== null &&
  number(line.version_added) <= version &&
  !(line.version_removed && number(line.version_removed) <= version) &&
  !line.flags && !line.alternative_name && (!line.prefix || prefixes.includes(line.prefix));

// The browsers that do not know a feature, as words; [] where both do. `prefixes` are those also written.
export const strangers = (feature, prefixes = []) => {
  const compat = feature?.__compat;
  if (!compat) return [];
  return Object.entries(OLDEST)
    .filter(([name, version]) => {
      const lines = [compat.support[name] ?? []].flat();
      return !lines.some((line) => covers(line, version, prefixes));
    })
    .map(([name, version]) => `${name} ${version}`);
};
