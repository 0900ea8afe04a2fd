// Keeps what is typed into a form on this device until the server has taken it in.
// A draft belongs to an account and to the address to which its form is sent. None is kept of what
// lies in [data-no-drafts] and of passwords; signing out ends all of them.
// [data-keeps-drafts]: a form that leads back to this page. What is said stands in
// <template data-drafts="account">, as [data-draft="kept|back|offer|offline|online"], with the moment
// of the house (data-now), its zone and the zone's name: the device's clock may say something else.
// [data-files-lost] is said by a page that was refused, and is hidden where the files are back.
// Every page is whole without it.
const words = document.querySelector("template[data-drafts]");
const prefix = "serentak.draft.";
const own = `${prefix}${words.dataset.drafts}.`;
const days = 7 * 24 * 3600 * 1000;
const repeats = ["client_key", "version"]; // hidden fields by which a repeat is known
const shown = new WeakMap();
const ahead = Date.parse(words.dataset.now) - Date.now();

const store = {
  keys: () => Object.keys(localStorage).filter((key) => key.startsWith(prefix)),
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      return true;
    } catch {
      return false; // no room, or closed by the owner of the device
    }
  },
};

// What files hold lies in the browser's database, under the key of their form, by field.
const files = {
  async ask(mode, act) {
    try {
      const database = await new Promise((done, failed) => {
        const opening = indexedDB.open("serentak.drafts", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("files");
        opening.onsuccess = () => done(opening.result);
        opening.onerror = () => failed(opening.error);
      });
      return await new Promise((done, failed) => {
        const transaction = database.transaction("files", mode);
        const asked = act(transaction.objectStore("files"));
        transaction.oncomplete = () => done(asked.result);
        transaction.onabort = () => failed(transaction.error);
      }).finally(() => database.close());
    } catch {
      return undefined; // no room, or closed by the owner of the device: names alone are kept
    }
  },
  read: (key) => files.ask("readonly", (all) => all.get(key)),
  write: (key, byField) => files.ask("readwrite", (all) => all.put(byField, key)),
  drop: (key) => files.ask("readwrite", (all) => all.delete(key)),
  keys: () => files.ask("readonly", (all) => all.getAllKeys()),
};

function drop(key) {
  localStorage.removeItem(key);
  return files.drop(key);
}

const filesOf = (form) => [...form.querySelectorAll("[type=file]")];

function keepFiles(form) {
  const chosen = filesOf(form).filter((field) => field.files.length).map((field) => [field.name, [...field.files]]);
  return files.write(keyOf(form), Object.fromEntries(chosen));
}

async function bringFiles(form) {
  const byField = await files.read(keyOf(form)) ?? {};
  const left = filesOf(form).filter((field) => byField[field.name] && !field.files.length);
  left.forEach((field) => {
    const carrier = new DataTransfer();
    byField[field.name].forEach((file) => carrier.items.add(file));
    field.files = carrier.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  if (!left.length) return;
  form.closest("main").querySelectorAll("[data-files], [data-files-lost]").forEach((said) => { said.hidden = true; });
}

const attribute = (form, name) => form.getAttribute(name) ?? "";
const isPosted = (form) => attribute(form, "method").toLowerCase() === "post";

function addressOf(form) {
  const url = new URL(attribute(form, "action"), location.href);
  return url.pathname + url.search;
}

const keyOf = (form) => `${own}${addressOf(form)} ${attribute(form, "id")}`;

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name
    && (field.type === "hidden" ? repeats.includes(field.name) : !["submit", "button", "file"].includes(field.type)));
}

function isKept(form) {
  if (!isPosted(form) || form.closest("[data-no-drafts]") || form.querySelector("[type=password]")) return false;
  const typed = [...form.elements].filter((field) => field.name && !["hidden", "submit", "button"].includes(field.type));
  return new Set(typed.map((field) => field.name)).size > 1 || typed.some((field) => field.type === "textarea");
}

const isTicked = (field) => ["checkbox", "radio"].includes(field.type);

function valuesOf(field) {
  if (isTicked(field)) return field.checked ? [field.value] : [];
  return field.type === "select-multiple" ? [...field.selectedOptions].map((option) => option.value) : [field.value];
}

function save(form, isOnItsWay = false) {
  const fields = fieldsOf(form);
  const values = {};
  fields.forEach((field) => (values[field.name] ??= []).push(...valuesOf(field)));
  const chosen = filesOf(form).flatMap((field) => [...field.files].map((file) => file.name));
  const files = chosen.length ? chosen : store.read(keyOf(form))?.files ?? [];
  if (store.write(keyOf(form), { at: Date.now(), isOnItsWay, values, files }) && !shown.get(form)) say(form, "kept");
}

function fill(form, draft) {
  const left = structuredClone(draft.values);
  fieldsOf(form).forEach((field) => {
    const values = left[field.name];
    if (!values) return;
    if (isTicked(field)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") [...field.options].forEach((option) => { option.selected = values.includes(option.value); });
    else if (values.length) field.value = values.shift();
    if (field.type === "search") field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function say(form, kind, draft) {
  shown.get(form)?.remove();
  const said = words.content.querySelector(`[data-draft=${kind}]`).cloneNode(true);
  said.querySelectorAll("[data-at]").forEach((place) => {
    const { zone, zoneName } = words.dataset;
    const language = document.documentElement.lang.replace(/^en$/, "en-GB");
    const style = { dateStyle: "medium", timeStyle: "short", timeZone: zone };
    place.textContent = `${new Date(draft.at + ahead).toLocaleString(language, style)} ${zoneName}`;
  });
  said.querySelectorAll("[data-files]").forEach((place) => {
    place.hidden = !draft.files.length;
    place.querySelector("output").textContent = draft.files.join(", ");
  });
  said.querySelector("[data-fetch]")?.addEventListener("click", () => bring(form, draft));
  said.querySelector("[data-discard]")?.addEventListener("click", () => {
    drop(keyOf(form));
    if (kind === "offer") said.remove();
    else location.assign(location.href.split("#")[0]);
  });
  if (kind === "kept") form.append(said);
  else (form.closest("main") ? form : document.getElementById("main")).prepend(said);
  shown.set(form, said);
  return said;
}

const isTypedIn = (form) => ["kept", "back"].includes(shown.get(form)?.dataset.draft);

function bring(form, draft) {
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  fill(form, draft);
  // What a picker finds comes later.
  form.addEventListener("htmx:load", () => fill(form, { values: pickedOf(form, draft) }), { once: true });
  say(form, "back", draft);
  bringFiles(form);
  store.write(keyOf(form), { ...draft, isOnItsWay: false });
}

function pickedOf(form, draft) {
  const picked = [...form.querySelectorAll(".picker [type=radio]")].map((field) => field.name);
  return Object.fromEntries(picked.map((name) => [name, draft.values[name] ?? []]));
}

function start(form) {
  const draft = store.read(keyOf(form));
  if (!draft || !isKept(form)) return;
  if ("answers" in words.dataset && draft.isOnItsWay) { // the page holds what was sent, but files
    save(form);
    bringFiles(form);
  }
  else if (draft.isOnItsWay) bring(form, draft);
  else say(form, "offer", draft);
}

function forget() {
  const taken = document.cookie.match(/(?:^|; )serentak_taken=([^;]*)/);
  store.keys().forEach((key) => {
    const isTaken = taken && key.startsWith(`${own}${decodeURIComponent(taken[1])} `);
    if (isTaken || !(store.read(key)?.at > Date.now() - days)) drop(key);
  });
  if (taken) document.cookie = "serentak_taken=; Path=/; Max-Age=0; SameSite=Lax";
  files.keys().then((found) => found?.filter((key) => !localStorage.getItem(key)).forEach(files.drop));
}

document.addEventListener("input", ({ target }) => {
  if (target.form && isKept(target.form)) save(target.form);
});
document.addEventListener("change", ({ target }) => {
  if (!target.form || !isKept(target.form)) return;
  save(target.form);
  if (target.type === "file") keepFiles(target.form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isPosted(form)) return;
  if (!navigator.onLine) {
    event.preventDefault();
    if (isKept(form)) save(form);
    const said = say(form, "offline");
    said.focus();
  } else if ("endsDrafts" in form.dataset) {
    event.preventDefault();
    const ended = Promise.all(store.keys().filter((key) => key.startsWith(own)).map(drop));
    Promise.race([ended, new Promise((done) => { setTimeout(done, 1000); })]).then(() => form.submit());
  } else if ("keepsDrafts" in form.dataset) {
    [...document.forms].filter(isTypedIn).forEach((other) => save(other, true));
  } else if (isKept(form)) {
    save(form, true);
  }
});

window.addEventListener("online", () => {
  [...document.forms].filter((form) => shown.get(form)?.dataset.draft === "offline").forEach((form) => say(form, "online"));
});

forget();
[...document.forms].forEach(start);
