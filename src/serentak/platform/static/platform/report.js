// The report of the day: typing chooses "new number", the bar counts the answers, photos are counted.
// Form: [data-report]; a row: [data-row] with radios quantity, correction, same, nil; #rest answers all others
// but [data-alone]. Counts: [data-count="quantity|correction|same|nil|open"] inside a [data-part], hidden at 0;
// [data-send] says [data-counted], or [data-uncounted] while nothing is answered.
function chosen(row) {
  return row.querySelector("input[type=radio]:checked")?.value ?? "";
}

function count(form) {
  const rows = [...form.querySelectorAll("[data-row]")];
  const rest = form.querySelector("#rest")?.checked ?? false;
  const counts = { quantity: 0, correction: 0, same: 0, nil: 0, open: 0 };
  rows.forEach((row) => {
    const follows = rest && !("alone" in row.dataset);
    counts[chosen(row) || (follows ? "same" : "open")] += 1;
  });
  form.querySelectorAll("[data-count]").forEach((place) => {
    place.textContent = String(counts[place.dataset.count]);
    place.closest("[data-part]").hidden = counts[place.dataset.count] === 0;
  });
  const isEmpty = counts.open === rows.length;
  form.querySelector("[data-counted]").hidden = isEmpty;
  form.querySelector("[data-uncounted]").hidden = !isEmpty;
  form.querySelector("[data-send]").disabled = isEmpty;
}

function typed(field) {
  const row = field.closest("[data-row]");
  const radio = row?.querySelector('input[type=radio][value="quantity"]');
  if (radio && field.value && chosen(row) !== "correction") radio.checked = true;
}

function photos(field) {
  const label = field.closest("label")?.querySelector("[data-word]");
  if (label) label.textContent = field.files.length ? `${field.files.length} ${label.dataset.word}` : label.dataset.word;
}

document.querySelectorAll("[data-report]").forEach((form) => {
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-quantity]")) typed(event.target);
    count(form);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") photos(event.target);
    count(form);
  });
  count(form);
});
