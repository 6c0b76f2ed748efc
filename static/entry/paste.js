// Pasting a block: what each cell would become is shown first, what is unclear is asked, and one undo takes it back.
import { reading, survey, ways } from "./block.js";
import { readBlock } from "./clipboard.js";
import { dialog, element } from "./dom.js";
import { format, read, strip } from "./numbers.js";

const MOST_CHARS = 2_000_000;
const MOST_LISTED = 12;

export class Paste {
  /** `announce(text)` says what was done. */
  constructor(sheet, grid, say, { announce }) {
    Object.assign(this, { sheet, grid, say, announce });
    grid.table.addEventListener("paste", (event) => this.#pasted(event));
  }

  #pasted(event) {
    const cell = this.grid.cellOf(event.target);
    if (!cell || !event.clipboardData) return;
    const text = event.clipboardData.getData("text/plain").replace(/\0/g, "");
    const html = event.clipboardData.getData("text/html");
    event.preventDefault();
    if (!this.sheet.canType) return; // a field that is closed to keys is not to this script
    if (text.length + html.length > MOST_CHARS) return this.announce(this.say("paste_too_large"));
    const block = readBlock(text, html);
    if (block.length === 0) return;
    const isSingle = block.length === 1 && block[0].length === 1;
    if (isSingle && strip(block[0][0].text) === "") return; // an empty cell takes nothing away
    if (isSingle && reading(block[0][0]).exact === undefined) this.#one(cell, event.target, block[0][0].text);
    else this.open(block, cell);
  }

