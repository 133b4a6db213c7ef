// The log of requests, with the usage report above it.

import { read } from "./api.js";
import { copyButton, h, icon, setOptions, setText } from "./dom.js";
import * as format from "./format.js";
import { VirtualList } from "./list.js";
import { store } from "./store.js";
import { UsagePanel } from "./usage.js";

const statuses = [
  ["", "All statuses", () => true],
  ["2", "2xx", request => request.status >= 200 && request.status < 300],
  ["4", "4xx", request => request.status >= 400 && request.status < 500],
  ["5", "5xx", request => request.status >= 500],
  ["none", "No response", request => request.status === null],
  ["fault", "With a fault", request => request.faults.length > 0],
];

export class RequestsView {
  #opened = null;
  #loaded = null;

  constructor() {
    this.operation = h("select", { "aria-label": "Operation", onchange: () => this.update() });
    this.status = h("select", { "aria-label": "Status", onchange: () => this.update() });
    this.license = h("select", { "aria-label": "License", onchange: () => this.update() });
    setOptions(this.status, statuses.map(([value, label]) => [value, label]));
    this.usage = new UsagePanel();
    this.list = new VirtualList({
      label: "Requests",
      className: "requests",
      columns: ["Time", "Request", "Status", "Duration", "Size", "Key and faults"],
      key: request => request.number,
      create: createRow,
      empty: [h("p", { textContent: "No requests." }), h("p", { className: "muted", textContent: "Every request to the API and to download links appears here." })],
    });
    this.pane = h("section", { className: "detail", "aria-label": "Request details" });
    this.element = h(
      "div",
      { className: "split requests-view" },
      h("section", { className: "master", "aria-label": "Requests" }, this.usage.element, h("div", { className: "toolbar" }, this.operation, this.status, this.license), this.list.element),
      this.pane);
  }

  open(number) {
    this.#opened = number ? Number(number) : null;
    this.#loaded = null;
    this.element.classList.toggle("open", Boolean(number));
    this.list.select(this.#opened);
    this.pane.replaceChildren(...(number
      ? [createBackLink(), h("p", { className: "muted", textContent: "Loading…" })]
      : [h("div", { className: "empty" }, h("p", { className: "muted", textContent: "Select a request to see its JSON." }))]));

    this.update();
  }

  close() {
  }

  update() {
    const operations = [...new Set(store.requests.map(request => request.operation ?? ""))].sort();
    const licenses = [...new Set(store.requests.map(request => request.license_key).filter(Boolean))].sort();
    setOptions(this.operation, [["*", "All operations"], ...operations.map(name => [name, name || "unknown path"])]);
    setOptions(this.license, [["", "All licenses"], ...licenses.map(key => [key, key])]);
    this.license.hidden = licenses.length < 2;
    const accepts = statuses.find(([value]) => value === this.status.value)[2];
    const requests = store.requests.filter(request => (this.operation.value === "*" || (request.operation ?? "") === this.operation.value)
      && accepts(request)
      && (!this.license.value || request.license_key === this.license.value));
    this.list.show(requests.reverse(), store.isLoaded);
    this.usage.update(this.license.value);
    this.#load();
  }

  // After the request is complete.
  async #load() {
    const request = this.#opened && store.request(this.#opened);
    if (!request) {
      if (this.#opened && store.isLoaded) {
        this.pane.replaceChildren(createBackLink(), h("p", { className: "muted", textContent: "This request is not in the log." }));
      }

      return;
    }

    if (this.#loaded !== request) {
      this.#loaded = request;
      try {
        const detail = await read(`requests/${request.number}`);
        if (this.#loaded === request) {
          this.pane.replaceChildren(describe(detail));
        }
      } catch (error) {
        this.pane.replaceChildren(h("p", { className: "callout bad", textContent: error.message }));
      }
    }
  }
}

function statusClass(status) {
  return status === null ? "chip chip-canceled" : status >= 500 ? "chip chip-failed" : status >= 400 ? "chip chip-warning" : "chip chip-succeeded";
}

function createRow() {
  const link = h("a", { className: "cover" });
  const method = h("span", { className: "method" });
  const time = h("span", { role: "cell", className: "muted time" });
  const name = h("span", { role: "cell", className: "name" }, method, link);
  const chip = h("span", { className: "chip" });
  const status = h("span", { role: "cell", className: "state" }, chip);
  const duration = h("span", { role: "cell", className: "number muted" });
  const size = h("span", { role: "cell", className: "number muted" });
  const notes = h("span", { role: "cell", className: "notes" });
  return {
    cells: [time, name, status, duration, size, notes],
    link,
    update(request) {
      setText(time, format.time(request.at));
      setText(method, request.method);
      link.href = `#/requests/${request.number}`;
      setText(link, request.operation ?? request.path);
      setText(chip, request.status === null ? (request.duration === null ? "…" : "none") : String(request.status));
      chip.className = statusClass(request.status);
      setText(duration, format.duration(request.duration));
      setText(size, format.bytes(Math.max(request.request_size ?? 0, request.response_size ?? 0)));
      const texts = [...request.faults, ...(request.idempotency_keys.length > 1 ? [`${request.idempotency_keys.length} keys`] : request.idempotency_keys.map(key => key.slice(0, 8)))];
      if (notes.dataset.text !== texts.join(" ")) {
        notes.dataset.text = texts.join(" ");
        notes.replaceChildren(...texts.map((text, index) => h("span", { className: index < request.faults.length ? "tag bad" : "tag", textContent: text })));
      }
    },
  };
}

function createBackLink() {
  return h("a", { className: "back", href: "#/requests" }, icon("back"), "All requests");
}

function describe({ request, headers, request_body: sent, response_body: received, curl }) {
  const facts = [
    ["Time", format.time(Date.parse(request.time))],
    ["Duration", format.duration(request.duration)],
    ["License", request.license_key ?? "none"],
    ["Request", format.bytes(request.request_size)],
    ["Response", format.bytes(request.response_size)],
    ["Request ID", request.request_id ?? "none"],
  ];
  return h(
    "div",
    { className: "request" },
    createBackLink(),
    h("div", { className: "title" }, h("h2", {}, h("span", { className: "method", textContent: request.method }), ` ${request.path}`), h("span", { className: statusClass(request.status), textContent: request.status ?? "no response" })),
    ...request.faults.map(fault => h("p", { className: "callout bad" }, "Fault: ", h("code", { textContent: fault }))),
    h("dl", { className: "facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", { textContent: name }), h("dd", { textContent: value })))),
    request.idempotency_keys.length > 0 ? h("p", {}, h("span", { className: "label", textContent: "Idempotency keys " }), ...request.idempotency_keys.map(key => h("code", { className: "line", textContent: key }))) : null,
    Object.keys(headers).length > 0 ? block("Headers", Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n")) : null,
    sent ? block("Request", pretty(sent)) : null,
    received ? block("Response", pretty(received)) : null,
    !sent && !received ? h("p", { className: "muted", textContent: "There is no JSON to show. Files are not recorded, and the JSON of old requests is dropped." }) : null,
    curl ? block("curl", curl) : null);
}

function block(title, text) {
  return h("section", { className: "card code" }, h("div", { className: "code-head" }, h("h3", { textContent: title }), copyButton(`Copy ${title}`, () => text)), h("pre", { tabIndex: 0, "aria-label": title, role: "region", textContent: text }));
}

function pretty({ text, length, is_cut: isCut }) {
  if (isCut) {
    return `${text}\n… (${format.bytes(length)} in all)`;
  }

  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
