// Small improvements only: every page works without this file.
"use strict";

function copyText(text, source) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text);
  }
  source.select();
  return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("copy refused"));
}

function enableCopyButton(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    copyText(source.value, source).then(
      () => {
        button.textContent = button.dataset.copied;
        setTimeout(() => { button.textContent = label; }, 2000);
      },
      () => source.select(),
    );
  });
}

function enableAutosubmit(form) {
  form.querySelectorAll("[data-autosubmit-button]").forEach((button) => { button.hidden = true; });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio]")) {
      form.requestSubmit();
    }
  });
}

// A second press while the first request is under way would only be refused by its idempotency key.
function preventSecondSubmit(form) {
  let submitted = false;
  form.addEventListener("submit", (event) => {
    if (submitted) {
      event.preventDefault();
    }
    submitted = true;
  });
  window.addEventListener("pageshow", () => { submitted = false; });
}

function closeMenusOutside(event) {
  document.querySelectorAll("details.user-menu[open]").forEach((menu) => {
    if (event.key === "Escape" || (event.type === "click" && !menu.contains(event.target))) {
      menu.open = false;
    }
  });
}

document.querySelectorAll("[data-copy]").forEach(enableCopyButton);
document.querySelectorAll("form[data-autosubmit]").forEach(enableAutosubmit);
document.querySelectorAll("form[method=post]").forEach(preventSecondSubmit);
document.querySelectorAll("[data-focus]").forEach((element) => element.focus());
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.addEventListener("click", closeMenusOutside);
document.addEventListener("keydown", closeMenusOutside);
