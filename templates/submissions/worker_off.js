// The way out: the worker that stands in every browser is replaced by this one, which takes its caches and itself away.
// What was typed and not yet sent lies in the browser's database and stays.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => self.registration.unregister()),
  );
});
