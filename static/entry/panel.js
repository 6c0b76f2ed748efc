// Beside the field being typed: what it counts, what stood there before, the targets it moves, its words.
import { button, element } from "./dom.js";
import { format } from "./numbers.js";
import { earlierMonths, measure, withUnit, yardsticksOf, yearToDate } from "./totals.js";

const WIDE = "(min-width: 75.01rem)";

export class Panel {
  /** `aside`: the place beside the table. On a narrow page the panel stands under the row, when asked for. */
  constructor(sheet, grid, say, { aside, notes }) {
    Object.assign(this, { sheet, grid, say, aside, notes });
    this.box = element("div", { class: "panel", id: "panel" });
    this.wide = window.matchMedia(WIDE);
    this.isOpen = false;
    this.opener = button(say("details"), () => { this.toggle(); grid.focus(grid.current); }, { "aria-expanded": "false", class: "link opener", tabindex: -1 });
    this.wide.addEventListener("change", () => this.place());
    grid.addEventListener("focus", () => { this.show(); this.place(); });
    for (const type of ["change", "note"]) sheet.addEventListener(type, () => this.show());
    this.place();
  }

  /** Put the panel beside the table, or under the row in a line of its own: never over the field. */
  place() {
    const isWide = this.wide.matches;
    this.aside.hidden = !isWide;
    if (isWide) this.aside.append(this.box);
    if (isWide || !this.grid.current) this.opener.remove();
    else this.grid.lines.get(this.grid.current).line.querySelector("th").append(this.opener);
    this.opener.setAttribute("aria-expanded", String(this.isOpen));
    if (isWide || !this.isOpen || !this.grid.current) { if (this.line) this.line.remove(); return; }
    const { line, words } = this.grid.lines.get(this.grid.current);
    (words && !words.hidden ? words : line).after(this.#under());
  }

  #under() {
    if (!this.line) this.line = element("tr", { class: "under" }, element("td", { colspan: 7 }));
    this.line.firstElementChild.append(this.box);
    return this.line;
  }

  /** F4: on a wide page on to the panel's first link or button and back; on a narrow one fold it out and in. */
  toggle() {
    if (!this.wide.matches) {
      this.isOpen = !this.isOpen;
      this.place();
      return true;
    }
    const first = this.box.querySelector("a, button");
    if (first) first.focus();
    return true;
  }

  show() {
    const name = this.grid.current;
    if (!name) return;
    const { row } = this.grid.lines.get(name);
    const cell = this.sheet.cells.get(name);
    const parts = [
      element("h2", {}, [row.column && `${row.column}.`, row.label].filter(Boolean).join(" ")),
      this.#comparison(row, cell),
      ...yardsticksOf(this.sheet.pkg, name).map((one) => this.#target(one)),
      this.#words(name, row, cell),
    ];
    const held = this.box.contains(document.activeElement) ? document.activeElement.dataset.role : null;
    this.box.replaceChildren(...parts.filter(Boolean));
    if (held) (this.box.querySelector(`[data-role="${held}"]`) || this.grid.lines.get(name).field).focus();
  }

  /** This period, those compared with it, and the year to date. */
  #comparison(row, cell) {
    const { pkg } = this.sheet;
    const past = pkg.compared.map(([text, words]) => [words, (pkg.past[text] || {})[row.cell]]);
    const lines = past.map(([words, value]) => this.#line(words, value === undefined || value === null ? "–" : format(value)));
    if (!pkg.form.yearly) {
      const { value, months } = yearToDate(pkg, row, cell.state);
      const due = earlierMonths(pkg).length + 1;
      const text = value === null ? "–" : format(value);
      lines.push(this.#line(this.say(row.stock ? "latest" : "year_to_date"), text, value !== null && months < due && !row.stock ? this.say("months_of", { n: months, due }) : ""));
    }
    return element("table", { class: "beside" }, element("tbody", {}, lines));
  }

  #line(words, value, fine = "") {
    return element("tr", {}, element("th", { scope: "row" }, words), element("td", { class: "num" }, value, fine ? element("small", {}, fine) : null));
  }

  /** "Lũy kế 92,6% (214/231), mốc so sánh 90%", and how that stands to the mark, in a word: no verdict of a station. */
  #target(yardstick) {
    const found = measure(this.sheet.pkg, yardstick, this.sheet.values);
    const params = {
      value: found.value === null ? "" : withUnit(found.value, yardstick), numerator: format(found.numerator),
      denominator: format(found.denominator), target: yardstick.target ? yardstick.target.text : "",
    };
    const key = found.value === null ? "target_none" : found.isRate ? "target_rate" : "target_count";
    const holds = found.holds === null ? null : element("span", { class: found.holds ? "keeps" : "misses" }, this.say(found.holds ? "target_kept" : "target_missed"));
    return element("div", { class: "target" }, element("h3", {}, yardstick.name), element("p", {}, this.say(key, params), " ", holds),
      yardstick.plan ? element("p", { class: "fine" }, yardstick.plan) : null);
  }

  #words(name, row, cell) {
    const list = element("dl", {});
    const add = (key, ...content) => list.append(element("dt", {}, this.say(key)), element("dd", {}, ...content));
    if (cell.sentBack) add("sent_back_title", cell.sentBack);
    if (row.definition) add("definition", row.definition);
    if (row.example) add("example", row.example);
    if (row.basis) add("basis", row.basis);
    const write = (kind, key) => (this.sheet.canType ? button(this.say(key), () => this.notes.write(name, kind), { "data-role": kind }) : null);
    if (cell.note || this.sheet.canType) add("note_title", cell.note ? `${cell.note} ` : "", write("note", cell.note ? "change" : "add_note"));
    if (cell.reason) add("reason_title", cell.reason, " ", cell.isExplained ? write("reason", "change") : this.say("reason_old"));
    if (this.sheet.pkg.urls.history) add("history_title", element("a", { href: this.sheet.pkg.urls.history, "data-role": "history" }, this.say("history_link")));
    return list;
  }
}
