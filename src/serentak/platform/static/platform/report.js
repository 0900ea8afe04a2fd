// The report of the day: typing chooses "new number", the bar counts the answers, photos are counted.
// Form: [data-report]; a row: [data-row] with radios quantity, correction, same, nil; #rest answers all others
// but [data-alone]. Counts: [data-count="quantity|correction|same|nil|open"] inside a [data-part], hidden at 0;
// [data-send] says [data-counted], or [data-uncounted] while nothing is answered; [data-follow] tells
// how many #rest answers. A total below data-before is no progress but a correction; one above data-max,
// and a correction, asks for a note. That is said before anything is sent; the server says it all the same.
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
  const follow = rows.filter((row) => !chosen(row) && !("alone" in row.dataset)).length;
  form.querySelectorAll("[data-follow]").forEach((place) => { place.textContent = String(follow); });
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

// A whole number as people write it, NaN where the server has to say what it is.
function whole(text) {
  const written = text.trim();
  return /^(\d+|\d{1,3}([., ]\d{3})+)$/.test(written) ? Number(written.replace(/\D/g, "")) : NaN;
}

function asksBack(row) {
  const quantity = row.querySelector("[data-quantity]");
  const note = row.querySelector("[data-note]");
  if (!quantity || !note) return;
  const { before, max } = quantity.dataset;
  const total = whole(quantity.value);
  const isProgress = chosen(row) === "quantity";
  const isLess = isProgress && before !== "" && total < Number(before);
  const isMore = isProgress && total > Number(max);
  quantity.setCustomValidity(isLess ? quantity.dataset.less : "");
  const asked = isMore ? note.dataset.more : chosen(row) === "correction" ? note.dataset.reason : "";
  note.setCustomValidity(note.value.trim() ? "" : asked);
}

function photos(field) {
  const label = field.closest("label")?.querySelector("[data-word]");
  if (label) label.textContent = field.files.length ? `${field.files.length} ${label.dataset.word}` : label.dataset.word;
}

document.querySelectorAll("[data-report]").forEach((form) => {
  const refresh = () => {
    count(form);
    form.querySelectorAll("[data-row]").forEach(asksBack);
  };
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-quantity]")) typed(event.target);
    refresh();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") photos(event.target);
    refresh();
  });
  refresh();
});
