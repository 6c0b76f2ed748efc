// Two people, one cell: both values, who and when, and a choice for each. Nothing was stored until it is made.
import { element } from "./dom.js";
import { contentOf } from "./numbers.js";
import { edit } from "./store.js";

const shown = (value, say) => (value === null ? say("blank_value") : value === "NA" ? say("no_data_value") : String(value));

const when = (at, language) => (at ? new Date(at).toLocaleString(language, { dateStyle: "short", timeStyle: "short" }) : "");

function choice(name, value, text, checked) {
  return element("label", {}, element("input", { type: "radio", name, value, checked }), " ", text);
}

function question(row, conflict, say, language) {
  const name = `clash-${conflict.cell}`;
  const who = { by: conflict.by || "", at: when(conflict.at, language), value: shown(conflict.theirs, say) };
  return element("fieldset", { class: "ways" }, element("legend", {}, `${row.column} ${row.label}`),
    choice(name, "mine", say("keep_mine", { value: shown(conflict.yours, say) }), true),
    choice(name, "theirs", say(conflict.is_own ? "keep_own" : "keep_theirs", who), false));
}

/** Ask cell by cell; resolves with {cell: "mine" | "theirs"}, or null where the person wants to decide later. */
export function ask(sheet, found, say) {
  const rows = new Map(sheet.rows.map((row) => [row.cell, row]));
  return new Promise((resolve) => {
    let chosen = null;
    const form = element("form", { method: "dialog", onsubmit: () => {
      chosen = Object.fromEntries(found.conflicts.map(({ cell }) => [cell, form.elements[`clash-${cell}`].value]));
    } }, element("p", {}, found.message), found.conflicts.map((one) => question(rows.get(one.cell) || { column: "", label: one.cell }, one, say, sheet.pkg.language)),
    element("div", { class: "actions" }, element("button", { class: "button" }, say("send_choices")),
      element("button", { type: "button", class: "button quiet", onclick: () => box.close() }, say("later"))));
    const box = element("dialog", { class: "ask", "aria-labelledby": "clash-title" }, element("h2", { id: "clash-title" }, say("conflict_title")), form);
    box.addEventListener("close", () => { box.remove(); resolve(chosen); });
    document.body.append(box);
    box.showModal();
  });
}

/** Put the choices into the draft: the next operation names them. A cell given up takes the other's value. Returns what others wrote. */
export async function settle(sheet, found, chosen) {
  const untouched = { ...found.others };
  const given = found.conflicts.filter(({ cell }) => chosen[cell] === "theirs");
  await edit(sheet.user.id, sheet.key, (draft) => {
    for (const { cell, theirs, at } of given) {
      delete draft.choices[cell];
      if (at) draft.cells[cell] = { ...contentOf(theirs), as: "", acked: at };
      else delete draft.cells[cell];
    }
    for (const { cell } of found.conflicts) if (chosen[cell] === "mine") draft.choices[cell] = "mine";
    for (const cell of Object.keys(untouched)) if (draft.cells[cell] && !draft.cells[cell].acked) delete untouched[cell];
    draft.seen = found.version;
    if (found.isAll) draft.version = found.version;
    draft.conflict = null;
  });
  const others = { ...untouched, ...Object.fromEntries(given.map(({ cell, theirs }) => [cell, theirs])) };
  sheet.applyServer({ version: found.version, others });
  return others;
}
