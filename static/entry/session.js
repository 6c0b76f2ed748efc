// Joins a sheet with its draft: what was typed comes back, is kept, sent, and goes on where the session had ended.
import * as conflicts from "./conflicts.js";
import { save, tools } from "./draftfile.js";
import { button, element } from "./dom.js";
import * as offline from "./offline.js";
import { isAfter, isOpen, restore } from "./restore.js";
import { signIn } from "./signin.js";
import * as store from "./store.js";
import { isUnder, prepare, Sender } from "./sync.js";

const clock = (at, language) => new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });

const PATIENCE = 5000; // ms for the browser's database
const WAYS = new Set(["closed", "not_due", "not_open", "not_found", "forbidden"]); // refusals with words of what to do
const ASKED = "entry-persist-asked";

const isHidden = () => document.visibilityState !== "visible";
/** Of several tabs one at a time; undefined in the others. */
const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work());
const after = (ms) => new Promise((resolve) => { setTimeout(resolve, ms, false); });

/** The line under the sheet: on this machine, sent, received are three things. */
function statusLine({ sheet, say, elements }) {
  return (draft, { isLost, trouble, isSending, isOffline, isWriting }) => {
    if (isLost) { elements.saved.textContent = say("not_kept"); return; }
    const n = store.unsent(draft), parts = [];
    const at = (draft && draft.receivedAt) || sheet.pkg.received_at;
    if (isWriting) parts.push(say("keeping"));
    else if (draft && draft.flight && isSending) parts.push(say("sending"));
    else if (n || (draft && (draft.flight || draft.wish))) parts.push(say("saved_here"));
    else if (at) parts.push(say("received", { time: clock(at, sheet.pkg.language) }));
    if (n) parts.push(say("unsent", { n }));
    if (draft && draft.wish) parts.push(say(isOffline ? "ready_offline" : "ready"));
    else if (isOffline) parts.push(say("offline"));
    if (trouble) parts.push(say("not_taken", { code: trouble }));
    const text = parts.join(" · ");
    if (elements.saved.textContent !== text) elements.saved.textContent = text;
  };
}

class Session {
  constructor(page) {
    Object.assign(this, { page, sheet: page.sheet, say: page.say, draft: null, isAsking: false, isSending: false, isLost: false, isShut: false, trouble: 0, boxes: {} });
    const { urls, user, form, period, facility, deadline } = this.sheet.pkg;
    this.sender = new Sender(user.id, { who: `${urls.due}who/` });
    const title = [form.label, period.words, facility.name].join(", ");
    this.keeper = new store.Keeper(this.sheet, { urls, title, deadline }, {
      onwrite: (draft) => prepare(draft, this.#own()), onstate: (draft) => { this.#kept(); this.#show(draft); this.sender.soon(); }, onfail: () => this.#lost() });
    this.line = statusLine(page);
  }

  async start() {
    const { user, key } = this.sheet;
    const draft = await store.load(user.id, key);
    this.#kept();
    if (draft) {
      restore(this.sheet, draft, new Set([...this.keeper.touched, ...this.page.unsaved]));
      if (!this.keeper.touched.size) this.page.begin();
      await this.#reopen();
    }
    this.#listen();
    this.#show(draft || null);
    if (draft && isAfter(draft.receivedAt, this.sheet) && !isOpen(draft.status)) this.#shut(draft);
    if (draft && draft.conflict) this.#conflict();
    else if (draft && draft.asks) this.#asks(draft.asks);
    this.sender.soon(0);
    store.clean(user.id).catch(() => null);
  }

  #kept() {
    this.page.isKept = true;
    this.isLost = false;
  }

  /** A refusal is tried again where the page says that the form may be typed now; what the page shows is forgotten. */
  async #reopen() {
    if (!this.sheet.canType) return;
    await store.edit(this.sheet.user.id, this.sheet.key, (one) => {
      one.refused = null;
      for (const [name, cell] of Object.entries(one.cells)) if (cell.acked && !isAfter(cell.acked, this.sheet) && !store.meaning(cell).problem) delete one.cells[name];
    }).catch(() => this.#lost());
  }

  /** Submitted after this page was kept: it looks open and is not. */
  #shut({ status, receivedAt }) {
    this.isShut = true;
    this.sheet.applyServer({ status, canType: false });
    this.#notice(this.say("submitted_since", { time: new Date(receivedAt).toLocaleString(this.sheet.pkg.language, { dateStyle: "short", timeStyle: "short" }) }));
  }

  /** Marked to be submitted, the sheet is closed: what is sent is what the person saw. It can be taken back until it went. */
  #follow(draft) {
    const isReady = Boolean(draft && draft.wish && !draft.refused);
    const canType = this.sheet.pkg.can_type && !this.isShut && !isReady;
    if (canType !== this.sheet.canType) this.sheet.applyServer({ canType });
    const { sender, trouble } = this;
    this.#box("ready", isReady && (sender.isOffline || sender.failures), () => this.#notice(this.say(sender.isOffline ? "ready_offline" : "ready"), this.say("take_back"), () => sender.withdraw(this.sheet.key)));
    this.#box("trouble", trouble, () => this.#notice(this.say("not_taken_why", { code: trouble }), ...this.#file()));
    if (!draft || !draft.conflict) this.#box("clash", false);
  }

