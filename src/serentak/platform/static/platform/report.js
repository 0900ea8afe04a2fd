// The report of the day: typing chooses "new number", the bar counts the answers, photos are counted.
// Form: [data-report]; a row: [data-row] with radios quantity, same, nil; #rest answers all others.
// Places for counts: [data-count="quantity|same|nil|open|sent"]. Without it the server counts.
function chosen(row) {
  return row.querySelector("input[type=radio]:checked")?.value ?? "";
}

function count(form) {
  const rows = [...form.querySelectorAll("[data-row]")];
  const rest = form.querySelector("#rest")?.checked ?? false;
  const counts = { quantity: 0, same: 0, nil: 0, open: 0 };
  rows.forEach((row) => { counts[chosen(row) || (rest ? "same" : "open")] += 1; });
  counts.sent = rows.length - counts.open;
  form.querySelectorAll("[data-count]").forEach((place) => {
    place.textContent = String(counts[place.dataset.count]);
  });
}

function typed(field) {
  const row = field.closest("[data-row]");
  const radio = row?.querySelector('input[type=radio][value="quantity"]');
  if (radio && field.value) radio.checked = true;
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
