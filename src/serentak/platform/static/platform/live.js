// Keeps the part [data-live="address"] as new as the server's. A stream says that something changed,
// never what; then the part is fetched anew. Where there is no stream it is asked for now and then.
// [data-live-stamp]: what the part shows; [data-live-every]: after how many seconds it is fetched
// though nothing changed, since ages in it grow. [data-live-alarms]: keys of what may wake people.
// What is said stands in <template data-live-words>, as [data-live-said="live|asking|blind|back|
// signed-out|withdrawn"], with the moment of the house, its zone and the zone's name; it is shown in
// [data-live-notice]. [data-live-wake="sound|flash"]: wishes, kept on this device.
// Without it the page is whole, and is loaded anew by hand.
const part = document.querySelector("[data-live]");
const words = document.querySelector("template[data-live-words]");
const notice = document.querySelector("[data-live-notice]");
const ahead = Date.parse(words.dataset.now) - Date.now();
const SILENT = 40_000; // a heart beats every 15 s
const PATIENCE = 10_000;
const LONGEST = 15_000;
const BACK = 60_000;

let stamp = part.dataset.liveStamp;
let tag = "";
let source = null;
let isTold = false; // the stream is open and says so
let isOver = false;
let isBusy = false;
let isWanted = false;
let seenAt = Date.now();
let blindSince = 0;
let tries = 0;
let timer = 0;
let watchdog = 0;

// --- what is said

const hour = (at) => {
  const language = document.documentElement.lang.replace(/^en$/, "en-GB");
  const style = { hour: "2-digit", minute: "2-digit", timeZone: words.dataset.zone };
  return `${new Date(at + ahead).toLocaleTimeString(language, style)} ${words.dataset.zoneName}`;
};

function say(kind, since) {
  const key = since ? `${kind} ${hour(since)}` : kind;
  if (notice.dataset.says === key) return; // a screen reader need not hear it twice
  notice.dataset.says = key;
  const said = words.content.querySelector(`[data-live-said="${kind}"]`).cloneNode(true);
  said.querySelectorAll("[data-live-since]").forEach((place) => { place.textContent = hour(since); });
  said.querySelectorAll("[data-live-until]").forEach((place) => { place.textContent = hour(seenAt); });
  notice.replaceChildren(said);
}

function sees() {
  seenAt = Date.now();
  if (isOver) return;
  if (isTold) tries = 0;
  if (blindSince) {
    const since = blindSince;
    blindSince = 0;
    say("back", since);
    setTimeout(() => { if (notice.dataset.says.startsWith("back")) tell(); }, BACK);
  } else if (!notice.dataset.says?.startsWith("back")) tell();
}

const tell = () => say(isTold ? "live" : "asking");

function isBlind() {
  if (isOver) return;
  blindSince ||= seenAt;
  say("blind", blindSince);
}

function end(why) {
  isOver = true;
  close();
  say(why);
}

// --- the part

const alarms = () => (part.querySelector("[data-live-alarms]")?.dataset.liveAlarms ?? "").split(" ").filter(Boolean);

function show(text) {
  const known = new Set(alarms());
  const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
  const named = [...part.querySelectorAll("[id]")];
  const opened = named.filter((element) => element.open).map((element) => element.id);
  const scrolled = named.filter((element) => element.scrollTop || element.scrollLeft)
    .map((element) => [element.id, element.scrollLeft, element.scrollTop]);
  const [left, top] = [scrollX, scrollY];
  part.innerHTML = text;
  opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  scrolled.forEach(([id, x, y]) => document.getElementById(id)?.scrollTo(x, y));
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  scrollTo({ left, top, behavior: "instant" });
  part.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  if (alarms().some((key) => !known.has(key))) wake();
}

