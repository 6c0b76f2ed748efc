// The words under a cell: what is wrong with it, what it is asked, warnings, what the reviewer wrote, the note.
import { button, element } from "./dom.js";
import { strip } from "./numbers.js";

const QUOTED = 30;

export class Marks {
  /** `findings`: () → [{code, message, detail, cells}] of the sheet as it stands. `notes` writes words. */
  constructor(sheet, grid, say, notes) {
    Object.assign(this, { sheet, grid, say, notes });
    this.findings = [];
    for (const [cell, line] of grid.lines) this.#adopt(cell, line);
  }

  /** Take over the line of words that the server wrote; a choice between two people's figures stays. */
  #adopt(cell, line) {
    const next = line.line.nextElementSibling;
    if (next && next.classList.contains("words")) {
      for (const hint of next.querySelectorAll("td > .hint")) hint.remove();
      line.words = next;
      this.#tend(cell);
    }
  }

  /** Findings by the cell they stand under: the first one they name. */
  setFindings(findings) {
    const touched = new Set([...this.findings, ...findings].map((finding) => finding.cells[0]));
    this.findings = findings;
    for (const cell of touched) this.show(cell);
  }

  of(cell) {
    return this.findings.filter((finding) => finding.cells[0] === cell);
  }

  /** Warnings nobody has explained yet. */
  open() {
    return this.findings.filter((finding) => !this.isExplained(finding));
  }

  isExplained(finding) {
    return finding.cells.some((name) => { const cell = this.sheet.cells.get(name); return Boolean(cell && cell.isExplained); });
  }

  show(name) {
    const line = this.grid.lines.get(name);
    if (!line) return;
    const cell = this.sheet.cells.get(name);
    const editor = this.notes.editor(name);
    // What stands as it should is left alone: a button below the cell may have the focus.
    const seen = JSON.stringify([cell.problem && cell.text, cell.problem, cell.as, cell.sentBack, cell.isSentBack, cell.note, cell.isExplained && cell.reason,
      this.of(name).map((finding) => [finding.message, finding.detail, this.isExplained(finding)]), editor && this.notes.open.kind, this.sheet.canType]);
    if (line.seen === seen) return;
    line.seen = seen;
    const parts = [this.#problem(name, cell), ...this.of(name).map((finding) => this.#finding(name, cell, finding)),
      this.#sentBack(cell), this.#note(name, cell)].filter(Boolean);
    if (!parts.length && !editor && !line.words) return;
    const live = this.#words(name, line);
    // An editor in place is not moved: it holds the focus.
    for (const child of [...live.children]) if (child !== editor) child.remove();
    live.prepend(...parts);
    if (editor && !editor.isConnected) live.append(editor);
    this.#tend(name);
  }

  #words(name, line) {
    if (!line.words) {
      const columns = [...line.line.children].length;
      line.words = element("tr", { class: "words" }, element("td", { colspan: columns, id: `w-${line.row.id}` }));
      line.line.after(line.words);
    }
    const td = line.words.firstElementChild;
    let live = td.querySelector(":scope > .live");
    if (!live) td.append((live = element("div", { class: "live" })));
    return live;
  }

  /** The row's marks, and the field's own words for who does not see them. */
  #tend(name) {
    const { line, field, words, row } = this.grid.lines.get(name);
    const cell = this.sheet.cells.get(name);
    const isClash = Boolean(words && words.querySelector("fieldset"));
    const warned = this.of(name).some((finding) => !this.isExplained(finding));
    line.classList.toggle("wrong", Boolean(cell.problem) || isClash);
    line.classList.toggle("warned", !cell.problem && !isClash && warned);
    line.classList.toggle("back", cell.isSentBack);
    if (cell.problem || isClash) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    const said = Boolean(words && words.textContent.trim());
    if (words) words.hidden = !said && !words.querySelector("textarea");
    line.classList.toggle("said", said);
    if (said) field.setAttribute("aria-describedby", `w-${row.id}`);
    else field.removeAttribute("aria-describedby");
  }

  #problem(name, cell) {
    if (!cell.problem) return null;
    const text = clip(strip(cell.text));
    const said = this.say(`problem_${cell.problem}`, { text, choices: cell.choices.join(this.say("or")) });
    if (!cell.choices.length) return element("p", { class: "hint bad" }, said);
    return element("div", { class: "hint bad asked", role: "group", "aria-label": said }, element("span", {}, said), " ", this.#choices(name, cell));
  }

  /** Both readings as buttons; 1 and 2 choose as well, Escape goes back to the field. */
  #choices(name, cell) {
    const [count, decimal] = cell.choices;
    const whole = /^-?\d+,0+$/.test(decimal) ? decimal.replace(/,0+$/, "") : "";
    const take = (content) => {
      this.sheet.set(name, content, { source: "choice" });
      this.show(name);
      if (this.sheet.cells.get(name).problem) this.grid.focus(name);
      else this.grid.act("enter", name);
    };
    const takes = [() => take({ text: count }), () => take(whole ? { text: whole } : { text: cell.text, as: "decimal" })];
    const shown = [count, decimal];
    const buttons = takes.map((chosen, index) =>
      button(element("span", {}, element("kbd", {}, String(index + 1)), " ", this.say(index ? "reading_decimal" : "reading_count", { value: shown[index] })), chosen, { class: "choice" }));
    return element("span", { class: "choices", onkeydown: (event) => this.#chosenByKey(event, name, takes) }, buttons);
  }

  #chosenByKey(event, name, takes) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "1" || event.key === "2") takes[event.key - 1]();
    else if (event.key === "Escape") this.grid.focus(name);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.grid.act(event.key === "ArrowDown" ? "down" : "up", name);
    else return;
    event.preventDefault();
  }

  #finding(name, cell, finding) {
    const words = [finding.message, finding.detail].filter(Boolean).join(" ");
    const explain = this.sheet.canType ? button(this.say("explain"), () => this.notes.write(name, "reason")) : null;
    if (!this.isExplained(finding)) return element("p", { class: "hint" }, words, " ", explain);
    const own = cell.isExplained ? element("span", {}, this.say("explained", { text: cell.reason }), " ", this.sheet.canType ? button(this.say("change"), () => this.notes.write(name, "reason")) : null) : null;
    return element("p", { class: "hint quiet" }, words, " ", own);
  }

  #sentBack(cell) {
    if (!cell.sentBack) return null;
    const key = cell.isSentBack ? "sent_back" : "sent_back_changed";
    return element("p", { class: cell.isSentBack ? "hint bad back" : "hint quiet" }, this.say(key, { text: cell.sentBack }));
  }

  #note(name, cell) {
    if (!cell.note || this.notes.isOpen(name, "note")) return null;
    return element("p", { class: "hint note" }, this.say("note_is", { text: cell.note }), " ", this.sheet.canType ? button(this.say("change"), () => this.notes.write(name, "note")) : null);
  }
}

const clip = (text) => (text.length > QUOTED ? `${text.slice(0, QUOTED - 1)}…` : text);
