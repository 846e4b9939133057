// Small helps for pages that work without it: relative times that stay true, clocks that run, the theme at once.

const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const root = document.documentElement;
const relative = new Intl.RelativeTimeFormat(root.lang, { numeric: "always" });

// The same borders as common/spans.py, so that a text does not jump when the page has loaded.
function distance(instant) {
  const seconds = (instant - Date.now()) / 1000, far = Math.abs(seconds);
  if (far < 45) return root.dataset.now;
  const [unit, size] = far < 90 * MINUTE ? ["minute", MINUTE] : far < 36 * HOUR ? ["hour", HOUR] : ["day", DAY];
  const count = Math.max(1, Math.round(far / size)) * Math.sign(seconds);
  return relative.format(count, unit).replace(/(\d)(?=[\u4e00-\u9fff])/g, "$1 ");
}

function clock(length) {
  const whole = Math.max(0, Math.floor(length / 1000));
  const parts = [Math.floor(whole / HOUR), Math.floor(whole / MINUTE) % 60, whole % 60];
  return (parts[0] ? parts : parts.slice(1)).map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function tick() {
  for (const node of document.querySelectorAll("time[data-live]")) write(node, distance(Date.parse(node.dateTime)));
  for (const node of document.querySelectorAll("time[data-clock]")) write(node, clock(Date.now() - Date.parse(node.dateTime)));
  for (const node of document.querySelectorAll("time[data-until]")) write(node, clock(Date.parse(node.dateTime) - Date.now()));
}

tick();
setInterval(tick, 1000);

// The theme changes before the server has answered; without this script the form does it by itself.
for (const form of document.querySelectorAll("[data-theme-switch]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("[name=theme]"), theme = dark() ? "light" : "dark";
    const body = new FormData(form);
    body.set("theme", theme);
    root.dataset.theme = theme;
    button.value = dark() ? "light" : "dark";
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
}

function dark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

// A form is sent once: a second press of its button while it travels changes nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// What was wrong is read first.
document.getElementById("errors")?.focus();

// Printing needs a script; without one its button is not shown.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Single letters do something unless the reader turned that off, who may speak to the computer; kept on this device.
const KEYS = "single-keys";
try {
  root.dataset.keys = localStorage.getItem(KEYS) ?? "on";
} catch {
  root.dataset.keys = "on"; // a browser that keeps nothing for us
}
for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = root.dataset.keys === "on";
  box.addEventListener("change", () => {
    root.dataset.keys = box.checked ? "on" : "off";
    try {
      localStorage.setItem(KEYS, root.dataset.keys);
    } catch {
      // it holds for this page only
    }
  });
}

// The key / leads to "Find anything" from wherever nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") || root.dataset.keys === "off") return;
  const field = document.querySelector("[data-find]"), link = document.querySelector("[data-find-link]");
  if (!field && !link) return;
  event.preventDefault();
  if (field) field.select();
  else location.assign(link.href);
});
