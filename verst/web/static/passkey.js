// Passkeys at the desk: a device is asked what the page brings along, and what it answers is sent as a form.
"use strict";
(() => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const each = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function make(asked) {
    const options = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: each(asked.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey: options });
    return written(made, { attestationObject: text(made.response.attestationObject) });
  }
  async function get(asked) {
    const options = { ...asked, challenge: bytes(asked.challenge), allowCredentials: each(asked.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey: options });
    const { authenticatorData, signature, userHandle } = found.response;
    const more = { authenticatorData: text(authenticatorData), signature: text(signature) };
    return written(found, userHandle ? { ...more, userHandle: text(userHandle) } : more);
  }
  function written(key, more) {
    const response = { clientDataJSON: text(key.response.clientDataJSON), ...more };
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {}, response });
  }
  for (const form of document.querySelectorAll("form[data-make], form[data-get]")) {
    const said = form.querySelector(".failed");
    form.hidden = false;
    said.textContent = "";
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = "";
      try {
        const { make: asked, get: wanted } = form.dataset;
        const options = JSON.parse(asked || wanted);
        form.elements.answer.value = await (asked ? make : get)(options.publicKey || options);
      } catch {
        said.textContent = said.dataset.said;
        return;
      }
      form.submit();
    });
  }
})();
