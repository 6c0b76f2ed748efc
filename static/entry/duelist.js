// The list of what is due: what lies on this machine beside each row, sending it, and keeping the month for offline use.
import { element } from "./dom.js";
import * as offline from "./offline.js";
import * as store from "./store.js";
import { Sender } from "./sync.js";

const place = document.getElementById("entry-state");
const { user: person, base, ...words } = place.dataset;
const user = Number(person);
/** Words stand in the place's data-… attributes: "conflict_waits" in data-conflict-waits. */
const say = (key) => words[key.replace(/_(.)/g, (whole, letter) => letter.toUpperCase())] || key;

function tell(text, label, action) {
  place.replaceChildren(element("p", { class: "notice warn", role: "status" }, text, " ", label ? element("button", { type: "button", class: "link", onclick: action }, label) : null));
}

/** "" where nothing waits, else the words of one draft. */
function standing(draft) {
  if (draft.conflict) return say("conflict_waits");
  if (draft.refused) return draft.refused.message;
  if (draft.asks) return say("asks_wait");
  const n = store.unsent(draft);
  return [draft.wish ? say("ready_here") : n ? say("draft_here") : "", n ? `${n} ${say("unsent")}` : ""].filter(Boolean).join(" · ");
}

async function show() {
  for (const old of document.querySelectorAll(".here-state")) old.remove();
  for (const draft of await store.all(user)) {
    const link = [...document.querySelectorAll("main a")].find((one) => one.getAttribute("href") === draft.urls.page);
    const text = standing(draft);
    if (link && text) link.parentElement.append(element("small", { class: "here-state" }, text));
  }
}

async function start() {
  const line = () => { if (!navigator.onLine) tell(say("offline_list")); else if (place.dataset.offline) place.replaceChildren(); place.dataset.offline = navigator.onLine ? "" : "1"; };
  window.addEventListener("offline", line);
  window.addEventListener("online", line);
  line();
  try {
    await store.open();
    const sender = new Sender(user, { who: `${base}who/` });
    sender.addEventListener("answer", ({ detail }) => {
      if (["sign_in", "other_user"].includes(detail.code)) tell(detail.answer.message);
      else if (detail.answer.submitted) tell(`${say("submitted_here")}: ${detail.draft.title}`);
      show();
    });
    sender.addEventListener("state", ({ detail: { trouble } }) => {
      if (trouble) tell(`${say("not_taken")} (${trouble})`);
      show();
    });
    await show();
    sender.soon(0);
    store.clean(user).catch(() => null);
  } catch { tell(say("not_kept")); }
  if (await offline.start(user, base, { say, notice: tell }) && navigator.onLine) {
    const n = await offline.keepMonth(user, base).catch(() => 0);
    document.documentElement.dataset.kept = n;
  }
}

start();
