// Keeps an open plan page current: asks whether its figures changed and takes the changed parts from the page as it is
// now. Without this file the page shows what stood when it was opened.
(() => {
  const said = document.querySelector("[data-live-stamp]");
  if (!said) return;
  const EVERY = 1500, LONGEST = 60000, PATIENCE = 20000;
  const { liveStamp: address, liveChanged: changed, liveTyped: typed } = said.dataset;
  let opened = said.dataset.liveComputed, known = "", looks = 0, wait = EVERY, timer = 0, asking = false;

  const parts = () => [...document.querySelectorAll("[data-live]")];
  const isTyped = (field) => field.value !== field.defaultValue && field.type !== "hidden";
  const isBusy = (part) => part.contains(document.activeElement?.form ?? null)
    || [...part.querySelectorAll("input, textarea")].some(isTyped);

  async function ask(url) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(url, { cache: "no-store", redirect: "error", signal: stop.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      return await answer.text();
    } finally {
      clearTimeout(late);
    }
  }

  // What a person opened or stood on stays open and in focus, by its place in the part.
  function replace(old, fresh) {
    const focusable = "a[href], button, select, summary, [tabindex]";
    const at = [...old.querySelectorAll(focusable)].indexOf(document.activeElement);
    const open = [...old.querySelectorAll("details")].map((part) => part.open);
    [...fresh.querySelectorAll("details")].forEach((part, place) => { if (place in open) part.open = open[place]; });
    old.replaceWith(fresh);
    if (at >= 0) fresh.querySelectorAll(focusable)[at]?.focus({ preventScroll: true });
  }

  async function take() {
    const page = new DOMParser().parseFromString(await ask(location.href), "text/html");
    let left = false;
    for (const old of parts()) {
      const fresh = page.getElementById(old.id);
      if (!fresh) throw new Error(old.id);
      if (isBusy(old)) left = true;
      else replace(old, document.importNode(fresh, true));
    }
    said.textContent = left ? typed : changed;
  }

  // The page knows when its figures were computed, not their stamp, and an answer may have met a change half way: the
  // time decides in the first two answers, the stamp from the second on.
  async function look() {
    const now = JSON.parse(await ask(address));
    const isLater = looks < 2 && now.computed !== opened;
    if (isLater || (looks && now.stamp !== known)) await take();
    [known, opened, looks] = [now.stamp, now.computed, looks + 1];
  }

  async function turn() {
    timer = 0;
    if (document.hidden || asking) return;
    asking = true;
    try {
      await look();
      wait = EVERY;
    } catch {
      wait = Math.min(wait * 2, LONGEST); // the network, or the session: asked ever more seldom
    }
    asking = false;
    if (!timer) timer = setTimeout(turn, wait);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    clearTimeout(timer);
    turn();
  });
  turn();
})();