  /** A notice that stands for as long as what it says. */
  #box(name, isTrue, make) {
    if (isTrue && !this.boxes[name]) this.boxes[name] = make();
    if (!isTrue && this.boxes[name]) { this.boxes[name].remove(); delete this.boxes[name]; }
  }

  /** A button that takes the draft along as a file; its notice stays. */
  #file() { return [this.say("file_save"), () => { save(this.sheet); return true; }]; }

  #lost() {
    this.page.isKept = false;
    this.isLost = true;
    this.#show();
  }

  #show(draft = this.draft) {
    this.draft = draft;
    this.#follow(draft);
    this.line(draft, { isLost: this.isLost, trouble: this.trouble, isSending: this.isSending, isOffline: this.sender.isOffline, isWriting: !this.keeper.isIdle && !this.page.isKept });
  }

  #listen() {
    const { sheet, sender } = this;
    // What the browser does not keep is posted by the page itself, as it is without scripts: so is what came unsaved with it.
    const take = (type, work) => sheet.addEventListener(type, (event) => {
      if (!this.page.isKept || this.page.unsaved.length) return;
      event.preventDefault();
      work(event.detail).catch(() => false).then((isKept) => { if (isKept) sender.resume(); else this.#post(type, event.detail || {}); });
    });
    take("submit", (wish) => this.#wish(wish));
    take("save", () => this.#again());
    sheet.addEventListener("change", ({ detail: { cells, source } }) => {
      if (["server", "draft", "page"].includes(source)) return;
      this.#share(cells);
    });
    sender.addEventListener("typed", ({ detail }) => { if (detail.key === sheet.key) sheet.setMany(detail.cells, { source: "draft" }); });
    sender.addEventListener("state", ({ detail }) => {
      if (detail.key && detail.key !== sheet.key) return;
      if (detail.key) Object.assign(this, { isSending: detail.sending, trouble: detail.sending ? this.trouble : detail.trouble || 0 });
      this.#show(detail.draft || this.draft);
    });
    sender.addEventListener("answer", ({ detail }) => { if (detail.key === sheet.key || ["sign_in", "other_user", "csrf"].includes(detail.code)) this.#answered(detail); });
    const leave = () => {
      if (!this.draft) return;
      sender.leave(this.draft);
      this.draft = { ...this.draft, next: null }; // sent, it is not to be made anew
    };
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); else this.#look(); });
    window.addEventListener("pagehide", leave);
  }

  /** The figures of these cells, in every tab of the sheet. */
  #share(cells) { this.sender.share(this.sheet.key, Object.fromEntries(cells.map((name) => [name, this.sheet.cells.get(name).content]))); }

  /** Questions that came while this page was out of sight, unless another tab had them answered. */
  async #look() {
    const draft = await store.load(this.sheet.user.id, this.sheet.key).catch(() => null);
    if (!draft || this.isLost) return;
    this.#show(draft);
    if (draft.conflict) this.#conflict();
    else if (draft.asks) this.#asks(draft.asks);
  }

  /** The number of the operation that this page made ready and did not send. */
  #own() { return this.draft && this.draft.next ? this.draft.next.id : ""; }

  /** Whether everything typed is on disk; a database that does not answer keeps nothing. */
  #flushed() { return Promise.race([this.keeper.flush(), after(PATIENCE)]); }

  /** Saving by hand also tries again what was refused. */
  async #again() {
    if (!await this.#flushed()) return false;
    await Promise.race([after(PATIENCE), store.edit(this.sheet.user.id, this.sheet.key, (one) => { one.refused = null; })]);
    return true;
  }

  async #wish({ remark = "", breaks_seen = [], blanks_seen = false }) {
    if (!await this.#flushed()) return false;
    const fresh = { ...this.keeper.fresh, version: this.sheet.version };
    const draft = await Promise.race([after(PATIENCE), store.edit(this.sheet.user.id, this.sheet.key, (one) => {
      one.wish = { remark, breaks_seen, blanks_seen };
      one.asks = one.refused = null;
      if (one.next && one.next.id === this.#own()) one.next = null; // the figures go with the wish
    }, fresh)]);
    if (draft) this.#show(draft);
    return Boolean(draft);
  }

  #post(action, detail) {
    this.#lost();
    this.page.submitting.post(action, detail);
  }

  async #answered({ draft, code, answer }) {
    [this.isSending, this.trouble] = [false, 0];
    if (code === "received" && !isOpen(answer.status)) this.isShut = true;
    if (["sign_in", "other_user", "csrf"].includes(code)) { this.#show(); return this.#signIn(code, answer); }
    this.#show(draft);
    if (code === "conflict") return this.#conflict();
    if (code !== "received") return this.#refused(answer);
    const others = Object.fromEntries(Object.entries(answer.others).filter(([name]) => !isUnder(draft, name)));
    this.sheet.applyServer({ version: draft.version, status: answer.status, others });
    if (Object.keys(others).length) this.page.announce(this.say("others_merged", { n: Object.keys(others).length, cells: this.#names(Object.keys(others)) }));
    if (answer.submitted) location.assign(this.sheet.pkg.urls.due);
    else if (answer.asks) this.#asks(answer.asks);
    return null;
  }

  #names(cells) { return this.sheet.rows.filter((row) => cells.includes(row.cell)).map((row) => row.column).join(", "); }

  #asks(asks) {
    if (isHidden()) return;
    store.edit(this.sheet.user.id, this.sheet.key, (one) => { one.asks = null; });
    if (asks.unread) { this.#notice(this.say("unread_elsewhere", { cells: this.#names(asks.unread) }), this.say("load_again"), () => location.reload()); return; }
    this.sheet.dispatchEvent(new CustomEvent("asks", { detail: asks }));
  }

  async #signIn(code, answer) {
    if (this.isAsking) return;
    this.isAsking = true;
    const message = code === "other_user" ? `${answer.message} ${this.say("draft_of", { owner: this.sheet.user.name })}` : answer.message;
    const isIn = await signIn(this.sheet.pkg, this.say, message);
    this.isAsking = false;
    if (isIn) this.sender.resume();
    else this.#notice(this.say("waits_for_sign_in"), this.say("sign_in"), () => this.#signIn(code, answer));
  }

  async #conflict() {
    if (this.isAsking || !this.draft.conflict || isHidden()) return;
    this.isAsking = true;
    const found = this.draft.conflict;
    const chosen = await alone(`entry-asks-${this.draft.id}`, () => conflicts.ask(this.sheet, found, this.say));
    this.isAsking = false;
    this.#box("clash", false);
    if (!chosen) { this.#box("clash", true, () => this.#notice(found.message, this.say("choose_now"), () => this.#look())); return; }
    this.#share(Object.keys(await conflicts.settle(this.sheet, found, chosen)));
    this.#show(await store.load(this.sheet.user.id, this.sheet.key));
    this.sender.resume();
  }

  #refused({ code, message, status, cells }) {
    this.isShut = !isOpen(status);
    if (this.isShut) this.sheet.applyServer({ status, canType: false });
    this.#notice([message, cells && cells.length ? this.#names(cells) : "", WAYS.has(code) ? this.say(`way_${code}`) : "", this.say("typed_stays")].filter(Boolean).join(" "), ...this.#file());
  }

  /** One notice at a time over the sheet, with at most one thing to do. */
  #notice(text, label, action) { return notice(this.page.elements.attention)(text, label, action); }
}

export const notice = (place) => (text, label = "", action = null) => {
  const box = element("div", { class: "notice warn", role: "status" }, element("p", {}, text, " ", label ? button(label, () => { if (action() !== true) box.remove(); }) : null));
  place.replaceChildren(box);
  return box;
};

/** Open the draft of `sheet` on its page. Where the browser keeps nothing, the form posts as it does without scripts. */
export async function connect(sheet, page) {
  const { say, elements, form } = page;
  const say_ = notice(elements.attention);
  const row = form.querySelector(".foot") || form;
  const session = new Session(page); // listens from the first key, while the database still opens
  try { await store.open(); } catch {
    session.keeper.isStopped = true;
    elements.saved.textContent = say("not_kept");
    row.after(element("p", { class: "fine tools screen-only" }, tools(page)));
    return;
  }
  await session.start();
  const off = button(say("remove_offline"), () => offline.remove().then(() => say_(say("offline_removed"))));
  row.after(element("p", { class: "fine tools screen-only" }, tools(page), " ", off));
  askToPersist();
  if (await offline.start(sheet.user.id, sheet.pkg.urls.due, { say, notice: say_ })) await offline.keepThis(sheet.user.id);
}

/** Once a browser: some ask the person each time. */
async function askToPersist() {
  try {
    if (!navigator.storage || !navigator.storage.persist || localStorage.getItem(ASKED)) return;
    localStorage.setItem(ASKED, "1");
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch { /* a browser that gives no storage is told of elsewhere */ }
}
