// The figures of one form of one facility for one period, as typed. It knows no page and no network: rendering and
// saving listen to its events and write through it.
//
//   "change"  {cells, source}              figures changed (source: typing, paste, zeros, undo, choice | draft, server, page)
//   "note"    {cell, kind, text, source}   words of a cell changed (kinds note, reason)
//   "status"  {}                           version, status or canType changed
//   "submit"  {remark, breaks_seen, blanks_seen}, "save" {}: asked for by the page; who takes it calls preventDefault
//   "asks"    {blanks, findings}           the server asks before it submits; the page asks the person
import { contentOf, read } from "./numbers.js";

/** Steps a person may take back; what a draft or the server brings is none. */
const UNDOABLE = new Set(["typing", "paste", "zeros", "choice"]);
const MOST_STEPS = 200;

/**
 * One cell. `text` is what stands in the field, byte for byte; `state` what it means: a whole number, "NA" or null.
 * A cell with a `problem` has state null and is NOT blank: its text waits to be corrected and is no value to send.
 */
class Cell {
  constructor(name) {
    this.name = name;
    this.note = this.reason = this.sentBack = "";
    this.reasonValue = this.sentBackValue = null;
    this.write({ text: "", noData: false });
  }

  /** `as: "decimal"` says that an ambiguous text was meant as a decimal, which no count is. */
  write({ text, noData = false, as = "" }) {
    const { state, problem, choices } = read(text);
    this.text = text;
    this.noData = noData;
    this.as = problem === "ambiguous" ? as : "";
    this.problem = this.as || problem;
    this.choices = this.as ? [] : choices;
    this.state = state;
    if (noData && (state === null && !problem || state === "NA")) this.state = "NA";
    else if (noData) { this.state = null; this.problem = "both"; this.choices = []; }
  }

  get isBlank() { return this.state === null && !this.problem; }
  /** A text that can not be read, to be kept as the cell's words of kind "typed"; "" where it can. */
  get typed() { return this.problem ? this.text : ""; }
  /** Whether the reason given speaks of the value that stands here. */
  get isExplained() { return this.reason !== "" && this.reasonValue === this.state; }
  get isSentBack() { return this.sentBack !== "" && this.sentBackValue === this.state; }
  get content() { return { text: this.text, noData: this.noData, as: this.as }; }
}

export class Sheet extends EventTarget {
  /** `pkg`: the package of docs/entry-protocol.md. */
  constructor(pkg) {
    super();
    this.pkg = pkg;
    this.key = pkg.key;
    this.user = pkg.user;
    this.version = pkg.version;
    this.status = pkg.status;
    this.canType = pkg.can_type;
    this.sections = pkg.sections;
    this.rows = pkg.sections.flatMap((section) => section.rows.map((row) => ({ ...row, section: section.id })));
    this.cells = new Map(this.rows.map((row) => [row.cell, new Cell(row.cell)]));
    this.steps = [];
    this.undone = [];
    for (const [name, cell] of this.cells) this.#fill(cell, pkg.values[name], (pkg.notes || {})[name] || {});
  }

