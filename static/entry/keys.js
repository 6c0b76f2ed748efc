// The keys of the sheet, as data: shown in the help, matched here, done by the grid. Words: `key_<action>`.

/** `keys`: as `combo` writes them. `native`: the browser or a paste event does it, nothing is intercepted.
 * `anywhere`: also in text fields of the page; `page`: wherever no text is typed, as on a button that filled with 0. */
export const KEYS = [
  { keys: ["ArrowDown"], action: "down" },
  { keys: ["ArrowUp"], action: "up" },
  { keys: ["Enter"], action: "enter" },
  { keys: ["Shift+Enter"], action: "back" },
  { keys: ["Tab"], action: "tab", native: true },
  { keys: ["Shift+Tab"], action: "tab_back", native: true },
  { keys: ["Home"], action: "section_first" },
  { keys: ["End"], action: "section_last" },
  { keys: ["PageDown"], action: "page_down" },
  { keys: ["PageUp"], action: "page_up" },
  { keys: ["Ctrl+Home"], action: "first" },
  { keys: ["Ctrl+End"], action: "last" },
  { keys: ["Ctrl+ArrowDown"], action: "next_open" },
  { keys: ["Ctrl+ArrowUp"], action: "previous_open" },
  { keys: ["F8"], action: "next_remark" },
  { keys: ["0–9"], action: "type", native: true },
  { keys: ["F2"], action: "edit" },
  { keys: ["Escape"], action: "restore" },
  { keys: ["Delete"], action: "clear" },
  { keys: ["N"], action: "no_data", native: true },
  { keys: ["Ctrl+Z"], action: "undo", page: true },
  { keys: ["Ctrl+Y", "Ctrl+Shift+Z"], action: "redo", page: true },
  { keys: ["Ctrl+V"], action: "paste", native: true },
  { keys: ["F9"], action: "zeros" },
  { keys: ["Shift+F2"], action: "note" },
  { keys: ["Shift+F4"], action: "explain" },
  { keys: ["F4"], action: "panel" },
  { keys: ["Ctrl+S"], action: "save", anywhere: true },
  { keys: ["Ctrl+Enter"], action: "submit", anywhere: true },
  { keys: ["F1", "?"], action: "help", anywhere: true },
];

/** The browser's own meaning of these keys comes first while a text is edited inside its cell (after F2). */
const OF_EDITING = new Set(["section_first", "section_last", "clear"]);
const ACTIONS = new Map(KEYS.filter((row) => !row.native).flatMap((row) => row.keys.map((key) => [key, row])));

/** "Ctrl+Shift+Z", "ArrowDown", "N": modifiers in this order, a letter as a capital. */
export function combo(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const held = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", event.shiftKey && key !== "?" && "Shift"];
  return [...held.filter(Boolean), key].join("+");
}

/**
 * What a key means: an action, or "". An input method that composes owns its keys; a text field (notes) keeps every
 * key but those that hold `anywhere`, and all its letters and signs.
 */
export function actionOf(event, { isCell, isText = false, isEditing = false }) {
  if (event.isComposing || event.key === "Process" || event.keyCode === 229) return "";
  const row = ACTIONS.get(combo(event));
  if (!row) return "";
  const isSign = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
  if (isSign && (isCell || isText)) return "";
  if (!isCell && !row.anywhere && (isText || !row.page)) return "";
  return isEditing && OF_EDITING.has(row.action) ? "" : row.action;
}

const SHOWN = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

/** The keys of a row as they stand on a keyboard: [["Ctrl", "↓"]]. */
export const shown = (row) => row.keys.map((key) => key.split("+").map((part) => SHOWN[part] || part));
