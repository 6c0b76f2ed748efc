// The entry page: the sheet of the package over the fields that the server wrote. Without this file the form works as plain HTML.
import { check } from "./checks.js";
import { element } from "./dom.js";
import { Grid } from "./grid.js";
import { showKeys } from "./help.js";
import { actionOf } from "./keys.js";
import { Marks } from "./marks.js";
import { Notes } from "./notes.js";
import { Panel } from "./panel.js";
import { Paste } from "./paste.js";
import { Progress } from "./progress.js";
import { Sheet } from "./sheet.js";
import { Submitting } from "./submit.js";
import { connect } from "./session.js";
import { speaker } from "./words.js";

const PAUSE = 300; // ms without a key until warnings are looked at again

function build(pkg) {
  const say = speaker(pkg.words);
  const form = document.getElementById("entry-form");
  const sheet = new Sheet(pkg);
  const grid = new Grid(sheet, form.querySelector("table.entry"));
  const announce = (text) => { document.getElementById("told").textContent = text; };
  const notes = new Notes(sheet, say);
  const progressFoot = form.querySelector(".foot .reported");
  const unsaved = readPage(sheet, grid, "unsaved" in form.dataset);
  const marks = new Marks(sheet, grid, say, notes);
  Object.assign(notes, { grid, marks });
  const progress = new Progress(sheet, grid, marks, say, { foot: progressFoot, announce });
  const panel = new Panel(sheet, grid, say, { aside: document.getElementById("beside"), notes });
  const paste = new Paste(sheet, grid, say, { announce });
  const submitting = new Submitting(sheet, grid, marks, say, { form, announce });
  const page = { sheet, say, grid, marks, progress, panel, paste, notes, submitting, announce, form,
    focusCell: (name) => grid.focus(name), isKept: false, unsaved,
    elements: { saved: document.getElementById("saved"), attention: document.getElementById("attention") } };
  return page;
}

/** What was posted and not saved: texts that a page which came back holds and the package does not. Returns their cells.
 * Any other page may have been written while somebody saved, its fields before and its package after. */
function readPage(sheet, grid, isUnsaved) {
  const changes = {};
  for (const [cell, { field, tick }] of isUnsaved ? grid.lines : []) {
    const { text, noData, problem } = sheet.cells.get(cell);
    const [shown, ticked] = [field.defaultValue, Boolean(tick && tick.defaultChecked)];
    const isKept = problem && !shown && !ticked; // a text that could not be read, kept with the cell
    if ((shown !== text || ticked !== noData) && !isKept) changes[cell] = { text: shown, noData: ticked };
  }
  const unsaved = sheet.setMany(changes, { source: "page" });
  for (const cell of grid.order) grid.show(cell);
  return unsaved;
}

/** Warnings follow the figures: at once when a cell is done with, after a pause while it is typed. */
function keepChecking({ sheet, grid, marks, progress, panel, say, announce }) {
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    timer = 0;
    marks.setFindings(check(sheet.pkg, sheet.values));
    progress.show();
    panel.place();
  };
  sheet.addEventListener("change", ({ detail }) => {
    if (detail.source === "typing") announce("");
    for (const cell of detail.cells) if (detail.source !== "typing" || !sheet.cells.get(cell).problem) marks.show(cell);
    clearTimeout(timer);
    if (detail.source === "typing") timer = setTimeout(look, PAUSE);
    else look();
  });
  grid.addEventListener("commit", ({ detail }) => { marks.show(detail.cell); if (timer) look(); });
  sheet.addEventListener("note", ({ detail }) => {
    if (detail.source !== "typing") marks.show(detail.cell);
    if (detail.kind === "reason") { timer = timer || setTimeout(look, PAUSE); }
  });
  for (const cell of grid.order) marks.show(cell);
  look();
}

function bindKeys({ sheet, grid, panel, progress, notes, submitting, say, announce }) {
  const back = () => grid.focus(grid.current || grid.firstOpen());
  grid.actions = {
    zeros: (cell) => progress.fill(grid.lines.get(cell).row.section),
    note: (cell) => notes.write(cell, "note"),
    explain: (cell) => notes.write(cell, "reason"),
    panel: () => panel.toggle(),
    next_remark: (cell) => nextRemark(cell),
    save: () => submitting.save(),
    submit: () => submitting.submit(),
    undo: () => grid.replay("undo"),
    redo: () => grid.replay("redo"),
    help: () => Boolean(showKeys(say, back)),
  };
  const nextRemark = (cell) => {
    const wanted = grid.order.filter((one) => sheet.cells.get(one).problem || sheet.cells.get(one).isSentBack || grid.lines.get(one).line.classList.contains("warned"));
    const next = wanted.find((one) => grid.order.indexOf(one) > grid.order.indexOf(cell)) || wanted[0];
    if (next) { grid.commit(cell); grid.focus(next); } else announce(say("no_remarks"));
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const isText = event.target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
    const action = actionOf(event, { isCell: Boolean(grid.cellOf(event.target)), isText });
    if (action && grid.actions[action] && grid.actions[action](grid.current) !== false) event.preventDefault();
    else if (event.key === "Escape" && panel.box.contains(event.target)) back();
  });
  for (const type of ["undo", "redo"]) grid.addEventListener(type, ({ detail }) => announce(say(detail.cells.length ? `${type}_done` : "undo_none", { n: detail.cells.length })));
  grid.addEventListener("end", () => submitting.form.querySelector('.foot [value="submit"]').focus());
}

/** Fields follow whether this person may type now: a form submitted elsewhere closes while it is open here. */
function followStatus({ sheet, grid, form, progress }) {
  const apply = () => {
    for (const { field, tick } of grid.lines.values()) { field.readOnly = !sheet.canType; if (tick) tick.disabled = !sheet.canType; }
    for (const one of form.querySelectorAll(".foot .button")) one.hidden = !sheet.canType;
    progress.show();
  };
  sheet.addEventListener("status", apply);
}

/** Leaving loses what is typed only where no store keeps it. */
function guardLeaving({ sheet, submitting }, page) {
  let changed = page.unsaved.length > 0;
  sheet.addEventListener("change", ({ detail }) => { if (!["server", "draft", "page"].includes(detail.source)) changed = true; });
  window.addEventListener("beforeunload", (event) => { if (changed && (!page.isKept || page.unsaved.length) && !submitting.isNative) event.preventDefault(); });
}

function openTools({ form, grid, say }) {
  const help = element("button", { type: "button", class: "link", onclick: () => showKeys(say, () => grid.focus(grid.current || grid.firstOpen())) }, say("keys_title"));
  const how = form.querySelector("#how");
  if (how) how.after(element("p", { class: "fine tools screen-only" }, help, " ", element("kbd", {}, "F1")));
}

/** Puts the caret where typing goes on; again, once the draft is back, unless the person moved it meanwhile. */
function beginning({ grid }) {
  const asked = window.location.hash.slice(1);
  let begun = null;
  return () => {
    if (begun && (grid.current !== begun || document.activeElement !== grid.lines.get(begun).field)) return;
    begun = grid.order.find((name) => grid.lines.get(name).row.id === asked) || grid.firstOpen();
    if (begun) grid.focus(begun);
  };
}

function start() {
  const source = document.getElementById("entry-package");
  if (!source) return;
  const page = build(JSON.parse(source.textContent));
  document.querySelector(".sheet-page").classList.add("live");
  bindKeys(page);
  keepChecking(page);
  followStatus(page);
  guardLeaving(page, page);
  openTools(page);
  page.begin = beginning(page);
  page.begin();
  connect(page.sheet, page);
}

start();