  #fill(cell, value, notes) {
    cell.write(notes.typed ? { text: notes.typed.text } : contentOf(value));
    cell.note = notes.note ? notes.note.text : "";
    if (notes.reason) [cell.reason, cell.reasonValue] = [notes.reason.text, orNull(notes.reason.value)];
    if (notes.sent_back) [cell.sentBack, cell.sentBackValue] = [notes.sent_back.text, orNull(notes.sent_back.value)];
  }

  /** {cell: whole number, "NA" or null} of every cell; what can not be read is null here, as in rules. */
  get values() {
    return Object.fromEntries([...this.cells].map(([name, cell]) => [name, cell.state]));
  }

  /** {filled, total, blanks, unread} of the sheet, or of one section. */
  count(section = null) {
    const found = { filled: 0, total: 0, blanks: 0, unread: 0 };
    for (const row of this.rows) {
      if (section !== null && row.section !== section) continue;
      const cell = this.cells.get(row.cell);
      found.total += 1;
      found[cell.problem ? "unread" : cell.isBlank ? "blanks" : "filled"] += 1;
    }
    return found;
  }

  set(name, content, options = {}) {
    return this.setMany({ [name]: content }, options);
  }

  /**
   * Write {cell: {text, noData}} and say so once. Cells of no row are left out, and so are those that stay as they
   * are. Returns the names that changed.
   */
  setMany(changes, { source = "typing" } = {}) {
    if (!this.canType && (UNDOABLE.has(source) || source === "undo")) return [];
    const step = [];
    for (const [name, content] of Object.entries(changes)) {
      const cell = this.cells.get(name);
      if (!cell || same(cell, content)) continue;
      const before = cell.content;
      cell.write(content);
      step.push({ name, before, after: cell.content });
    }
    if (!step.length) return [];
    if (UNDOABLE.has(source)) this.#remember(step, source);
    else if (source !== "undo") this.#forget(new Set(step.map((one) => one.name)));
    return this.#changed(step.map((one) => one.name), source);
  }

  /** One stay in one cell is one step, however many keys it takes. */
  #remember(step, source) {
    this.undone = [];
    const last = this.steps[this.steps.length - 1];
    if (source === "typing" && last && last.isOpen && step.length === 1 && last.changes[0].name === step[0].name) {
      last.changes[0].after = step[0].after;
      return;
    }
    this.steps.push({ changes: step, source, isOpen: source === "typing" && step.length === 1 });
    if (this.steps.length > MOST_STEPS) this.steps.shift();
  }

  /** What others wrote is not to be undone from here. */
  #forget(names) {
    for (const steps of [this.steps, this.undone]) {
      for (const step of steps) step.changes = step.changes.filter((one) => !names.has(one.name));
    }
    this.steps = this.steps.filter((step) => step.changes.length);
    this.undone = this.undone.filter((step) => step.changes.length);
  }

  /** End the step of the cell being typed in; the next key begins another. */
  seal() {
    const last = this.steps[this.steps.length - 1];
    if (last) last.isOpen = false;
  }

  /** The cells of the last step where it was "fill with 0", else []. */
  get filledLast() {
    const last = this.steps[this.steps.length - 1];
    return last && last.source === "zeros" ? last.changes.map((one) => one.name) : [];
  }

  /** Take back the last step (a paste and "fill with 0" are one). Returns the cells, [] where there is nothing. */
  undo() {
    return this.#replay(this.steps, this.undone, "before", true);
  }

  redo() {
    return this.#replay(this.undone, this.steps, "after", false);
  }

  #replay(from, to, side, isUndo) {
    const step = from.pop();
    if (!step) return [];
    step.isOpen = false;
    to.push(step);
    const changes = {};
    for (const one of isUndo ? [...step.changes].reverse() : step.changes) changes[one.name] = one[side];
    return this.setMany(changes, { source: "undo" });
  }

  /** Words of one cell: kind "note", or "reason", which holds while the cell keeps the value it speaks `of`: today's. */
  setNote(name, kind, text, { source = "typing", of } = {}) {
    const cell = this.cells.get(name);
    if (!cell) return;
    if (kind === "reason") [cell.reason, cell.reasonValue] = [text, of === undefined ? cell.state : of];
    else if (kind === "note") cell.note = text;
    else return;
    this.#say("note", { cell: name, kind, text, source });
  }

  /** The server's answer: its version and status, and `others`: {cell: value} that somebody else wrote. */
  applyServer({ version, status, others = {}, canType }) {
    if (version !== undefined) this.version = version;
    if (status !== undefined) this.status = status;
    if (canType !== undefined) this.canType = canType;
    const texts = Object.entries(others).map(([name, value]) => [name, contentOf(value)]);
    this.setMany(Object.fromEntries(texts), { source: "server" });
    this.#say("status", {});
  }

  #changed(cells, source) {
    this.#say("change", { cells, source });
    return cells;
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const orNull = (value) => (value === undefined ? null : value);
const same = (cell, { text, noData = false, as = "" }) =>
  cell.text === text && cell.noData === Boolean(noData) && (cell.as === as || cell.problem !== "ambiguous" && !cell.as);
