// How far the form is: counts in each section and at the foot, the year to date in each row, "fill with 0".
import { element } from "./dom.js";
import { format } from "./numbers.js";
import { yearToDate } from "./totals.js";

export class Progress {
  constructor(sheet, grid, marks, say, { foot, announce }) {
    Object.assign(this, { sheet, grid, marks, say, foot, announce });
    this.heads = new Map();
    if (!sheet.pkg.form.yearly) this.#addColumn();
    for (const section of sheet.sections) this.#adopt(section);
    sheet.addEventListener("change", (event) => event.detail.cells.forEach((cell) => this.#year(cell)));
  }

  /** The year to date as a last column of the table. */
  #addColumn() {
    this.grid.table.querySelector("thead tr").append(element("th", { scope: "col", class: "num past ytd" }, this.say("year_to_date")));
    for (const wide of this.grid.table.querySelectorAll("tbody [colspan]")) wide.colSpan += 1;
    for (const [cell, line] of this.grid.lines) {
      line.ytd = element("td", { class: "num past ytd", "data-label": this.say(line.row.stock ? "latest" : "year_to_date") });
      line.line.append(line.ytd);
      this.#year(cell);
    }
  }

  #year(cell) {
    const { ytd, row } = this.grid.lines.get(cell);
    if (!ytd) return;
    const { value } = yearToDate(this.sheet.pkg, row, this.sheet.cells.get(cell).state);
    ytd.textContent = value === null ? "–" : format(value);
  }

  #adopt(section) {
    const row = section.rows.map((one) => this.grid.lines.get(one.cell)).find(Boolean);
    const head = row && row.line.parentElement.querySelector("tr.objective th");
    if (!head) return;
    for (const old of head.querySelectorAll("button")) old.remove();
    const count = element("span", { class: "count" });
    const fill = element("button", { type: "button", class: "link", tabindex: -1, onclick: () => this.fill(section.id) });
    const back = element("button", { type: "button", class: "link", tabindex: -1, hidden: true, onclick: () => this.grid.replay("undo") }, this.say("undo_zeros"));
    head.append(" ", count, " ", fill, " ", back);
    this.heads.set(section.id, { count, fill, back });
  }

  /** Fill the blank cells of a section with 0, as one step to undo. */
  fill(id) {
    if (!this.sheet.canType) return false;
    const blank = this.sheet.rows.filter((row) => row.section === id && this.sheet.cells.get(row.cell).isBlank);
    const changed = this.sheet.setMany(Object.fromEntries(blank.map((row) => [row.cell, { text: "0", noData: false }])), { source: "zeros" });
    this.announce(this.say(changed.length ? "zeros_done" : "zeros_none", { n: changed.length }));
    return true;
  }

  show() {
    const filledLast = this.sheet.filledLast[0];
    for (const [id, { count, fill, back }] of this.heads) {
      const { filled, total, blanks } = this.sheet.count(id);
      const warnings = this.marks.open().filter((finding) => this.#isIn(finding, id)).length;
      count.textContent = [this.say("filled_of", { filled, total }), warnings ? this.say("warnings", { n: warnings }) : ""].filter(Boolean).join(" · ");
      fill.textContent = this.say("fill_zeros", { n: blanks });
      fill.hidden = !blanks || !this.sheet.canType;
      back.hidden = !this.sheet.canType || !filledLast || this.grid.lines.get(filledLast).row.section !== id;
    }
    const { filled, total, blanks, unread } = this.sheet.count();
    const warnings = this.marks.open().length;
    this.foot.textContent = [this.say("entered_of", { filled, total }), blanks ? this.say("blanks", { n: blanks }) : "",
      unread ? this.say("unread", { n: unread }) : "", warnings ? this.say("warnings", { n: warnings }) : ""].filter(Boolean).join(" · ");
  }

  #isIn(finding, id) {
    const line = this.grid.lines.get(finding.cells[0]);
    return Boolean(line) && line.row.section === id;
  }
}
