// What is kept for use with the network off: the service worker, the month's pages, and the way out of both.
const PAGES = "entry-pages-", OFF = "entry-offline-off", OWNER = "X-Entry-User", KEPT = 30 * 24 * 3600 * 1000;

const isOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };

/** Take worker and caches away; drafts stay. */
export async function remove() {
  try { localStorage.setItem(OFF, "1"); } catch { /* a browser that keeps nothing has nothing to be told */ }
  if (navigator.serviceWorker) for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  await forget("entry-");
}

export async function forget(prefix = PAGES, but = "") {
  if (!window.caches) return;
  for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== but) await caches.delete(name);
}

async function keep(user, url) {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected || response.headers.get(OWNER) !== String(user)) return;
  // Where they were taken away meanwhile (signing out in another tab), they stay away.
  if (await caches.has(PAGES + user)) await (await caches.open(PAGES + user)).put(url, response);
}

/** Keep the open page, where the worker came too late to see it pass. */
export async function keepThis(user) {
  if (navigator.serviceWorker.controller || !navigator.onLine) return;
  await navigator.serviceWorker.ready;
  await keep(user, location.pathname).catch(() => null);
}

/** Fetch every form that is due, one after another, so that a slow line stays usable. Returns how many are kept. */
export async function keepMonth(user, base) {
  const response = await fetch(`${base}due.json`, { credentials: "same-origin", headers: { [OWNER]: String(user) } });
  if (!response.ok) return 0;
  const { forms } = await response.json();
  await keep(user, base);
  for (const { url } of forms) await keep(user, url);
  await dropOld(user, [base, ...forms.map(({ url }) => url)]);
  return forms.length;
}

/** Forms that are not due any more and were not opened for a month. */
async function dropOld(user, due) {
  if (!await caches.has(PAGES + user)) return;
  const cache = await caches.open(PAGES + user);
  for (const request of await cache.keys()) {
    const { headers } = await cache.match(request);
    const isOld = !(Date.now() - Date.parse(headers.get("Date")) < KEPT);
    if (isOld && !due.includes(new URL(request.url).pathname)) await cache.delete(request);
  }
}

function offerUpdate(registration, say, notice) {
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    notice(say("new_version"), say("use_new_version"), () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting.postMessage("take-over");
    });
  };
  offer();
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming.addEventListener("statechange", () => { if (coming.state === "installed") offer(); });
  });
}

/** `notice(text, button?, action?)` shows words. Returns false where the browser has no workers or they are turned off. */
export async function start(user, base, { say, notice }) {
  const asked = new URLSearchParams(location.search).get("sw");
  if (asked === "on") try { localStorage.removeItem(OFF); } catch { /* as above */ }
  if (asked === "off") { await remove(); notice(say("offline_removed")); return false; }
  if (!("serviceWorker" in navigator) || !window.caches || isOff()) return false;
  try {
    await forget(PAGES, PAGES + user);
    await caches.open(PAGES + user);
    offerUpdate(await navigator.serviceWorker.register(`${base}sw.js`, { scope: base }), say, notice);
    return true;
  } catch { return false; }
}
