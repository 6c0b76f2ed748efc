// Drafts in the browser's database, one record a person and sheet. Texts are kept exactly as typed. Every edit reads
// and writes its record in one transaction, so that two tabs of a sheet never write over each other.
//
//   {id, user, key, urls, title, deadline?, version, cells: {cell: {text, noData, as, at?, acked?: when, "…"}},
//    notes: {cell: {note?, reason?, reason_of?}}, choices, seen, flight, next: {id, body, cells, notes, wish} | null,
//    wish: {remark, breaks_seen, blanks_seen} | null, asks, conflict, refused, receivedAt, status, touched}
//   `version`: the one last acknowledged to this browser, under what is not sent yet. Acknowledged cells stay for pages
//   that were kept before the answer.
import { read } from "./numbers.js";

const NAME = "entry", DRAFTS = "drafts", VERSION = 1;
const DAY = 24 * 3600 * 1000;
const KEPT_DAYS = 100, ACKED_DAYS = 30;
const PAUSE = 1000; // ms until a write that failed is tried again
const SETTLE = 1000; // ms until what the browser holds is on disk too: a killed tab loses nothing, a power cut a second
let opened = null;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** The database. Rejects where the browser gives none (private windows, a full disk). */
export function open() {
  opened = opened || new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) request.result.createObjectStore(DRAFTS, { keyPath: "id" }).createIndex("user", "user");
    };
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => { db.close(); opened = null; }; // another tab brings a newer database
      db.onclose = () => { opened = null; };
      resolve(db);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  opened.catch(() => { opened = null; });
  return opened;
}

const drafts = (db, mode, durability = "strict") => db.transaction(DRAFTS, mode, { durability });

export const idOf = (user, key) => `${user}|${key}`;

/** A draft of this person, or undefined. */
export async function load(user, key) {
  return done(drafts(await open(), "readonly").objectStore(DRAFTS).get(idOf(user, key)));
}

/** Every draft of this person; nobody else's. */
export async function all(user) {
  return done(drafts(await open(), "readonly").objectStore(DRAFTS).index("user").getAll(user));
}

/**
 * Change a draft in place by `change(draft)`; made from `fresh` where there is none. Resolves once it is on disk, or
 * with durability "relaxed" once the browser holds it apart from the page.
 */
export async function edit(user, key, change, fresh = null, durability = "strict") {
  const transaction = drafts(await open(), "readwrite", durability);
  const store = transaction.objectStore(DRAFTS);
  return new Promise((resolve, reject) => {
    let draft;
    const request = store.get(idOf(user, key));
    request.onsuccess = () => {
      draft = request.result || (fresh && blank(user, key, fresh));
      if (!draft) return;
      try {
        change(draft);
        draft.touched = Date.now();
        store.put(draft);
        transaction.commit();
      } catch (error) { reject(error); transaction.abort(); }
    };
    transaction.oncomplete = () => resolve(draft);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

const blank = (user, key, fresh) => ({ id: idOf(user, key), user, key, version: 0, cells: {}, notes: {}, choices: {}, seen: 0,
  flight: null, next: null, wish: null, asks: null, conflict: null, refused: null, receivedAt: null, status: "", ...fresh });

/** Drop what was acknowledged 30 days ago, and anything untouched for longer than the three months forms are kept. */
export async function clean(user, now = Date.now()) {
  for (const draft of await all(user)) {
    const age = now - draft.touched;
    if (age < (unsent(draft) || draft.flight || draft.wish ? KEPT_DAYS : ACKED_DAYS) * DAY) continue;
    drafts(await open(), "readwrite").objectStore(DRAFTS).delete(draft.id);
  }
}

/** How many changes the server has not acknowledged: cells, and cells with words. */
export function unsent(draft) {
  if (!draft) return 0;
  const cells = Object.entries(draft.cells).filter(([, one]) => !one.acked).map(([name]) => name);
  return new Set([...cells, ...Object.keys(draft.notes)]).size;
}

/** What a kept text means: {state, problem}, as the sheet's cell says. */
export function meaning({ text, noData }) {
  const { state, problem } = read(text);
  if (!noData) return { state, problem };
  return (state === null && !problem) || state === "NA" ? { state: "NA", problem: "" } : { state: null, problem: "both" };
}

export const isSame = (a, b) => Boolean(a && b) && a.text === b.text && a.noData === b.noData && a.as === b.as;

/**
 * Keeps a sheet's changes. Writes at once; what is typed while a write runs goes with the next, some milliseconds
 * later. Waiting for an old disk at every key would keep the next key waiting too: that is done once a second.
 * `onwrite(draft)` adds to the same write, `onstate(draft | null)` hears every finished write, `onfail(error)` one that
 * did not succeed.
 */
export class Keeper {
  constructor(sheet, fresh, { onwrite, onstate, onfail }) {
    Object.assign(this, { sheet, fresh, onwrite, onstate, onfail });
    this.cells = new Map();
    this.notes = new Map();
    this.running = null;
    this.timer = 0;
    this.settling = 0;
    this.isStopped = false;
    this.touched = new Set(); // cells typed on this page: a draft being read meanwhile does not go over them
    sheet.addEventListener("change", ({ detail }) => {
      if (["server", "draft", "page"].includes(detail.source)) return;
      for (const name of detail.cells) this.touched.add(name);
      for (const name of detail.cells) this.cells.set(name, { ...sheet.cells.get(name).content, at: Date.now() });
      this.flush();
    });
    sheet.addEventListener("note", ({ detail: { cell, kind, text, source } }) => {
      if (source === "server" || source === "draft") return;
      const words = { ...this.notes.get(cell), [kind]: text };
      if (kind === "reason") words.reason_of = sheet.cells.get(cell).state;
      this.notes.set(cell, words);
      this.flush();
    });
  }

  get isIdle() { return !this.running && !this.cells.size && !this.notes.size; }

  /** Resolves true once everything typed is kept, false where it could not be written; that is tried again. */
  flush() {
    if (this.isStopped) return Promise.resolve(false);
    clearTimeout(this.timer);
    if (!this.running && (this.cells.size || this.notes.size)) this.running = this.#write();
    return this.running || Promise.resolve(true);
  }

  async #write() {
    const [cells, notes] = [this.cells, this.notes];
    [this.cells, this.notes] = [new Map(), new Map()];
    let isKept = true;
    try {
      const draft = await edit(this.sheet.user.id, this.sheet.key, (one) => {
        if (!unsent(one) && !one.flight) one.version = this.sheet.version;
        if (one.refused && one.refused.cells) one.refused = null; // another try once something was mended
        for (const [name, content] of cells) one.cells[name] = content;
        for (const [name, words] of notes) one.notes[name] = { ...one.notes[name], ...words };
        this.onwrite(one);
      }, { ...this.fresh, version: this.sheet.version }, "relaxed");
      this.settling = this.settling || setTimeout(() => this.#settle(), SETTLE);
      this.onstate(draft);
    } catch (error) {
      isKept = false;
      for (const [name, content] of cells) if (!this.cells.has(name)) this.cells.set(name, content);
      for (const [name, words] of notes) this.notes.set(name, { ...words, ...this.notes.get(name) });
      this.onfail(error);
    }
    this.running = null;
    if (isKept) return this.flush();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
    return false;
  }

  #settle() {
    this.settling = 0;
    edit(this.sheet.user.id, this.sheet.key, () => {}, null, "strict").catch(() => null);
  }
}
