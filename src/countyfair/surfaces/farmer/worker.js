// Keeps the page of guests on the host's phone, with what it is drawn by, for when the line is down.
// The network comes first; whoever is signed out, or may not see it any more, loses what was kept.

const KEPT = "guests";
const GUESTS = /^\/farmer\/[0-9a-f-]{36}\/guests\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && GUESTS.test(url.pathname)) event.respondWith(page(event.request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(event.request));
});

async function page(request) {
  const kept = await caches.open(KEPT);
  const key = new URL(request.url).pathname;
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    const before = await kept.match(key, { ignoreVary: true });
    if (before) return before;
    throw error;
  }
  if (answer.ok && answer.type === "basic" && !answer.redirected) await kept.put(key, answer.clone());
  else if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 403 || answer.status === 404) {
    await kept.delete(key);
  }
  return answer;
}

async function part(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (error) {
    const before = await kept.match(request, { ignoreVary: true });
    if (before) return before;
    throw error;
  }
}
