// Sends drafts as docs/entry-protocol.md says, from the database alone: any page that loads this sends every draft of
// its person. What is in flight is frozen there first, so the same operation is repeated until the server has answered.
import { contentOf } from "./numbers.js";
import * as store from "./store.js";

const MOST_CELLS = 400, NOTE_CHARS = 500, KEEPALIVE_BYTES = 60000 /* browsers allow 64 KiB */, TIMEOUT = 30000;
const PAUSES = [1000, 2000, 5000, 10000, 30000, 60000];

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export const token = () => (/(?:^|; )csrftoken=([^;]*)/.exec(document.cookie) || [])[1] || "";

/** A text as the server can store it: no NUL, no half of a pair, at most 500 characters. The draft keeps the original. */
export const sendable = (text) => [...text].map((one) => (one === "\0" || /^[\ud800-\udfff]$/.test(one) ? "\ufffd" : one)).slice(0, NOTE_CHARS).join("");

/** Freeze what is not sent yet into `draft.flight`. Leaves a flight that waits for its answer as it is. */
export function freeze(draft) {
  if (draft.flight || draft.conflict || draft.refused) return;
  if (draft.next) { [draft.flight, draft.next] = [draft.next, null]; return; }
  const body = { operation: newId(), version: draft.version, cells: {}, notes: {} };
  const sent = { cells: {}, notes: {} };
  const waiting = Object.entries(draft.cells).filter(([, one]) => !one.acked);
  for (const [name, one] of waiting.slice(0, MOST_CELLS)) {
    const { state, problem } = store.meaning(one);
    if (problem) body.notes[name] = { typed: sendable(one.text) };
    else body.cells[name] = state;
    sent.cells[name] = one;
  }
  for (const [name, words] of Object.entries(draft.notes).slice(0, MOST_CELLS)) {
    body.notes[name] = { ...body.notes[name], ...Object.fromEntries(Object.entries(words).map(([kind, text]) => [kind, kind === "reason_of" ? text : sendable(text)])) };
    sent.notes[name] = words;
  }
  const mine = Object.keys(draft.choices).filter((name) => name in body.cells);
  if (mine.length) body.choices = { seen: draft.seen, cells: Object.fromEntries(mine.map((name) => [name, "mine"])) };
  const isAll = waiting.length <= MOST_CELLS;
  if (draft.wish && isAll) body.submit = draft.wish;
  if (!Object.keys(sent.cells).length && !Object.keys(sent.notes).length && !body.submit) return;
  draft.flight = { id: body.operation, body: JSON.stringify(body), wish: body.submit || null, ...sent };
}

/**
 * Make `draft.next`: what would be sent now, kept under its number with the figures, so that a page that goes can send it
 * without waiting for the database. One that this page did not make (`own`: the number it did) may have gone already.
 */
export function prepare(draft, own) {
  if (draft.flight) return;
  if (draft.next && draft.next.id !== own) { freeze(draft); return; }
  draft.next = null;
  freeze(draft);
  [draft.next, draft.flight] = [draft.flight, null];
}

/** Whether the cell is being typed here: sent not yet, or a text that nobody can read and that waits to be corrected. */
export function isUnder(draft, name) {
  const one = draft.cells[name];
  return Boolean(one) && (!one.acked || Boolean(store.meaning(one).problem));
}

/** Take an answer into the draft. What was typed after the operation was frozen stays unsent. */
function acknowledged(draft, answer) {
  const { cells, notes } = draft.flight;
  for (const [name, one] of Object.entries(cells)) {
    delete draft.choices[name];
    if (!store.isSame(draft.cells[name], one)) continue;
    draft.cells[name].acked = answer.at; // kept: a page older than the answer does not have it yet
  }
  for (const [name, value] of Object.entries(answer.others)) {
    if (!isUnder(draft, name)) draft.cells[name] = { ...contentOf(value), as: "", acked: answer.at };
  }
  for (const [name, words] of Object.entries(notes)) {
    const now = draft.notes[name] || {};
    if (now.note === words.note) delete now.note;
    if (now.reason === words.reason && now.reason_of === words.reason_of) delete now.reason;
    if (!("reason" in now)) delete now.reason_of;
    if (!Object.keys(now).length) delete draft.notes[name];
  }
  if (draft.flight.wish) draft.wish = null;
  draft.flight = null;
  draft.asks = answer.asks;
  draft.receivedAt = answer.at;
  draft.status = answer.status;
  // Where somebody else wrote such a cell, the older version lets the server ask.
  if (!Object.keys(answer.others).some((name) => isUnder(draft, name))) draft.version = answer.version;
}

async function post(draft, sending) {
  const { id, body } = draft.flight;
  sending.add(id);
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), TIMEOUT);
  try {
    const keepalive = new Blob([body]).size < KEEPALIVE_BYTES;
    const response = await fetch(draft.urls.sync, { method: "POST", body, keepalive, credentials: "same-origin", signal: cut.signal,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token(), "X-Entry-User": String(draft.user) } });
    const answer = await response.json().catch(() => null);
    return { http: response.status, answer, isAnswer: Boolean(answer && (response.ok ? answer.operation : answer.code)) };
  } catch {
    return { http: 0, answer: null, isAnswer: false };
  } finally {
    clearTimeout(timer);
    sending.delete(id);
  }
}

