// What somebody typed and the server does not have yet: kept on this device, by person and page, until it is stored.
"use strict";

const KEPT = "anodeprint:";

// Null where the browser keeps nothing for us; then leaving a page with unsaved answers asks first.
function deviceStorage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function keyOf(keeper, path) {
  return `${KEPT}${keeper}:${path}`;
}

function pathOf(key) {
  return key.slice(key.indexOf("/"));
}

function readKept(key) {
  try {
    return JSON.parse(deviceStorage()?.getItem(key) ?? "null");
  } catch {
    return null; // not ours, or cut short
  }
}

function writeKept(key, kept) {
  try {
    deviceStorage()?.setItem(key, JSON.stringify(kept));
  } catch {
    // Full: what is on the page remains there.
  }
}

function forget(key) {
  deviceStorage()?.removeItem(key);
}

function keptKeys() {
  return Object.keys(deviceStorage() ?? {}).filter((key) => key.startsWith(KEPT));
}

function forgetAll() {
  keptKeys().forEach(forget);
}

// The page after a form was sent says what became of it: ours with a message means that it was stored.
function settleSent() {
  const isStored = document.querySelector("[data-flashes]") !== null;
  keptKeys().forEach((key) => {
    const kept = readKept(key);
    const questionnaire = pathOf(key).split("/").slice(0, -1).join("/");
    if (kept?.sent && isStored && `${location.pathname}/`.startsWith(`${questionnaire}/`)) {
      forget(key);
    } else if (kept?.sent) {
      writeKept(key, { ...kept, sent: false });
    }
  });
}

// On the task list: which parts hold something that was typed here and never reached the server.
function showKept(notice) {
  const paths = keptKeys().filter((key) => key.startsWith(keyOf(notice.dataset.keptList, `${location.pathname}/`))).map(pathOf);
  const links = paths.map((path) => document.querySelector(`.task-list a[href="${path}"]`)).filter(Boolean);
  links.forEach((link) => {
    const line = document.createElement("li");
    line.append(link.cloneNode(true));
    notice.querySelector("ul").append(line);
  });
  notice.hidden = !links.length;
}

// On the page after signing out or being signed out, where a shared phone may be handed on.
function offerClearing(notice) {
  notice.hidden = !keptKeys().length;
}

function enableClearing(button) {
  button.addEventListener("click", () => {
    forgetAll();
    button.closest(".notice")?.setAttribute("hidden", "");
  });
}

settleSent();
document.querySelectorAll("[data-kept-list]").forEach(showKept);
document.querySelectorAll("[data-kept-here]").forEach(offerClearing);
document.querySelectorAll(".notice [data-clear]").forEach(enableClearing);
document.querySelectorAll("form[action='/sign-out']").forEach((form) => form.addEventListener("submit", forgetAll));
