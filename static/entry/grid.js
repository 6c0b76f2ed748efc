// The table as a sheet: which field has the focus, what its keys do, and what was typed into the sheet.
import { actionOf } from "./keys.js";
import { strip } from "./numbers.js";

const PAGE = 10;
const DOUBLE = 500; // ms between the presses of a double one

export class Grid extends EventTarget {
  /** Events: "focus" {cell} when another cell is entered, "commit" {cell} when one is left or confirmed. */
  constructor(sheet, table) {
    super();
    this.sheet = sheet;
    this.table = table;
    this.lines = new Map();
    for (const row of sheet.rows) {
      const field = document.getElementById(row.id);
      if (field) this.lines.set(row.cell, this.#line(row, field));
    }
    this.order = [...this.lines.keys()];
    this.current = null;
    this.entered = null;
    this.isEditing = false;
    this.pressedAt = 0;
    this.pressed = null;
    this.actions = {};
    this.#listen();
    sheet.addEventListener("change", (event) => event.detail.cells.forEach((cell) => this.show(cell)));
  }

  #line(row, field) {
    const line = field.closest("tr");
    line.dataset.cell = row.cell;
    field.dataset.cell = row.cell;
    return { row, field, line, tick: line.querySelector('input[type="checkbox"]') };
  }

  #listen() {
    this.table.addEventListener("keydown", (event) => this.#key(event));
    this.table.addEventListener("focusin", (event) => this.#enter(event.target));
    this.table.addEventListener("focusout", (event) => this.#leave(event));
    this.table.addEventListener("input", (event) => this.#typed(event.target));
    this.table.addEventListener("change", (event) => this.#ticked(event.target));
    this.table.addEventListener("pointerdown", (event) => this.#pressed(event));
    this.table.addEventListener("mousedown", (event) => this.#down(event));
    this.table.addEventListener("click", () => this.#clicked());
    // Buttons below the fields go by Tab too; the focus that leaves the table by a key is no longer a cell's.
    for (const { field, tick } of this.lines.values()) {
      field.setAttribute("autocomplete", "off");
      field.setAttribute("enterkeyhint", "next");
      if (tick) tick.tabIndex = -1;
    }
  }

  cellOf(target) {
    return (target && target.dataset && this.lines.has(target.dataset.cell) && target.matches("input") && target.dataset.cell) || null;
  }

  #key(event) {
    const cell = this.cellOf(event.target);
    if (!cell) return;
    if (["ArrowLeft", "ArrowRight"].includes(event.key) && !event.isComposing) this.isEditing = true;
    const action = actionOf(event, { isCell: true, isEditing: this.isEditing });
    if (action && this.act(action, cell, event)) event.preventDefault();
  }

  /** Do what a key says. Returns whether it was done here; what is not is the browser's. */
  act(action, cell, event = null) {
    const at = this.order.indexOf(cell);
    if (action in MOVES) return this.#go(MOVES[action](this, at), cell);
    if (action === "enter") return this.#confirm(cell, event);
    if (action === "edit") return this.#edit(cell);
    if (action === "restore") return this.#restore(cell);
    if (action === "clear") return this.sheet.set(cell, { text: "", noData: false }), true;
    if (action === "undo" || action === "redo") return this.replay(action, cell);
    return Boolean(this.actions[action] && this.actions[action](cell) !== false);
  }

  #go(index, from) {
    this.commit(from);
    const cell = this.order[Math.max(0, Math.min(this.order.length - 1, index))];
    if (cell !== undefined) this.focus(cell);
    return true;
  }

  /**
   * Enter: the last cell goes on to the button, the others to the next. What can be read two ways is asked under its
   * cell and waits there: who types without looking up must not answer with the next figure's digits.
   */
  #confirm(cell, event) {
    this.commit(cell);
    if (event && event.repeat) return true;
    if (cell === this.order[this.order.length - 1]) this.dispatchEvent(new CustomEvent("end"));
    else this.focus(this.order[this.order.indexOf(cell) + 1]);
    return true;
  }

  #edit(cell) {
    const { field } = this.lines.get(cell);
    this.isEditing = !this.isEditing;
    if (this.isEditing) field.setSelectionRange(field.value.length, field.value.length);
    else field.select();
    return true;
  }

  #restore(cell) {
    if (this.entered) this.sheet.set(cell, this.entered);
    this.isEditing = false;
    this.lines.get(cell).field.select();
    return true;
  }

  /** Take the last step back, or do it again; `cell`: the one with the focus, null from elsewhere on the page. */
  replay(action, cell = null) {
    if (cell) this.commit(cell);
    const changed = this.sheet[action]();
    const shown = changed.includes(cell) ? cell : this.order.find((one) => changed.includes(one));
    if (shown) { this.focus(shown); this.#mark(shown); }
    this.dispatchEvent(new CustomEvent(action, { detail: { cells: changed } }));
    return true;
  }

  #enter(target) {
    const cell = this.cellOf(target);
    if (!cell || target.type === "checkbox") return;
    this.#mark(cell);
    this.isEditing = false;
    target.select();
    if (cell === this.current) return;
    const before = this.current;
    this.current = cell;
    if (before) this.lines.get(before).line.classList.remove("here");
    this.lines.get(cell).line.classList.add("here");
    this.dispatchEvent(new CustomEvent("focus", { detail: { cell, before } }));
  }

  /** What Escape goes back to. */
  #mark(cell) {
    this.sheet.seal();
    this.entered = this.sheet.cells.get(cell).content;
  }

  #leave(event) {
    const cell = this.cellOf(event.target);
    if (cell) this.commit(cell);
  }