async function fetchOnce() {
  const headers = { "HX-Request": "true" };
  if (tag) headers["If-None-Match"] = tag;
  const answer = await fetch(part.dataset.live, {
    headers, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.type === "opaqueredirect") return end("signed-out");
  if (answer.status === 404) return end("withdrawn");
  if (answer.status !== 304) {
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.text());
    tag = answer.headers.get("ETag") ?? "";
  }
  stamp = answer.headers.get("Live-Stamp") ?? stamp;
  return sees();
}

async function refresh() {
  isWanted = true;
  if (isBusy || isOver) return;
  isBusy = true;
  try {
    while (isWanted && !isOver) {
      isWanted = false;
      await fetchOnce();
    }
  } catch {
    isBlind();
    again();
  } finally {
    isBusy = false;
  }
}

// --- the stream

const isNeeded = () => !isOver && (!document.hidden || wishes.some((wish) => wish.checked));

function open() {
  if (source || !isNeeded()) return;
  const asked = new URLSearchParams({ of: part.dataset.live, seen: stamp });
  source = new EventSource(`/live?${asked}`);
  ["sees", "tick", "beat"].forEach((kind) => source.addEventListener(kind, heard));
  source.addEventListener("over", (event) => end(event.data));
  source.addEventListener("error", lost);
}

function close() {
  source?.close();
  source = null;
  isTold = false;
  clearTimeout(watchdog);
}

function heard(event) {
  isTold = true;
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, SILENT);
  if (event.data !== stamp || blindSince) refresh();
  else sees();
}

function lost() {
  close();
  again();
}

// What broke is tried again soon, then after pauses that grow, and not by all screens at once.
function again() {
  if (timer || isOver) return;
  const pause = Math.min(LONGEST, 500 * 2 ** tries) * (0.75 + Math.random() / 2);
  tries += 1;
  timer = setTimeout(async () => {
    timer = 0;
    if (!isNeeded()) return;
    if (!isTold || blindSince) await refresh();
    open();
    if (!isTold || blindSince) again();
  }, pause);
}

// --- wishes: to be woken by what is grave and new

const wishes = [...document.querySelectorAll("[data-live-wake]")];
const wish = (kind) => wishes.some((one) => one.dataset.liveWake === kind && one.checked);
const muted = document.querySelector("[data-live-muted]");
let audio = null;

function listen() {
  if (wish("sound")) audio ??= new AudioContext();
  audio?.resume();
  const isMuted = () => wish("sound") && audio?.state !== "running";
  setTimeout(() => { if (muted) muted.hidden = !isMuted(); }, 300);
}

function wake() {
  if (wish("flash")) {
    part.classList.add("flashes");
    setTimeout(() => part.classList.remove("flashes"), 6_000);
  }
  if (!wish("sound") || audio?.state !== "running") return;
  [0, 0.35, 0.7].forEach((after, index) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = index % 2 ? 660 : 880;
    volume.gain.value = 0.3;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + after);
    tone.stop(audio.currentTime + after + 0.25);
  });
}

wishes.forEach((one) => {
  const key = `serentak.live.${one.dataset.liveWake}`;
  try {
    one.checked = localStorage.getItem(key) === "1";
  } catch { /* closed by the owner of the device */ }
  one.closest("[hidden]")?.removeAttribute("hidden");
  one.addEventListener("change", () => {
    try {
      localStorage.setItem(key, one.checked ? "1" : "0");
    } catch { /* it holds until the page is left */ }
    listen();
    if (one.checked) wake();
  });
});
["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, () => { if (audio?.state !== "running") listen(); }));
listen();

// --- begin

addEventListener("offline", () => { lost(); isBlind(); });
addEventListener("online", () => { tries = 0; refresh(); open(); });
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => { if (event.persisted) { refresh(); open(); } });
document.addEventListener("visibilitychange", () => {
  if (!isNeeded()) close();
  else if (!source) { refresh(); open(); }
});
setInterval(() => { if (isTold && !document.hidden) refresh(); }, Number(part.dataset.liveEvery ?? 60) * 1000);
open();