const inTurn = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());

/** Sends the drafts of one person. Events: "state" {key, draft, sending}, "answer" {key, draft, code, http, answer}. */
export class Sender extends EventTarget {
  constructor(user, { who }) {
    super();
    Object.assign(this, { user, who, failures: 0, timer: 0, sending: new Set(), isPaused: false, isOffline: !navigator.onLine });
    this.channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(`entry-${user}`) : null;
    if (this.channel) this.channel.onmessage = ({ data }) => this.#emit(data.type, data.detail);
    const now = () => { this.failures = 0; this.soon(0); };
    window.addEventListener("online", () => { this.isOffline = false; now(); });
    window.addEventListener("offline", () => { this.isOffline = true; this.#emit("state", {}); });
    window.addEventListener("focus", () => this.soon(0));
    document.addEventListener("visibilitychange", () => this.soon(0));
  }

  #emit(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  #tell(type, detail) {
    this.#emit(type, detail);
    if (this.channel) this.channel.postMessage({ type, detail });
  }

  /** Tell every tab what was typed here. */
  share(key, cells) { if (this.channel) this.channel.postMessage({ type: "typed", detail: { key, cells } }); }

  soon(wait = 1000) {
    clearTimeout(this.timer);
    if (!this.isPaused) this.timer = setTimeout(() => this.run(), wait);
  }

  resume() { this.isPaused = false; this.failures = 0; this.soon(0); }

  async run() {
    if (this.isPaused) return;
    let again = false;
    for (const one of await store.all(this.user).catch(() => [])) {
      if (!this.isPaused && (store.unsent(one) || one.flight || one.wish)) again = await inTurn(`entry-${one.id}`, () => this.#send(one.key)).catch(() => true) || again; // a database that fails: later
    }
    if (again && !this.isPaused) {
      const pause = PAUSES[Math.min(this.failures, PAUSES.length) - 1] || 300;
      this.soon(pause * (0.75 + Math.random() / 2));
    }
  }

  /**
   * The page goes, or goes out of sight: there is no time for the database. What lies there under a number goes at once;
   * it may go twice. What was typed in the last moment is on its way to the disk and goes with the next page: sent
   * before it was kept, it would come under two numbers and ask its own person which one holds.
   */
  leave(draft) {
    const ready = draft.flight || draft.next;
    if (this.isPaused || !ready || this.sending.has(ready.id)) return;
    post({ ...draft, flight: ready }, this.sending).then(() => this.soon(0));
  }

  /**
   * Take the wish to submit back. An operation that waits with it goes too: its cells are still in the draft. Where the
   * server has stored it and only the answer was lost, the next one is refused as submitted already.
   */
  async withdraw(key) {
    const draft = await inTurn(`entry-${store.idOf(this.user, key)}`, () => store.edit(this.user, key, (one) => {
      if (one.flight && one.flight.wish) one.flight = null;
      one.wish = one.asks = null;
    }));
    this.#tell("state", { key, draft, sending: false });
  }

  /** Send one draft; true where it is to be tried again. */
  async #send(key, isSecond = false) {
    const draft = await store.edit(this.user, key, freeze);
    if (!draft || !draft.flight) return false;
    this.#tell("state", { key, draft, sending: true });
    const { http, answer, isAnswer } = await post(draft, this.sending);
    const code = answer && answer.code;
    this.isOffline = http === 0;
    // A page (of a proxy, or of a server that failed) says nothing of the operation: it waits, and the person is told.
    const trouble = !isAnswer || http >= 500 || http === 429 ? http : null;
    if (trouble !== null) {
      this.failures += 1;
      this.#tell("state", { key, draft, sending: false, trouble });
      return true;
    }
    this.failures = 0;
    if (code === "csrf" && !isSecond) { await fetch(this.who, { credentials: "same-origin" }).catch(() => null); return this.#send(key, true); }
    if (["sign_in", "other_user", "csrf"].includes(code)) {
      this.isPaused = true;
      this.#emit("answer", { key, draft, code, http, answer });
      return false;
    }
    const after = await store.edit(this.user, key, (one) => {
      if (!one.flight || one.flight.id !== draft.flight.id) return; // another tab heard it first
      if (http === 200) { acknowledged(one, answer); return; }
      if (code === "conflict") one.conflict = { ...answer, isAll: Object.keys(one.cells).every((name) => one.cells[name].acked || name in one.flight.cells) };
      else [one.wish, one.refused] = [null, { code, message: answer.message, cells: http === 422 ? answer.cells || [] : null }]; // mended, it is for the person to submit again
      one.flight = null;
    });
    this.#tell("answer", { key, draft: after, code: http === 200 ? "received" : code, http, answer });
    return store.unsent(after) > 0 && !after.conflict && !after.refused;
  }
}
