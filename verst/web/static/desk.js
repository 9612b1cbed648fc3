// One key for each step at the desk; the page is whole without it.
"use strict";
(() => {
  const body = document.body, news = document.getElementById("news");
  if (!("revision" in body.dataset)) return;
  const items = () => [...document.querySelectorAll("article.item")];
  const here = () => document.activeElement?.closest("article.item");
  const chosen = () => document.querySelectorAll("[form=bulk][name=item]:checked").length;

  // Who looks at a claim has it for five minutes; the others see that.
  let taking = null;
  async function take(item) {
    if (taking === item || !item.querySelector(".decide")) return;
    taking = item;
    const form = new URLSearchParams({ form: item.querySelector("[name=form]").value, item: item.dataset.item });
    const answer = await fetch("/desk/take", { method: "POST", body: form });
    if (answer.status !== 200 && answer.status !== 409) return;
    const { who } = await answer.json();
    item.classList.toggle("held", Boolean(who));
    item.querySelector(".holder").textContent = who ? body.dataset.taken.replace("{who}", who) : "";
  }
  function move(by) {
    const all = items(), at = all.indexOf(here());
    const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  function press(key) {
    if (key === "u") return document.querySelector(".acts [data-key=u]")?.click();
    if (chosen() && (key === "c" || key === "r"))
      return document.querySelector(`#bulk [value=${key === "c" ? "confirm" : "reject"}]`).click();
    const item = here();
    if (!item) return;
    if (key === "x") return item.querySelector("[form=bulk]")?.click();
    const field = item.querySelector(`[data-key=${key}]`);
    if (!field) return;
    if (field.tagName === "BUTTON") return field.click();
    if (field.closest("details")) field.closest("details").open = true;
    field.focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (field && event.key === "Escape") return field.closest("article.item")?.focus();
    if (field) {
      // Enter in the field of a correction corrects: a form's own first button would confirm.
      if (event.key === "Enter" && field.name === "value" && field.form) {
        event.preventDefault();
        field.form.querySelector("[value=correct]").click();
      }
      return;
    }
    if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
    else if ("crepmxu".includes(event.key) && event.key.length === 1) press(event.key);
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusin", () => { const item = here(); if (item) take(item).catch(() => {}); });

  // What changed meanwhile is said, and nothing is moved under anybody's hands.
  if (window.EventSource) {
    const source = new EventSource("/events?since=" + body.dataset.revision);
    source.addEventListener("changed", () => { news.textContent = body.dataset.moved; });
    addEventListener("pagehide", () => source.close());
  }
})();
