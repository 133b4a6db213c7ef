// Starts the page: connects, and shows the view that the URL selects.

import { CallError, read, startSession } from "./api.js";
import { ControlsView } from "./controls.js";
import { field, h, setText } from "./dom.js";
import * as format from "./format.js";
import { RequestsView } from "./requests.js";
import { store } from "./store.js";
import { TasksView } from "./tasks.js";
import { acceptDrops } from "./upload.js";

const main = document.getElementById("main");
const views = { tasks: new TasksView(), requests: new RequestsView(), controls: new ControlsView() };
const chips = { live: "chip chip-succeeded", connecting: "chip chip-queued", reconnecting: "chip chip-warning", closed: "chip chip-failed" };
let current = null;

function route() {
  const [, name, id] = /^#\/(\w+)(?:\/([\w-]+))?$/.exec(location.hash) ?? [];
  const view = views[name] ?? views.tasks;
  if (view !== current) {
    current?.close();
    current = view;
    main.replaceChildren(view.element);
  }

  for (const link of document.querySelectorAll(".tabs a")) {
    link.toggleAttribute("aria-current", views[link.hash.slice(2)] === view);
    if (link.hasAttribute("aria-current")) {
      link.setAttribute("aria-current", "page");
    }
  }

  view.open(id);
}

function showVitals() {
  setText(document.getElementById("clock"), store.now ? format.dateTime(store.now) : "–");
  const license = store.usage?.licenses.find(each => each.license_key === store.menu.license_key);
  setText(document.getElementById("minutes"), license ? format.number(license.minutes_left) : "–");
  setText(document.getElementById("count-tasks"), store.tasks.size ? format.count(store.tasks.size) : "");
  setText(document.getElementById("count-requests"), store.requests.length ? format.count(store.requests.length) : "");
  const faults = store.faults.filter(fault => fault.left !== 0).length;
  setText(document.getElementById("count-faults"), faults ? format.count(faults) : "");
  const connection = document.getElementById("connection");
  setText(connection, store.connection);
  connection.className = chips[store.connection];
}

/** Other machines need the sandbox's token, once for each browser session. */
function askForToken() {
  const token = h("input", { type: "password", required: true, autocomplete: "off" });
  const problem = h("p", { className: "callout bad", role: "alert", hidden: true });
  const onsubmit = async event => {
    event.preventDefault();
    try {
      await startSession(token.value.trim());
      begin();
    } catch (error) {
      problem.textContent = error.status === 403 ? "This is not the token of this sandbox." : error.message;
      problem.hidden = false;
    }
  };
  main.replaceChildren(h(
    "form",
    { className: "card token", onsubmit },
    h("h2", { textContent: "Token" }),
    h("p", { className: "muted", textContent: "This sandbox runs on another machine. It printed its token when it started." }),
    field("Token", token),
    problem,
    h("button", { type: "submit", className: "primary", textContent: "Open" })));
  token.focus();
}

function begin() {
  route();
  addEventListener("hashchange", route);
  acceptDrops();
  store.subscribe(() => {
    showVitals();
    current.update();
  });
  store.connect();
}

read("clock").then(begin, error => error instanceof CallError && error.status === 403 ? askForToken() : main.replaceChildren(h("p", { className: "callout bad", textContent: error.message })));
