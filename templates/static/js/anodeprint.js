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

// A row is a card on a phone (css/tables.css): each cell says under which heading it stands.
function labelCells(frame) {
  const headings = [...frame.querySelectorAll("thead th")].map((heading) => (heading.querySelector(".visually-hidden") ? "" : heading.textContent.trim()));
  frame.querySelectorAll("tbody tr").forEach((row) => {
    [...row.cells].forEach((cell, column) => {
      if (!cell.hasChildNodes()) {
        return;
      }
      const value = document.createElement("span");
      value.append(...cell.childNodes);
      cell.append(value);
      if (column > 0 && row.cells.length === headings.length && headings[column]) {
        cell.dataset.label = headings[column];
      }
    });
  });
  frame.querySelector("table").classList.add("card-table");
}

function showCurrentTabs() {
  document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
    const bar = tab.parentElement;
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
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
document.querySelectorAll("[data-cards]").forEach(labelCells);
showCurrentTabs();
window.addEventListener("resize", showCurrentTabs);
document.addEventListener("click", closeMenusOutside);
document.addEventListener("keydown", closeMenusOutside);