  /** The cell is done with: a lone N means "no data", and the next key begins another step. */
  commit(cell) {
    const { text, noData } = this.sheet.cells.get(cell);
    if (!noData && strip(text).toLowerCase() === "n") this.sheet.set(cell, { text: "NA", noData: false });
    this.sheet.seal();
    this.dispatchEvent(new CustomEvent("commit", { detail: { cell } }));
  }

  #typed(target) {
    const cell = this.cellOf(target);
    if (cell && target.type !== "checkbox") this.sheet.set(cell, { text: target.value, noData: false });
  }

  /** A number and "no data" exclude each other; unticking brings the text set aside back. */
  #ticked(target) {
    const line = target.type === "checkbox" && target.closest("tr");
    const cell = line && this.lines.has(line.dataset.cell) ? line.dataset.cell : null;
    if (!cell || this.lines.get(cell).tick !== target) return;
    const own = this.lines.get(cell);
    if (target.checked) own.aside = this.sheet.cells.get(cell).text;
    const text = target.checked ? "" : own.aside || "";
    this.sheet.set(cell, { text, noData: target.checked }, { source: "choice" });
    this.dispatchEvent(new CustomEvent("commit", { detail: { cell } }));
  }

  /** A press of the mouse selects the cell, a double one sets the caret, as in a sheet; of a finger the second one does. */
  #pressed(event) {
    const cell = this.cellOf(event.target);
    this.pressed = null;
    if (!cell || event.target.type === "checkbox") return;
    const isHere = document.activeElement === event.target, now = event.timeStamp, isMouse = event.pointerType === "mouse";
    const isSecond = isHere && (!isMouse || this.isEditing || now - this.pressedAt < DOUBLE);
    this.pressedAt = now;
    if (isSecond) this.isEditing = true;
    else this.pressed = { field: event.target, isMouse };
  }

  /** The browser would set the caret now, or, inside a selection, only after the press: a key typed at once went astray. */
  #down(event) {
    if (!this.pressed || !this.pressed.isMouse || event.button) return;
    event.preventDefault();
    this.pressed.field.focus();
    this.pressed.field.select();
  }

  #clicked() {
    if (this.pressed) this.pressed.field.select();
    this.pressed = null;
  }

  /** The field shows what the sheet holds; while a key is typed it already does. */
  show(name) {
    const found = this.lines.get(name);
    if (!found) return;
    const cell = this.sheet.cells.get(name);
    if (found.field.value !== cell.text) found.field.value = cell.text;
    if (!found.tick) return;
    found.tick.checked = cell.noData;
    found.tick.parentElement.classList.toggle("ticked", cell.noData);
  }

  focus(cell) {
    const { field, line } = this.lines.get(cell);
    field.focus({ preventScroll: true });
    this.isEditing = false;
    field.select();
    (line.querySelector(".cell") || line).scrollIntoView({ block: "nearest" });
  }

  /** The cells a person still has to look at: empty, not readable, or sent back and not changed since. */
  isOpen(cell) {
    const found = this.sheet.cells.get(cell);
    return found.isBlank || found.problem !== "" || found.isSentBack;
  }

  firstOpen() {
    return this.order.find((cell) => this.isOpen(cell)) || this.order[0];
  }
}

const seek = (grid, from, step, wanted) => {
  for (let at = from + step; at >= 0 && at < grid.order.length; at += step) if (wanted(grid.order[at])) return at;
  return from;
};
const sectionEdge = (grid, at, step) => {
  const section = (index) => grid.lines.get(grid.order[index]).row.section;
  let edge = at;
  while (edge + step >= 0 && edge + step < grid.order.length && section(edge + step) === section(at)) edge += step;
  return edge;
};
const MOVES = {
  down: (_grid, at) => at + 1,
  up: (_grid, at) => at - 1,
  back: (_grid, at) => at - 1,
  page_down: (_grid, at) => at + PAGE,
  page_up: (_grid, at) => at - PAGE,
  first: () => 0,
  last: (grid) => grid.order.length - 1,
  section_first: (grid, at) => sectionEdge(grid, at, -1),
  section_last: (grid, at) => sectionEdge(grid, at, 1),
  next_open: (grid, at) => seek(grid, at, 1, (cell) => grid.isOpen(cell)),
  previous_open: (grid, at) => seek(grid, at, -1, (cell) => grid.isOpen(cell)),
};
