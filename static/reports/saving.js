// Saves each field about a second after typing, with the fingerprint of what it was typed over. What can not be saved
// stays in its field, is said in words, and is sent again when the network, the session or the person comes back.
const PAUSE = 1000, FIRST_WAIT = 2000, LONGEST_WAIT = 30000, PATIENCE = 20000;

export const token = () => (/(?:^|; )csrftoken=([^;]*)/.exec(document.cookie) || [])[1] || "";
/** The hidden twin of a field: "limits" → "shown_limits", "document-signer" → "document-shown_signer". */
const twinName = (name) => name.replace(/^((?:addition|document)-)?/, "$1shown_");

export async function post(url, body) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": token() };
    return await fetch(url, { method: "POST", body, headers, redirect: "manual", signal: stop.signal });
  } finally {
    clearTimeout(late);
  }
}

/** One field: what of it is stored, and what keeps it from being sent. */
class Kept {
  constructor(element, twin, box) {
    this.element = element;
    this.twin = twin;
    this.box = box;
    this.refused = box.querySelector(".errorlist") ? element.value : null; // a value the server would not have
    this.isHeld = Boolean(box.querySelector(".other")); // in conflict: the person decides
    this.stored = this.refused !== null || this.isHeld ? null : element.value;
  }

  get isUnsaved() { return this.element.value !== this.stored; }
  get isReady() { return this.isUnsaved && !this.isHeld && this.element.value !== this.refused; }
}

export class Saver {
  constructor(form, show, { onSaved, onConflict, onError }) {
    [this.form, this.show, this.onSaved, this.onConflict, this.onError] = [form, show, onSaved, onConflict, onError];
    this.fields = new Map();
    for (const box of form.querySelectorAll(".kept")) {
      const element = form.elements[box.dataset.name];
      this.fields.set(box.dataset.name, new Kept(element, form.elements[twinName(box.dataset.name)], box));
      element.addEventListener("input", () => this.soon());
      element.addEventListener("change", () => this.soon());
    }
    [this.timer, this.flight, this.wait] = [0, null, FIRST_WAIT];
    for (const event of ["online", "focus"]) addEventListener(event, () => this.soon(0));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(0); });
  }

  get isUnsaved() { return [...this.fields.values()].some((field) => field.isUnsaved); }

  soon(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  stop() { clearTimeout(this.timer); this.isStopped = true; }

  /** Send what is ready; resolves once it was answered, whatever the answer. */
  async flush() {
    clearTimeout(this.timer);
    if (this.flight) { await this.flight; return; }
    const ready = [...this.fields].filter(([, field]) => field.isReady);
    if (this.isStopped || !ready.length) return;
    this.flight = this.#send(ready);
    const again = await this.flight;
    this.flight = null;
    if (this.isStopped) return;
    if (again) { this.soon(this.wait); this.wait = Math.min(this.wait * 2, LONGEST_WAIT); return; }
    this.wait = FIRST_WAIT;
    if ([...this.fields.values()].some((field) => field.isReady)) this.soon();
  }

  /** True where it is to be tried again by itself. */
  async #send(ready) {
    this.show("saving");
    const body = new URLSearchParams({ person: this.form.dataset.person });
    const sent = new Map();
    for (const [name, field] of ready) {
      sent.set(name, field.element.value);
      body.set(name, field.element.value);
      body.set(twinName(name), field.twin.value);
    }
    try {
      const response = await post(this.form.dataset.save, body);
      if (response.type === "opaqueredirect" || response.status === 403) { this.show("session"); return true; }
      if (response.status === 409 || response.status === 422) { this.show("refused", (await response.json()).message); return false; }
      if (!response.ok) throw new Error(String(response.status));
      this.#take(await response.json(), sent);
      return false;
    } catch {
      this.show("unsaved");
      return true;
    }
  }

  #take(answer, sent) {
    for (const [name, value] of sent) {
      const field = this.fields.get(name);
      if (name in answer.saved) {
        [field.stored, field.refused, field.twin.value] = [value, null, answer.saved[name]];
        this.onError(field, "");
      } else if (name in answer.conflicts) {
        field.isHeld = true;
        this.onConflict(field, answer.conflicts[name]);
      } else if (name in answer.errors) {
        field.refused = value;
        this.onError(field, answer.errors[name]);
      }
    }
    const isWhole = [...sent.keys()].every((name) => name in answer.saved);
    this.show(isWhole ? "saved" : "some", answer.at);
    this.onSaved(answer);
  }

  /** The person decided a conflict: keep the text of the field over the other's, or take the other's. */
  decide(field, conflict, isMine) {
    field.isHeld = false;
    field.twin.value = conflict.shown;
    if (!isMine) [field.element.value, field.stored] = [conflict.text, conflict.text];
    this.soon(0);
  }
}
