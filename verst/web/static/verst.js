// Everything here only adds to pages that are whole without it.
"use strict";
(() => {
  const body = document.body;
  const main = () => document.getElementById("main");
  const news = document.getElementById("news");
  const tongue = () => document.documentElement.lang;
  const address = (changes) => {
    const url = new URL(location.href);
    url.searchParams.delete("t");
    for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
    return url;
  };

  // Leave quickly: without a way back in the tab's history.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.leave");
    if (link) { event.preventDefault(); location.replace(link.href); }
  });

  // Put another version of this page in place; what is open and focused stays so.
  let latest = 0;
  async function swap(url, keepClock) {
    const turn = ++latest;
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok || turn !== latest) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== latest) return;
    const open = new Set([...document.querySelectorAll("details[open] > summary")].map((s) => s.textContent));
    const held = keepClock && document.querySelector(".slide");
    const old = new Map([...main().querySelectorAll("[data-crossing]")].map((row) => [row.id, row.textContent]));
    const next = fresh.getElementById("main");
    if (held) next.querySelector(".slide")?.replaceWith(held);
    main().replaceWith(document.adoptNode(next));
    if (held) document.getElementById("t")?.focus({ preventScroll: true });
    for (const details of document.querySelectorAll("details"))
      if (open.has(details.querySelector("summary")?.textContent)) details.open = true;
    if (!keepClock)
      for (const row of main().querySelectorAll("[data-crossing]"))
        if (old.has(row.id) && old.get(row.id) !== row.textContent) row.classList.add("fresh");
    wire();
  }

  // The slider: shows the time while dragged, the board shortly after.
  function stepTime(form, step) {
    const at = Date.parse(form.dataset.start) + step * Number(form.dataset.every) * 1000;
    return new Date(Math.min(at, Date.parse(form.dataset.last)));
  }
  const short = (at) => at.toISOString().replace(/:\d\d\.\d+Z$/, "Z");
  const inWords = (at, more) => new Intl.DateTimeFormat(tongue() === "en" ? "en-GB" : tongue(),
    { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more }).format(at);
  function sayTime(form, at) {
    const words = inWords(at, { year: "numeric", timeZone: form.dataset.zone });
    document.querySelector(".clock").textContent = words;
    sayYours(at);
    return words;
  }
  // The same moment on the reader's own clock, where that says something else; it stays on the page.
  function sayYours(at) {
    const node = document.querySelector(".yours");
    if (!node) return;
    const on = (timeZone) => inWords(at, { weekday: "short", timeZone });
    const mine = on(undefined);
    node.hidden = mine === on(node.dataset.zone);
    node.textContent = node.hidden ? "" : node.dataset.yours.replace("{time}", mine);
  }
  // The page of a step of the slider, at the address that shows it to anybody.
  function go(form) {
    const range = form.querySelector("[type=range]");
    const url = address({ at: short(stepTime(form, Number(range.value))) });
    history.replaceState(null, "", url);
    delete body.dataset.live;
    return swap(url, true);
  }
  let pause;
  function slide(event) {
    const form = event.target.form;
    event.target.setAttribute("aria-valuetext", sayTime(form, stepTime(form, Number(event.target.value))));
    clearTimeout(pause);
    pause = setTimeout(() => go(form).catch(lost), 150);
  }
  // Play: from the time shown to the last one, some hours a step; each step is a link like any other.
  let playing = false;
  async function play(event) {
    const button = event.currentTarget, form = button.form, range = form.querySelector("[type=range]");
    playing = !playing;
    [button.textContent, button.dataset.stop] = [button.dataset.stop, button.textContent];
    const stride = Math.max(1, Math.round((3 * 3600) / Number(form.dataset.every)));
    const rest = matchMedia("(prefers-reduced-motion: reduce)").matches ? 2500 : 700;
    if (playing && Number(range.value) >= Number(range.max)) range.value = 0;
    while (playing) {
      range.value = Number(range.value) + stride;
      sayTime(form, stepTime(form, Number(range.value)));
      await go(form).catch(lost);
      if (Number(range.value) >= Number(range.max)) return button.click();
      await new Promise((then) => setTimeout(then, rest));
    }
  }

  // Charts: the nearest row of the table under the pointer.
  function hover(figure) {
    const svg = figure.querySelector("svg"), cursor = svg.querySelector(".cursor"), out = figure.querySelector("output");
    const rows = [...figure.querySelectorAll("tr[data-at]")];
    svg.addEventListener("pointermove", (event) => {
      const x = ((event.clientX - svg.getBoundingClientRect().left) / svg.clientWidth) * 720;
      const near = rows.reduce((a, b) => (Math.abs(a.dataset.at - x) <= Math.abs(b.dataset.at - x) ? a : b));
      cursor.setAttribute("x1", near.dataset.at);
      cursor.setAttribute("x2", near.dataset.at);
      cursor.setAttribute("visibility", "visible");
      out.textContent = [...near.children].slice(0, 2).map((cell) => cell.textContent).join(": ");
    });
    svg.addEventListener("pointerleave", () => cursor.setAttribute("visibility", "hidden"));
  }

  // Text to pass on.
  async function copy(event) {
    const button = event.currentTarget;
    await navigator.clipboard.writeText(document.getElementById("digest").textContent);
    button.textContent = button.dataset.done;
  }

  function on(id, kind, act) {
    const node = document.getElementById(id);
    if (!node || node.dataset.wired) return;
    node.dataset.wired = "1";
    node.hidden = false;
    node.addEventListener(kind, act);
  }
  function wire() {
    on("t", "input", slide);
    on("play", "click", play);
    if (navigator.clipboard) on("copy", "click", copy);
    for (const figure of document.querySelectorAll("[data-chart]")) hover(figure);
    const moment = document.querySelector(".yours");
    if (moment) sayYours(new Date(moment.dataset.at));
    grow();
  }

  // Ages grow while nobody says anything; they are counted here, so that nothing need be fetched.
  const steps = [[86400e3, "day", 2], [3600e3, "hour", 2], [60e3, "minute", 0]];
  function sayAge(since) {
    const past = Math.max(0, Date.now() - Date.parse(since));
    const [size, unit] = steps.find(([size, , least]) => past >= least * size);
    return new Intl.RelativeTimeFormat(tongue()).format(-Math.floor(past / size), unit);
  }
  function grow() {
    if ("live" in body.dataset && !("archive" in body.dataset))
      for (const time of document.querySelectorAll("time.g")) time.textContent = sayAge(time.dateTime);
    const old = document.getElementById("old"), since = body.dataset.kept || body.dataset.made;
    old.hidden = !since || (!body.dataset.kept && Date.now() - Date.parse(since) < 30 * 60e3);
    if (!old.hidden) old.textContent = body.dataset.old.replace("{age}", sayAge(since));
  }

  // Live: only rows whose stamp changed are fetched; a page of another kind is fetched whole.
  const lost = () => { news.textContent = body.dataset.lost; };
  let renewing = null, again = false;
  async function refresh() {
    again = Boolean(renewing);
    if (renewing) return; // one at a time; the one that runs goes once more
    try { await (renewing = take()); } finally { renewing = null; }
    if (again) return refresh();
  }
  async function take() {
    const rows = document.getElementById("rows");
    if (!rows) return swap(location.href, false);
    const answer = await fetch(`/now/${rows.dataset.region}.json`);
    if (!answer.ok) return lost();
    const { at, revision, known, silent } = await answer.json();
    const here = new Map([...main().querySelectorAll("[data-stamp]")].map((row) => [row.dataset.crossing, row]));
    const moved = Object.entries({ ...known, ...silent }).some(([id, stamp]) =>
      !here.has(id) || rows.contains(here.get(id)) !== id in known || (id in silent && here.get(id).dataset.stamp !== stamp));
    if (moved) await swap(`/r/${rows.dataset.region}?lang=${tongue()}`, false);
    else for (const id of Object.keys(known)) await renew(rows, here.get(id), known[id]);
    const form = document.querySelector(".slide");
    if (form) sayTime(form, new Date(at));
    body.dataset.revision = revision;
    delete body.dataset.kept;
    news.textContent = "";
    grow();
    tell({ html: "<!doctype html>" + document.documentElement.outerHTML });
  }
  async function renew(rows, row, stamp) {
    if (row.dataset.stamp !== stamp) {
      const answer = await fetch(`/row/${row.dataset.crossing}?lang=${tongue()}`);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("article");
      row.replaceWith(fresh);
      fresh.classList.add("fresh");
      row = fresh;
    }
    rows.append(row);
  }
  function live() {
    if (!("live" in body.dataset) || !window.EventSource) return;
    const source = new EventSource("/events?since=" + body.dataset.revision);
    source.addEventListener("changed", (event) => {
      if (!("live" in body.dataset)) return source.close();
      const { changed } = JSON.parse(event.data);
      const here = new Set([...main().querySelectorAll("[data-crossing]")].map((row) => row.dataset.crossing));
      const own = location.pathname.startsWith("/c/") ? decodeURIComponent(location.pathname.slice(3)) : null;
      const mine = changed === null || Object.keys(changed).some((id) => id === own || here.has(id));
      if (mine) refresh().catch(lost);
    });
    source.addEventListener("open", () => { news.textContent = ""; if (body.dataset.kept) refresh().catch(lost); });
    source.addEventListener("error", lost);
    addEventListener("pagehide", () => source.close());
  }

  // Offline: the last board is kept by the service worker, and nothing else; it can be removed.
  const worker = "keep" in body.dataset && window.isSecureContext ? navigator.serviceWorker : undefined;
  const tell = (what) => worker?.controller?.postMessage(what);
  async function keep() {
    if (!worker) return;
    await worker.register("/sw.js");
    const { active } = await worker.ready;
    if (document.getElementById("rows") && !body.dataset.kept) active.postMessage({ board: location.href });
    on("clear", "click", forget);
  }
  async function forget(event) {
    const button = event.currentTarget, { active } = await worker.ready, { port1, port2 } = new MessageChannel();
    port1.onmessage = async () => {
      await (await worker.getRegistration())?.unregister();
      button.textContent = button.dataset.done;
    };
    active.postMessage({ forget: true }, [port2]);
  }

  wire();
  live();
  keep().catch(() => {});
  setInterval(grow, 60e3);
  setInterval(() => { if ("live" in body.dataset && !document.hidden) refresh().catch(lost); }, 600e3);
  addEventListener("online", () => { if ("live" in body.dataset) refresh().catch(lost); });
})();
