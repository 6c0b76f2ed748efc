// Submitting: what can not be read is gone back to, blanks and warnings are asked once, then the store or the form sends.
import { dialog, element } from "./dom.js";

const REMARK_CHARS = 500, PATIENCE = 10000;

export class Submitting {
  /** `form`: the page's form, which sends by itself where no store takes the event. */
  constructor(sheet, grid, marks, say, { form, announce }) {
    Object.assign(this, { sheet, grid, marks, say, form, announce });
    this.isNative = false;
    form.addEventListener("submit", (event) => this.#asked(event));
    sheet.addEventListener("asks", (event) => this.#serverAsks(event.detail));
  }

  #asked(event) {
    if (this.isNative) return;
    const action = event.submitter ? event.submitter.value : "save";
    if (action !== "submit" && action !== "save") return;
    event.preventDefault();
    if (action === "submit") this.submit();
    else this.save();
  }

  save() {
    if (this.grid.current) this.grid.commit(this.grid.current);
    if (this.sheet.dispatchEvent(new CustomEvent("save", { cancelable: true }))) this.post("save");
    return true;
  }

  submit() {
    if (!this.sheet.canType) return false;
    if (this.grid.current) this.grid.commit(this.grid.current);
    const unread = this.grid.order.filter((cell) => this.sheet.cells.get(cell).problem);
    if (unread.length) {
      this.grid.focus(unread[0]);
      this.announce(this.say("unread_first", { n: unread.length }));
      return true;
    }
    const { blanks } = this.sheet.count();
    const codes = this.marks.findings.map((finding) => finding.code);
    const open = this.marks.open();
    if (blanks || open.length) this.ask(blanks, open.map((finding) => finding.message), codes);
    else this.#submitted({ remark: "", breaks_seen: codes, blanks_seen: false });
    return true;
  }

  /** One dialog for everything; Enter submits, Escape goes back to the sheet. */
  ask(blanks, messages, codes) {
    const remark = element("textarea", { id: "ask-remark", rows: 2, maxlength: REMARK_CHARS });
    const send = () => {
      const detail = { remark: remark.value.trim(), breaks_seen: [...new Set(codes)], blanks_seen: blanks > 0 };
      this.box.close();
      this.#submitted(detail);
    };
    const back = element("button", { type: "button", class: "button quiet", onclick: () => this.box.close() }, this.say("back_to_sheet"));
    const go = element("button", { class: "button" }, this.say("submit_anyway"));
    const form = element("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); send(); } },
      blanks ? element("p", {}, this.say("blanks_left", { n: blanks })) : null,
      messages.length ? [element("p", {}, this.say("warnings_left", { n: messages.length })), element("ul", {}, messages.map((text) => element("li", {}, text)))] : null,
      element("p", {}, element("label", { for: "ask-remark" }, this.say("remark")), remark), element("div", { class: "actions" }, go, back));
    form.addEventListener("keydown", (event) => toRemark(event, remark));
    const cell = this.grid.current || this.grid.firstOpen();
    this.box = dialog(this.say("submit_title"), [form], { onclose: () => { if (!this.isNative) this.grid.focus(cell); } });
    go.focus();
  }

  /** The server found more than the browser did: blanks of others' cells, rules this page does not have. */
  #serverAsks({ blanks = 0, findings = [] }) {
    const codes = [...this.marks.findings.map((finding) => finding.code), ...findings.map((finding) => finding.code)];
    this.ask(blanks, findings.map((finding) => [finding.message, finding.detail].filter(Boolean).join(" ")), codes);
  }

  #submitted(detail) {
    if (this.sheet.dispatchEvent(new CustomEvent("submit", { cancelable: true, detail }))) this.post("submit", detail);
  }

  /** Send the form as it goes without this script. A server out of reach would leave a page without the figures. */
  async post(action, { remark = "", breaks_seen = [], blanks_seen = false } = {}) {
    if (this.isNative) return;
    this.isNative = true;
    if (!await isReached(this.sheet.pkg.urls.who)) {
      this.isNative = false;
      this.announce(this.say("not_kept_not_reached"));
      return;
    }
    const { version, pkg } = this.sheet;
    const seen = this.form.elements.version; // of a page that came unsaved, older than the package's: the server asks
    if (Number(seen.value) === pkg.version) seen.value = version; // the fields show what the server sent since
    const fields = { remark, breaks_seen: breaks_seen.join(" "), blanks_seen: blanks_seen ? "1" : "" };
    for (const [name, value] of action === "submit" ? Object.entries(fields) : []) {
      for (const old of this.form.querySelectorAll(`[name="${name}"]`)) old.disabled = true;
      if (value) this.form.append(element("input", { type: "hidden", name, value }));
    }
    // A form that is being asked to submit does not hear it again: wait until it was told not to.
    setTimeout(() => this.form.requestSubmit(this.form.querySelector(`.foot [value="${action}"]`)));
  }
}

/** Who begins to type an explanation means its field, though a button has the focus: its first space would submit. */
function toRemark(event, remark) {
  const isLetter = event.key.length === 1 && event.key !== " " || event.key === "Process";
  if (isLetter && event.target !== remark && !event.ctrlKey && !event.altKey && !event.metaKey) remark.focus();
}

/** Whether the server answers anything at all now. */
async function isReached(url) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), PATIENCE);
  try { return Boolean(await fetch(url, { credentials: "same-origin", cache: "no-store", signal: cut.signal })); }
  catch { return false; }
  finally { clearTimeout(timer); }
}
