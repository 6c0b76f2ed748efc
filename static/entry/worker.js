// The service worker of the entry pages (scope /submissions/). GIVEN {version, assets, scope} is written before this.
// Pages: the network first, the kept copy where it does not answer; each says whose it is, and is kept for that person
// alone. Files of the entry page: kept by version.
const { version, assets, scope, files } = self.GIVEN;
const ASSETS = `entry-assets-${version}`, PAGES = "entry-pages-", OWNER = "X-Entry-User", PATIENCE = 5000;
const NOT_PAGES = /\.(js|json)$|\/(who|sync|history|nothing|review)\/$/;

// What the browser's own cache holds under the same names may be of the version before: the server is asked.
self.addEventListener("install", (event) => {
  const wanted = assets.map((url) => new Request(url, { cache: "no-cache" }));
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(wanted)));
});

// The version before stays: pages kept earlier name its files.
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => {
    const old = names.filter((name) => name.startsWith("entry-assets-") && name !== ASSETS);
    return Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  }));
});

self.addEventListener("message", (event) => { if (event.data === "take-over") self.skipWaiting(); });

const kept = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES));

async function forgetAllBut(owner) {
  for (const name of await kept()) if (name !== PAGES + owner) await caches.delete(name);
}

/** A page of the version before, open while this one took over, still finds its files here. */
async function file(request) {
  return await (await caches.open(ASSETS)).match(request) || await caches.match(request) || fetch(request);
}

/** Whose session this is, "" where nobody is signed in: a page that sends elsewhere does not say. */
async function signedIn() {
  const answer = await fetch(`${scope}who/`, { credentials: "same-origin" });
  return answer.ok ? String((await answer.json()).user.id) : "";
}

async function keep(owner, path, response) {
  if (await caches.has(PAGES + owner)) await (await caches.open(PAGES + owner)).put(path, response);
}

async function fetched(request, url) {
  const response = await fetch(request);
  const isElsewhere = response.type === "opaqueredirect";
  const owner = isElsewhere ? await signedIn().catch(() => "") : response.headers.get(OWNER) || "";
  // Sent to sign in, or another person's page: whoever comes next does not read what the last person kept.
  if (owner || isElsewhere) await forgetAllBut(owner);
  // A full disk keeps no page; it is shown all the same.
  if (response.ok && owner && !url.search) await keep(owner, url.pathname, response.clone()).catch(() => null);
  return response;
}

async function page(event, url) {
  const answer = fetched(event.request, url);
  event.waitUntil(answer.catch(() => null));
  const names = await kept();
  const copy = names.length === 1 && await (await caches.open(names[0])).match(url.pathname);
  if (!copy) return answer;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, copy); });
  return Promise.race([answer.then((response) => (response.status >= 500 ? copy : response)).catch(() => copy), late]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(files)) event.respondWith(file(request));
  else if (request.mode === "navigate" && url.pathname.startsWith(scope) && !NOT_PAGES.test(url.pathname)) event.respondWith(page(event, url));
});