  /** A single text goes where the caret is, as it stands. */
  #one(cell, field, text) {
    field.setRangeText(text.replace(/[\r\n]+/g, " "), field.selectionStart, field.selectionEnd, "end");
    this.sheet.set(cell, { text: field.value, noData: false });
    this.grid.commit(cell);
  }

  /** Show the preview. `block`: rows of {text, exact, covered}. */
  open(block, start) {
    const found = survey(block, this.sheet.pkg, this.sheet.rows);
    this.state = { block, start, found, column: found.guess, way: null, picks: new Map(), blanks: false };
    this.body = element("div", {});
    this.apply = element("button", { class: "button", value: "apply" }, "");
    const cancel = element("button", { class: "button quiet", type: "button", onclick: () => this.box.close() }, this.say("cancel"));
    const form = element("form", { method: "dialog", onsubmit: (event) => this.#apply(event) }, this.body, element("div", { class: "actions" }, this.apply, cancel));
    this.#draw();
    // Drawn and marked before it opens: the browser lays it out once.
    const question = this.#isReady() ? null : this.body.querySelector("select, input[name=way]");
    (question || this.apply).setAttribute("autofocus", "");
    this.box = dialog(this.say("paste_title"), [form], { wide: true, onclose: () => this.grid.focus(start) });
  }

  #draw() {
    const { block, found, column } = this.state;
    const parts = [this.#columnChoice()];
    if (column >= 0) {
      this.options = ways(block, found, column, { rows: this.sheet.rows, sections: this.sheet.sections, start: this.state.start });
      if (this.options.length === 1 && !this.options[0].disagree) this.state.way = this.options[0].kind;
      parts.push(this.#wayChoice(), this.#preview());
    }
    this.body.replaceChildren(...parts.filter(Boolean));
    this.#count();
  }

  #columnChoice() {
    const { block, found, column } = this.state;
    if (block[0].length === 1) return null;
    const pick = (event) => { this.state.column = Number(event.target.value); this.state.way = null; this.state.picks.clear(); this.#draw(); this.body.querySelector("select").focus(); };
    const select = element("select", { id: "paste-column", onchange: pick }, column < 0 ? element("option", { value: -1 }, this.say("paste_pick")) : null,
      found.columns.map((x) => element("option", { value: x, selected: x === column }, this.#columnName(x))));
    return element("p", {}, element("label", { for: "paste-column" }, this.say("paste_column", { period: this.sheet.pkg.period.words })), " ", select);
  }

  /** "Tháng 10 (24; 3; 210 …)" */
  #columnName(x) {
    const { block, found } = this.state;
    const head = block.slice(0, found.header).map((row) => strip(row[x].text)).filter(Boolean).join(" ");
    const first = block.slice(found.header).map((row) => strip(row[x].text)).filter(Boolean).slice(0, 3).join("; ");
    return this.say("paste_column_name", { n: x + 1, head: head || "–", first });
  }

  #wayChoice() {
    if (this.options.length === 1 && !this.options[0].disagree) return null;
    const pick = (event) => { this.state.way = event.target.value; this.state.picks.clear(); this.#draw(); this.body.querySelector(`input[value="${this.state.way}"]`).focus(); };
    const radios = this.options.map((way) => element("label", {}, element("input", { type: "radio", name: "way", value: way.kind, checked: way.kind === this.state.way, onchange: pick }),
      this.say(`paste_way_${way.kind}`, { agree: way.agree, disagree: way.disagree })));
    const key = this.options.some((way) => way.disagree) ? "paste_disagrees" : "paste_blank_titles";
    return element("fieldset", { class: "ways" }, element("legend", { class: "hint" }, this.say(key)), radios);
  }

  #way() {
    return this.options.find((way) => way.kind === this.state.way) || null;
  }

  #preview() {
    const way = this.#way();
    if (!way) return null;
    const rows = way.pairs.map((pair) => this.#row(pair));
    const head = ["paste_row", "paste_old", "paste_new", "paste_reading"].map((key) => element("th", { scope: "col" }, this.say(key)));
    const asks = way.pairs.filter((pair) => this.#read(pair).choices && this.#read(pair).choices.length === 1).length;
    return [
      this.#beyond(way), asks > 1 ? this.#askAll(way) : null,
      element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": this.say("paste_title") }, element("table", { class: "preview" }, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows))),
      way.pairs.some((pair) => this.#read(pair).kind === "blank") ? this.#blanks() : null,
    ].filter(Boolean).reduce((all, part) => (all.append(part), all), element("div", {}));
  }

  /** Rows of the block for which the form has no row, each named. */
  #beyond(way) {
    const { column } = this.state;
    const lost = way.beyond.filter(({ line }) => line.some((one) => strip(one.text)));
    if (!lost.length) return null;
    const shown = lost.slice(0, MOST_LISTED).map(({ line, label }) => [label || "", strip(line[column].text)].filter(Boolean).join(": "));
    return element("p", { class: "hint" }, this.say("paste_beyond", { n: lost.length, rows: shown.join("; ") + (lost.length > MOST_LISTED ? "; …" : "") }));
  }

  #askAll(way) {
    const all = () => {
      for (const pair of way.pairs) { const found = this.#read(pair); if (found.choices && found.choices.length === 1) this.state.picks.set(pair.row.cell, found.choices[0]); }
      this.#draw();
      this.apply.focus();
    };
    return element("p", {}, element("button", { type: "button", class: "button small quiet", onclick: all }, this.say("paste_all_counts")));
  }

  #blanks() {
    const box = element("input", { type: "checkbox", onchange: (event) => { this.state.blanks = event.target.checked; this.#count(); } });
    box.checked = this.state.blanks;
    return element("p", {}, element("label", { class: "tick" }, box, " ", this.say("paste_blanks")));
  }

  #read(pair) {
    if (!pair.reading) pair.reading = reading(pair.line[this.state.column]);
    return pair.reading;
  }

  #row(pair) {
    const found = this.#read(pair);
    const cell = this.sheet.cells.get(pair.row.cell);
    const old = cell.noData ? "NA" : cell.text || "–";
    const name = [pair.row.column && `${pair.row.column}.`, pair.row.label].filter(Boolean).join(" ");
    const label = pair.agrees === false ? element("small", { class: "differs" }, this.say("paste_label", { label: pair.label })) : null;
    return element("tr", { class: found.kind }, element("th", { scope: "row" }, name, label), element("td", { class: "num" }, old),
      element("td", { class: "num" }, strip(found.text) || "–"), element("td", {}, this.#said(pair, found)));
  }

  /** How a cell was read, in words; where it has two readings, the choice. */
  #said(pair, found) {
    if (found.kind === "figure") return format(read(found.content.text).state);
    if (found.kind !== "asked") return this.say(`paste_${found.kind}`, { problem: found.problem ? this.say(`short_${found.problem}`) : "" });
    if (found.known !== null && found.known !== undefined && !this.state.picks.has(pair.row.cell)) this.state.picks.set(pair.row.cell, String(found.known));
    const picked = this.state.picks.get(pair.row.cell) || "";
    const pick = (event) => { this.state.picks.set(pair.row.cell, event.target.value); this.#count(); };
    const options = found.choices.map((text) => element("option", { value: text, selected: text === picked }, text === "NA" ? this.say("paste_na") : format(read(text).state)));
    const note = found.exact !== undefined && found.exact !== null ? this.say("paste_rounded", { exact: String(found.exact).replace(".", ",") }) : found.known !== null && found.known !== undefined ? this.say("paste_known") : "";
    return [element("select", { "aria-label": this.say("paste_ask", { text: strip(found.text) }), onchange: pick }, element("option", { value: "" }, this.say("paste_leave")), options), note ? element("small", {}, note) : null];
  }

  #isReady() {
    return this.state.column >= 0 && Boolean(this.#way());
  }

  /** What would be written: {cell: {text, noData}}. */
  #changes() {
    const way = this.state.column >= 0 && this.#way();
    const changes = {};
    for (const pair of way ? way.pairs : []) {
      const found = this.#read(pair);
      const picked = this.state.picks.get(pair.row.cell);
      if (found.kind === "figure") changes[pair.row.cell] = found.content;
      else if (found.kind === "asked" && picked) changes[pair.row.cell] = { text: picked, noData: false };
      else if (found.kind === "blank" && this.state.blanks) changes[pair.row.cell] = { text: "", noData: false };
    }
    return changes;
  }

  #count() {
    const n = Object.keys(this.#changes()).length;
    this.apply.textContent = this.say("paste_apply", { n });
    this.apply.disabled = !this.#isReady() || n === 0;
  }

  #apply(event) {
    event.preventDefault();
    if (!this.#isReady()) return;
    const changes = this.#changes();
    const kept = this.#way().pairs.length - Object.keys(changes).length;
    const changed = this.sheet.setMany(changes, { source: "paste" });
    this.box.close();
    this.announce([this.say("paste_done", { n: changed.length }), kept ? this.say("paste_kept", { n: kept }) : ""].filter(Boolean).join(" "));
  }
}
