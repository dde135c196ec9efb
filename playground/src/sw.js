// Keeps every file of the page, and asks for nothing else. The build fills in the list and its version.
const FILES = [/* files */], CACHE = "kalint-/* version */";

self.addEventListener("install", event => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", event => {
  const old = caches.keys().then(names => Promise.all(names.filter(name => name.startsWith("kalint-") && name !== CACHE).map(name => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("fetch", event => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith(caches.match(event.request, { ignoreSearch: true, ignoreVary: true }).then(found => found ?? fetch(event.request)));
});
