// Keeps the last board, and nothing else that was read; serves it when there is no network.
"use strict";
const CACHE = "verst-board-@VERSION@";
const BOARD = "/last-board";
const BESIDE = ["/static/verst.js", "/static/mark.svg"];
const PATIENCE = 6000; // milliseconds to wait for a page before the kept one is shown

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(BESIDE)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const last = await (await caches.open(CACHE)).match(BOARD);
    for (const name of await caches.keys()) {
      if (name === CACHE || !name.startsWith("verst-")) continue;
      const kept = await (await caches.open(name)).match(BOARD);
      if (kept && !last) await (await caches.open(CACHE)).put(BOARD, kept); // a new version keeps the last board
      await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

const isBoard = (url) => (url.pathname === "/" || url.pathname.startsWith("/r/")) && !url.searchParams.has("at") && !url.searchParams.has("t");

// The page with the time it came at, which its script reads.
async function keep(answer) {
  const cache = await caches.open(CACHE);
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const text = (await answer.text()).replace(/ data-kept="[^"]*"/, "").replace("<body ", `<body data-kept="${new Date().toISOString()}" `);
  await cache.put(BOARD, new Response(text, { status: 200, headers }));
}

async function open(request) {
  const url = new URL(request.url);
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE));
  const cache = await caches.open(CACHE);
  try {
    const there = fetch(request);
    const kept = await cache.match(BOARD);
    const answer = await (kept ? Promise.race([there, late]) : there);
    if (answer.ok && isBoard(url)) await keep(answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(BOARD);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && /^\/($|[rcm]\/)/.test(url.pathname)) event.respondWith(open(event.request));
  else if (BESIDE.includes(url.pathname))
    event.respondWith(fetch(event.request).catch(() => caches.match(url.pathname).then((kept) => kept || Response.error())));
});

// A page asks to keep the board it is (its address), or as it is after it refreshed itself (its text); or to forget all.
async function hear(event) {
  const { board, html, forget } = event.data || {};
  const kept = await (await caches.open(CACHE)).match(BOARD);
  if (html && kept) await keep(new Response(html, { headers: kept.headers }));
  else if (board) await keep(await fetch(board));
  if (forget) for (const name of await caches.keys()) if (name.startsWith("verst-")) await caches.delete(name);
  event.ports[0]?.postMessage("done");
}
self.addEventListener("message", (event) => event.waitUntil(hear(event)));

// An alert: a repeat takes the place of the same one in silence, a retraction that of what it takes back, aloud.
async function show(event) {
  let told = {};
  try { told = event.data.json(); } catch { /* no words: the name alone is shown */ }
  await self.registration.showNotification(String(told.title || "Verst"), {
    body: String(told.body || ""), lang: String(told.lang || ""), dir: "auto", icon: "/static/mark.svg",
    tag: String(told.takes_back || told.id || "verst"), renotify: Boolean(told.takes_back), data: { link: told.link },
  });
}
self.addEventListener("push", (event) => event.waitUntil(show(event)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data?.link || "/", location.origin);
  if (link.origin === location.origin) event.waitUntil(self.clients.openWindow(link.href));
});
