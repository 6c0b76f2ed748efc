// Keeps what is typed on a page with a draft: a second after typing, and on leaving. Without this file its own button does.
import { post, token } from "./reports/saving.js";

const PAUSE = 1000, LONGEST_WAIT = 30000;
for (const form of document.querySelectorAll("form[data-typed]")) {
  const line = form.querySelector("[data-typed-words]");
  let timer = 0, wait = PAUSE, flight = null, isUnsaved = false, isLeaving = false, notice = "";

  function show(state, at = "") {
    line.textContent = form.dataset[`words${state}`].replace("%(at)s", at);
  }

  function fields() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("keep", "1");
    // The page's own token is of the session it was opened in; `post` sends that of today's.
    body.delete("csrfmiddlewaretoken");
    return body;
  }

  async function send() {
    isUnsaved = false;
    show("Saving");
    try {
      const response = await post(form.action, fields());
      if (response.type === "opaqueredirect" || response.status === 403) { isUnsaved = true; show("Session"); return; }
      const answer = await response.json();
      if (response.status === 409) { isUnsaved = true; line.textContent = answer.message; return; }
      if (!response.ok) throw new Error(String(response.status));
      wait = PAUSE;
      if (answer.seen && form.elements.seen) form.elements.seen.value = answer.seen;
      notice = answer.notice || notice;
      show("Saved", answer.at);
      if (notice) line.append(`. ${notice}`);
    } catch {
      isUnsaved = true;
      show("Unsaved");
      wait = Math.min(wait * 2, LONGEST_WAIT);
      soon(wait);
    }
  }

  async function flush() {
    clearTimeout(timer);
    if (flight) await flight;
    if (!isUnsaved || isLeaving) return;
    flight = send();
    await flight;
    flight = null;
  }

  function soon(pause = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(flush, pause);
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.name.startsWith("to_")) return;
    isUnsaved = true;
    soon();
  });
  // A step is sent once what is on its way has been answered: else the older could be kept over the newer.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (token()) form.elements.csrfmiddlewaretoken.value = token();
    if (!flight) { isLeaving = true; return; }
    event.preventDefault();
    await flight;
    isLeaving = true;
    form.requestSubmit(event.submitter);
  });
  // Back from signing in elsewhere.
  for (const event of ["online", "focus"]) addEventListener(event, () => soon(0));
  addEventListener("beforeunload", (event) => {
    if (isLeaving || !isUnsaved) return;
    flush();
    event.preventDefault();
    event.returnValue = "";
  });
  addEventListener("pageshow", (event) => { if (event.persisted) isLeaving = false; });
}
