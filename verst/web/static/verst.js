// Everything here only adds to pages that are whole without it.
"use strict";
(() => {
  const body = document.body;
  const main = () => document.getElementById("main");
  const news = document.getElementById("news");
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
  let pause;
  function slide(event) {
    const form = event.target.form;
    const at = stepTime(form, Number(event.target.value));
    const words = new Intl.DateTimeFormat(document.documentElement.lang,
      { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: form.dataset.zone });
    document.querySelector(".clock").textContent = words.format(at);
    event.target.setAttribute("aria-valuetext", words.format(at));
    clearTimeout(pause);
    pause = setTimeout(() => {
      const url = address({ at: short(at) });
      history.replaceState(null, "", url);
      delete body.dataset.live;
      swap(url, true).catch(lost);
    }, 150);
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

  function wire() {
    const range = document.getElementById("t");
    if (range && !range.dataset.wired) {
      range.dataset.wired = "1";
      range.addEventListener("input", slide);
    }
    for (const figure of document.querySelectorAll("[data-chart]")) hover(figure);
  }

  // Live: the stream says what changed; the page fetches itself again. Nothing is fetched for the past.
  const lost = () => { news.textContent = body.dataset.lost; };
  function live() {
    if (!("live" in body.dataset) || !window.EventSource) return;
    const source = new EventSource("/events?since=" + body.dataset.revision);
    source.addEventListener("changed", (event) => {
      if (!("live" in body.dataset)) return source.close();
      const { changed } = JSON.parse(event.data);
      const here = new Set([...main().querySelectorAll("[data-crossing]")].map((row) => row.dataset.crossing));
      const own = location.pathname.startsWith("/c/") ? decodeURIComponent(location.pathname.slice(3)) : null;
      const mine = changed === null || Object.keys(changed).some((id) => id === own || here.has(id));
      if (mine) swap(location.href, false).catch(lost);
    });
    source.addEventListener("open", () => { news.textContent = ""; });
    source.addEventListener("error", lost);
    addEventListener("pagehide", () => source.close());
  }
  wire();
  live();
  // Ages grow while nobody says anything.
  setInterval(() => { if ("live" in body.dataset && !document.hidden) swap(location.href, false).catch(lost); }, 60000);
})();
