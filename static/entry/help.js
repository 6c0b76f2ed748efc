// The table of keys, from keys.js.
import { dialog, element } from "./dom.js";
import { KEYS, shown } from "./keys.js";

export function showKeys(say, onclose) {
  const names = (row) => shown(row).map((parts, index) => [index ? ` ${say("or").trim()} ` : "", parts.map((part, at) => [at ? "+" : "", element("kbd", {}, part)])]);
  const rows = KEYS.map((row) => element("tr", {}, element("th", { scope: "row" }, names(row)), element("td", {}, say(`key_${row.action}`))));
  const close = element("button", { class: "button quiet", autofocus: true }, say("close"));
  return dialog(say("keys_title"), [
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": say("keys_title") }, element("table", { class: "keys" }, element("tbody", {}, rows))),
    element("form", { method: "dialog", class: "actions" }, close),
  ], { wide: true, onclose });
}
