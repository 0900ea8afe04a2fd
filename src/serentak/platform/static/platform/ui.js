// Theme, views of one panel, tiles by focus, Enter to the next field, number buttons, the bar.
// Every page is whole without it.
const root = document.documentElement;
const year = 31536000;

function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
}

function themeSwitch(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    setCookie(form.dataset.cookie, root.dataset.theme);
  });
}

// One of several views of the same content; without a script all are shown.
function views(seg) {
  const buttons = [...seg.querySelectorAll("button")];
  const show = (button) => buttons.forEach((other) => {
    other.setAttribute("aria-pressed", String(other === button));
    document.getElementById(other.dataset.for).hidden = other !== button;
  });
  buttons.forEach((button) => button.addEventListener("click", () => show(button)));
  seg.hidden = false;
  show(buttons[0]);
}

// Enter goes to the next field, Shift+Enter back; Ctrl+Enter sends.
function enterMoves(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (event.ctrlKey) {
      form.requestSubmit();
      return;
    }
    const fields = [...form.querySelectorAll("input:not([type=hidden])")].filter((field) => field.offsetParent);
    const next = fields[fields.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
    if (next) {
      next.focus();
      next.select?.();
    }
  });
}

// Buttons that add to a number; without a script one types it.
function stepper(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    const from = Number((input.value || input.placeholder).replace(/\D/g, "")) || 0;
    const to = Math.max(0, from + Number(button.dataset.step));
    input.value = String(input.dataset.max ? Math.min(Number(input.dataset.max), to) : to);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// A filter that sends itself when a choice changes; without a script one presses the button.
function sendsItself(form) {
  form.addEventListener("change", (event) => {
    if (event.target.tagName === "SELECT") form.requestSubmit();
  });
}

// The entry of the page that is shown stands in sight where the bar scrolls.
function inSight(nav) {
  const here = nav.querySelector("[aria-current]");
  if (here) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - 16;
}

// A file over the limit is refused before it is sent; the server refuses it all the same.
function fileLimit(input) {
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    if (isTooLarge) input.reportValidity();
  });
}

const kinds = {
  "[data-theme-switch]": themeSwitch,
  "[data-views]": views,
  "[data-enter]": enterMoves,
  "[data-step]": stepper,
  "[data-auto]": sendsItself,
  ".nav": inSight,
  "[data-most]": fileLimit,
};

const live = new WeakSet();

function enhance(scope) {
  for (const [selector, start] of Object.entries(kinds)) {
    const found = [...scope.querySelectorAll(selector)];
    if (scope.matches?.(selector)) found.push(scope);
    found.forEach((element) => {
      if (live.has(element)) return;
      live.add(element);
      start(element);
    });
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
