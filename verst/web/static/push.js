// Makes a web push subscription on this device and shows it, for its owner to hand over; nothing is sent to the board.
"use strict";
const button = document.getElementById("subscribe");
const shown = document.getElementById("subscription");
const after = document.getElementById("after");

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

async function subscribe() {
  try {
    await navigator.serviceWorker.register("/sw.js");
    const worker = await navigator.serviceWorker.ready;
    const key = toBytes(button.dataset.key);
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint, keys } = made.toJSON();
    const lines = { channel: "web_push", address: endpoint, ...keys, lang: document.documentElement.lang };
    shown.textContent = ["[[subscriber]]", ...Object.entries(lines).map(([name, text]) => `${name} = ${JSON.stringify(text)}`)].join("\n");
    after.hidden = false;
  } catch {
    shown.textContent = button.dataset.refused;
  }
  shown.hidden = false;
}

if ("serviceWorker" in navigator && "PushManager" in window) button.addEventListener("click", subscribe);
else {
  shown.textContent = button.dataset.refused;
  shown.hidden = false;
}
