// Writing words of a cell in place: a note, or why a warned figure is right. Kept with every key, as figures are.
import { button, element } from "./dom.js";

const MOST_CHARS = 500;

export class Notes {
  constructor(sheet, say) {
    Object.assign(this, { sheet, say });
    this.open = null;
    this.grid = this.marks = null;
  }

  isOpen(name, kind) {
    return Boolean(this.open && this.open.name === name && this.open.kind === kind);
  }

  /** Open the small editor under the cell. A second call leaves it open and gives it the focus. */
  write(name, kind) {
    if (!this.sheet.canType) return false;
    const cell = this.sheet.cells.get(name);
    const before = this.open;
    if (!this.isOpen(name, kind)) this.open = { name, kind, first: kind === "note" ? cell.note : cell.reason, box: null };
    if (before && before.name !== name) this.marks.show(before.name);
    this.marks.show(name);
    this.open.box.querySelector("textarea").focus();
    return true;
  }

  /** The editor where it is open under this cell, else null. One element for as long as it stays open. */
  editor(name) {
    if (!this.open || this.open.name !== name) return null;
    if (!this.open.box) this.open.box = this.#box(name, this.open.kind);
    return this.open.box;
  }

  #box(name, kind) {
    const id = `words-${kind}`;
    const cell = this.sheet.cells.get(name);
    const area = element("textarea", { id, rows: 2, maxlength: MOST_CHARS, oninput: () => this.sheet.setNote(name, kind, area.value) });
    area.value = kind === "note" ? cell.note : cell.reason;
    area.addEventListener("keydown", (event) => this.#key(event));
    return element("div", { class: "write" }, element("label", { for: id }, this.say(kind === "note" ? "write_note" : "write_reason")), area,
      element("div", { class: "write-actions" }, button(this.say("done"), () => this.close(), { class: "button small quiet" }), element("span", { class: "fine" }, this.say("write_keys"))));
  }

  /** Enter ends, Shift+Enter is a new line, Escape brings the words before back. Letters are never touched. */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") { this.close({ restore: true }); event.preventDefault(); event.stopPropagation(); }
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) { this.close(); event.preventDefault(); }
  }

  close({ restore = false } = {}) {
    if (!this.open) return;
    const { name, kind, first } = this.open;
    this.open = null;
    if (restore) this.sheet.setNote(name, kind, first);
    this.marks.show(name);
    this.grid.focus(name);
  }
}
