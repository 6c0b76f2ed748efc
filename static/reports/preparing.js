// The page on which a report is prepared: fields saved as they are typed, steps counted, the preview kept current, and
// whoever else has the page open named. Without this file everything is saved by the buttons.
import { element } from "../entry/dom.js";
import { keepPreview } from "./preview.js";
import { post, Saver } from "./saving.js";

const EVERY = 20000;
const form = document.getElementById("typed");
const line = document.getElementById("saving");
const words = (name) => form.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`];
const refreshPreview = keepPreview(document.getElementById("preview"));

function show(state, detail = "") {
  line.classList.toggle("bad", ["unsaved", "session", "refused", "some"].includes(state));
  line.textContent = state === "refused" ? detail : words(state).replace("%(at)s", detail);
  if (state === "session") line.append(" ", element("a", { href: form.dataset.signIn, target: "_blank" }, words("signIn")));
}

function showError(field, text) {
  for (const old of field.box.querySelectorAll(".errorlist")) old.remove();
  const id = `${field.element.id}_said`;
  field.element.setAttribute("aria-invalid", String(Boolean(text)));
  if (!text) { field.element.removeAttribute("aria-describedby"); return; }
  field.element.before(element("ul", { class: "errorlist", id }, element("li", {}, text)));
  field.element.setAttribute("aria-describedby", id);
}

function showConflict(field, conflict) {
  const box = element("div", { class: "notice warn other", role: "alert" });
  const done = (isMine) => { box.remove(); saver.decide(field, conflict, isMine); field.element.focus(); count(); };
  box.append(element("h4", {}, words("conflict")), element("div", { lang: "vi", tabindex: "0", role: "region", "aria-label": `${words("conflict")} ${field.box.querySelector("label").textContent}` }, conflict.text || "…"),
    element("div", { class: "actions" },
      element("button", { type: "button", class: "button quiet small", onclick: () => done(true) }, words("mine")),
      element("button", { type: "button", class: "button quiet small", onclick: () => done(false) }, words("theirs"))));
  field.box.append(box);
}

function showWarnings(warnings) {
  for (const box of form.querySelectorAll("[data-counts=head] .kept")) {
    for (const old of box.querySelectorAll(".warned")) old.remove();
    const text = warnings[box.dataset.name];
    if (text) box.querySelector(".field").after(element("p", { class: "warned" }, text));
  }
}

const isBlank = (text) => !text.trim() || text.includes("....");
/** Whether a field has to be filled and is not, or what stands in it is refused or warned of. */
const isOpen = (box) => ("wanted" in box.dataset && isBlank(form.elements[box.dataset.name].value)) || Boolean(box.querySelector(".warned, .errorlist"));

// What is still to be typed, and the drafts of fields that are still empty.
function count() {
  for (const section of form.querySelectorAll("[data-counts]")) {
    const left = [...section.querySelectorAll(".kept")].filter(isOpen).length;
    const state = document.querySelector(`[data-step="${section.dataset.counts}"] .state`);
    state.className = `state ${left ? "missing" : "done"}`;
    state.textContent = left ? words("left").replace("%(n)s", String(left)) : words("done");
  }
  for (const hint of form.querySelectorAll("[data-counts=texts] [data-wanted] .helptext")) {
    hint.hidden = Boolean(form.elements[hint.closest(".kept").dataset.name].value.trim());
  }
  for (const draft of form.querySelectorAll(".draft")) {
    draft.hidden = Boolean(form.elements[draft.closest(".kept").dataset.name].value.trim());
  }
}

const saver = new Saver(form, show, {
  onSaved: (answer) => { showWarnings(answer.warnings); count(); refreshPreview(); },
  onConflict: showConflict,
  onError: showError,
});
form.addEventListener("input", count);

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=keep]");
  if (!button) return;
  event.preventDefault();
  for (const name of button.dataset.fills.split(" ").filter(Boolean)) {
    const field = form.elements[name];
    const draft = field.closest(".kept").querySelector("[data-draft]");
    if (draft && !field.value.trim()) field.value = draft.textContent;
  }
  count();
  saver.soon(0);
});

const estimates = document.getElementById("estimates-form");
// What is stored is told beside its field: what stands in one is not stored, be it typed now or refused before.
const typedEstimates = () => (estimates ? [...estimates.elements].filter((field) => field.type === "text" && field.value.trim()) : []);
const isTyped = () => typedEstimates().length > 0;

/** Store the estimates typed. False where they are not: the page that says why opens, or this one stays as it is. */
async function storeEstimates() {
  const [typed, body] = [typedEstimates(), new URLSearchParams(new FormData(estimates))];
  try {
    const response = await post(estimates.action, body);
    if (response.type === "opaqueredirect" || response.status === 403) { show("session"); return false; }
    if (response.status === 422) { estimates.requestSubmit(); return false; }
    if (!response.ok) throw new Error(String(response.status));
    for (const field of typed) field.value = "";
    return true;
  } catch {
    show("unsaved");
    return false;
  }
}

// A form is sent once what is on its way has been answered: else one would be in conflict with oneself. The page's own
// goes after the estimates, which stand in another.
let isLeaving = false;
document.addEventListener("submit", async (event) => {
  const other = event.target;
  const isOwn = other === form;
  if (isLeaving || (isOwn ? !saver.flight && !isTyped() : !saver.isUnsaved)) { isLeaving = isLeaving || isOwn; if (isOwn) saver.stop(); return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isOwn) await saver.flight; else await saver.flush();
  if (isOwn && isTyped() && !await storeEstimates()) return;
  if (isOwn || !saver.isUnsaved) { isLeaving = true; saver.stop(); }
  other.requestSubmit(event.submitter);
}, true);

addEventListener("beforeunload", (event) => {
  if (isLeaving || !(saver.isUnsaved || isTyped())) return;
  saver.flush();
  event.preventDefault();
  event.returnValue = "";
});
if (estimates) estimates.addEventListener("submit", () => { isLeaving = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // what was stored meanwhile is not in it

const others = document.getElementById("others");
async function meet() {
  if (document.hidden) return;
  try {
    const response = await post(form.dataset.editing, new URLSearchParams());
    if (!response.ok) return;
    const text = (await response.json()).others;
    if (others.textContent === text) return;
    others.textContent = text;
    others.hidden = !text;
  } catch { /* told by the saving */ }
}
setInterval(meet, EVERY);
document.addEventListener("visibilitychange", meet);
count();
