// Flags properties, values, selectors and at-rules that the oldest browsers kept do not know.
// A declaration is fine after a plain one of the same property in the same rule, and inside @supports.
import parseSelector from "postcss-selector-parser";
import parseValue from "postcss-value-parser";
import stylelint from "stylelint";
import { strangers, table } from "./browsers.js";

const name = "portal/newer-css";
const { properties, selectors, types, "at-rules": atRules } = table.css;
const messages = stylelint.utils.ruleMessages(name, {
  newer: (what, who) => `${what} is not known to ${who}`,
  unknown: (what) => `${what} is not in the table of properties`,
});

// Every function the table names, anywhere among the types, with all its entries.
const functions = new Map();
const gather = (branch) => {
  for (const [key, feature] of Object.entries(branch)) {
    if (key === "__compat") continue;
    if (feature.__compat) functions.set(key, [...(functions.get(key) ?? []), feature]);
    gather(feature);
  }
};
gather(types);

const UNITS = {
  viewport_percentage_units_dynamic: /^dv(w|h|i|b|min|max)$/, viewport_percentage_units_small: /^sv/,
  viewport_percentage_units_large: /^lv/, container_query_length_units: /^cq/, cap: /^cap$/, ic: /^ic$/,
  lh: /^lh$/, rlh: /^rlh$/, rcap: /^rcap$/, rch: /^rch$/, rex: /^rex$/, ric: /^ric$/,
};

const faultOfWord = (property, word) => {
  const unit = parseValue.unit(word)?.unit;
  const row = unit && Object.keys(UNITS).find((key) => UNITS[key].test(unit));
  if (row && types.length[row]) return [unit, strangers(types.length[row])];
  const own = properties[property]?.[word] ?? properties[property]?.[word.replaceAll("-", "_")];
  return [word, strangers(own ?? types.global_keywords?.[word])];
};

const faultOfFunction = (property, called) => {
  const entries = [properties[property]?.[called], ...(functions.get(called) ?? [])].filter(Boolean);
  const answers = entries.map((entry) => strangers(entry));
  return [`${called}()`, answers.length && answers.every((who) => who.length) ? answers[0] : []];
};

// [what, who] of everything newer in a declaration's value.
const faultsOfValue = (property, value) => {
  const faults = [];
  parseValue(value).walk((node) => {
    if (node.type === "word") faults.push(faultOfWord(property, node.value));
    if (node.type === "function" && node.value) faults.push(faultOfFunction(property, node.value));
    if (node.type === "div" && node.value === "/" && property === "content") {
      faults.push(["content: … / …", strangers(properties.content.alt_text)]);
    }
  });
  return faults.filter(([, who]) => who.length);
};

const isGuarded = (node) => {
  for (let parent = node.parent; parent; parent = parent.parent) if (parent.name === "supports") return true;
  return false;
};

const faultsOfDeclaration = (declaration, ignored) => {
  const property = declaration.prop.toLowerCase();
  if (property.startsWith("-") || ignored.has(property) || isGuarded(declaration)) return [];
  if (declaration.parent.name === "font-face" || declaration.parent.name === "page") return [];
  if (!properties[property]) return [[property, null]];
  const siblings = declaration.parent.nodes.filter((node) => node.type === "decl");
  const prefixes = ["-webkit-", "-moz-"].filter((prefix) => siblings.some((one) => one.prop === prefix + property));
  const who = strangers(properties[property], prefixes);
  if (who.length) return [[property, who]];
  if (prefixes.length) return [];
  const before = siblings.slice(0, siblings.indexOf(declaration)).filter((one) => one.prop === declaration.prop);
  if (before.some((one) => !faultsOfValue(property, one.value).length)) return [];
  return faultsOfValue(property, declaration.value);
};

const faultsOfSelector = (rule) => {
  if (isGuarded(rule) || /keyframes$/.test(rule.parent.name ?? "")) return [];
  const faults = rule.parent.type === "rule" ? [["nesting", strangers(selectors.nesting)]] : [];
  parseSelector((root) => {
    root.walkNesting(() => faults.push(["&", strangers(selectors.nesting)]));
    root.walkPseudos((node) => {
      const bare = node.value.replace(/^:+/, "").toLowerCase();
      faults.push([node.value, strangers(selectors[bare])]);
    });
  }).processSync(rule.selector);
  return faults.filter(([, who]) => who.length);
};

const faultsOfAtRule = (rule) => {
  const faults = [[`@${rule.name}`, strangers(atRules[rule.name])]];
  if (rule.name === "media") {
    for (const [, feature] of rule.params.matchAll(/\(\s*([a-z-]+)/g)) {
      faults.push([feature, strangers(atRules.media[feature])]);
    }
    if (/[<>]/.test(rule.params)) faults.push(["range in @media", strangers(atRules.media.range_syntax)]);
  }
  return faults.filter(([, who]) => who.length);
};

const ruleFunction = (primary, options = {}) => (root, result) => {
  const ignored = new Set(Object.keys(options.ignore ?? {}));
  const report = (node, faults) => {
    for (const [what, who] of faults) {
      const message = who ? messages.newer(what, who.join(", ")) : messages.unknown(what);
      stylelint.utils.report({ ruleName: name, result, node, message });
    }
  };
  root.walkDecls((node) => report(node, faultsOfDeclaration(node, ignored)));
  root.walkRules((node) => report(node, faultsOfSelector(node)));
  root.walkAtRules((node) => report(node, faultsOfAtRule(node)));
};
ruleFunction.ruleName = name;
ruleFunction.messages = messages;

export default stylelint.createPlugin(name, ruleFunction);
