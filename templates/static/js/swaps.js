// Keeps the result of a swap up to date while somebody types, and marks the best point while the carbon price moves.
"use strict";

const WAIT_MS = 250;

// The form works without this: it is sent, and the page comes back with the result.
function enableLiveResult(form) {
  const place = document.getElementById(form.dataset.live);
  let timer = null;
  let latest = 0;
  async function refresh() {
    latest += 1;
    const mine = latest;
    place.setAttribute("aria-busy", "true");
    const query = new URLSearchParams(new FormData(form)).toString();
    try {
      const answer = await fetch(`${form.dataset.result}?${query}`, { headers: { accept: "text/html" } });
      if (mine === latest && answer.ok) {
        place.innerHTML = await answer.text();
        history.replaceState(null, "", `${form.getAttribute("action")}?${query}`);
      }
    } finally {
      if (mine === latest) {
        place.removeAttribute("aria-busy");
      }
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT_MS);
  });
}

// Cost in yuan per t and footprint in t per t of product: their sum at a price is yuan per t.
function bestAt(rows, price) {
  return rows.reduce((best, row) => {
    const cost = Number(row.dataset.cost) + price * Number(row.dataset.carbon);
    return best === null || cost < best.cost ? { row, cost } : best;
  }, null);
}

function enableCarbonPrice(slider) {
  const rows = [...document.querySelectorAll("tr[data-cost]")];
  const shown = document.getElementById(slider.dataset.shown);
  const mark = () => {
    const best = bestAt(rows, Number(slider.value));
    shown.textContent = slider.value;
    rows.forEach((row) => row.classList.toggle("is-best", best !== null && row === best.row));
    document.querySelectorAll("[data-point]").forEach((spot) => {
      const isBest = best !== null && spot.dataset.point === best.row.dataset.number;
      spot.classList.toggle("pareto-best", isBest);
    });
  };
  slider.addEventListener("input", mark);
}

document.querySelectorAll("form[data-live]").forEach(enableLiveResult);
document.querySelectorAll("input[data-carbon-price]").forEach(enableCarbonPrice);
