// A draft as a file, for browsers that erase what pages keep, and back into the cells after a look at it.
import { button, dialog, element } from "./dom.js";
import { load } from "./store.js";

const FORMAT = "entry-draft/1", MOST_BYTES = 1e6;

/** Download every cell as it stands, with what has not been acknowledged marked by the database's own record. */
export async function save(sheet) {
  const draft = await load(sheet.user.id, sheet.key).catch(() => null);
  const cells = Object.fromEntries([...sheet.cells].filter(([name, cell]) => cell.text || cell.noData || (draft && draft.cells[name] && !draft.cells[name].acked)).map(([name, cell]) => [name, cell.content]));
  const notes = Object.fromEntries([...sheet.cells].filter(([, cell]) => cell.note).map(([name, cell]) => [name, cell.note]));
  const text = JSON.stringify({ format: FORMAT, key: sheet.key, user: sheet.user.id, version: sheet.version, at: new Date().toISOString(), cells, notes }, null, 1);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: `${sheet.key.replace(/\//g, "-")}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Read a file's text: {cells, notes} of this sheet. Throws the word's key that says what is wrong. */
export function parse(text, sheet) {
  let given;
  try { given = JSON.parse(text); } catch { throw new Error("file_unreadable"); }
  if (!given || given.format !== FORMAT || typeof given.cells !== "object" || !given.cells) throw new Error("file_unreadable");
  if (given.key !== sheet.key) throw new Error("file_other");
  const cells = {}, notes = {};
  for (const [name, one] of Object.entries(given.cells)) {
    if (!sheet.cells.has(name) || !one || typeof one.text !== "string") continue;
    cells[name] = { text: one.text, noData: one.noData === true, as: one.as === "decimal" ? "decimal" : "" };
  }
  for (const [name, note] of Object.entries(given.notes || {})) if (sheet.cells.has(name) && typeof note === "string") notes[name] = note;
  return { cells, notes };
}

async function bring(file, sheet, say, announce) {
  if (file.size > MOST_BYTES) { announce(say("file_unreadable")); return; }
  let found;
  try { found = parse(await file.text(), sheet); } catch (error) { announce(say(error.message)); return; }
  const differing = sheet.rows.filter(({ cell }) => found.cells[cell] && (found.cells[cell].text !== sheet.cells.get(cell).text || found.cells[cell].noData !== sheet.cells.get(cell).noData));
  const lines = differing.map((row) => element("tr", {}, element("th", { scope: "row" }, `${row.column} ${row.label}`),
    element("td", { class: "num" }, sheet.cells.get(row.cell).text || "–"), element("td", { class: "num" }, found.cells[row.cell].noData ? "NA" : found.cells[row.cell].text || "–")));
  const take = () => {
    box.close();
    sheet.setMany(Object.fromEntries(differing.map(({ cell }) => [cell, found.cells[cell]])), { source: "paste" });
    for (const [name, text] of Object.entries(found.notes)) if (sheet.cells.get(name).note !== text) sheet.setNote(name, "note", text);
  };
  const box = dialog(say("file_title", { n: differing.length }), [element("div", { class: "scroll", tabindex: "0" }, element("table", { class: "preview" }, element("tbody", {}, lines))),
    element("div", { class: "actions" }, button(say("file_take"), take, { class: "button" }), button(say("close"), () => box.close(), { class: "button quiet" }))]);
}

/** The two buttons under the sheet. */
export function tools({ sheet, say, announce }) {
  const input = element("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: () => {
    if (input.files[0]) bring(input.files[0], sheet, say, announce);
    input.value = "";
  } });
  return [button(say("file_save"), () => save(sheet)), " ", button(say("file_open"), () => input.click()), input];
}
