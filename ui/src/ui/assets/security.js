// What the pages of logins gain from a script; each says what to do without it.
"use strict";

// Codes that are shown once can be copied and printed with one click.
function addCodeButtons(box) {
  const list = document.getElementById(box.dataset.codes);
  const codes = [...list.querySelectorAll("li")].map((entry) => entry.textContent.trim());
  const add = (label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kern-btn kern-btn--secondary";
    const text = document.createElement("span");
    text.className = "kern-label";
    text.textContent = label;
    button.append(text);
    button.addEventListener("click", () => act(text));
    box.append(button);
  };
  if (navigator.clipboard) {
    add(box.dataset.copy, async (text) => {
      await navigator.clipboard.writeText(codes.join("\n"));
      text.textContent = box.dataset.copied;
    });
  }
  add(box.dataset.print, () => window.print());
}

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (symbol) => symbol.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// What the server wrote as text, as the bytes that the browser wants.
function readOptions(options) {
  const named = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = named(options.allowCredentials);
  return read;
}

// And the answer as text again (WebAuthn level 3, section 5.1: RegistrationResponseJSON, AuthenticationResponseJSON).
function writeCredential(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response, clientExtensionResults: {},
  });
}

// A passkey is asked for by script alone: the button gets a challenge, asks the device and sends its answer.
function addPasskey(form) {
  const message = form.querySelector("[data-passkey-message]");
  const say = (text) => {
    message.textContent = text;
    message.hidden = !text;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!window.PublicKeyCredential) {
      say(form.dataset.unable);
      return;
    }
    say("");
    try {
      const answer = await fetch(form.dataset.options, { method: "POST", headers: { Accept: "application/json" } });
      if (answer.redirected) {
        location.reload();
        return;
      }
      const { ceremony, options } = await answer.json();
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: readOptions(options) });
      form.elements.ceremony.value = ceremony;
      form.elements.credential.value = writeCredential(credential);
      form.submit();
    } catch {
      say(form.dataset.failed);
    }
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-passkey]").forEach(addPasskey);
  document.querySelectorAll("[data-codes]").forEach(addCodeButtons);
});
