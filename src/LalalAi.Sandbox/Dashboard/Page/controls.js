// Faults, the clock, minutes, seeds and the reset.

import { post, read, remove } from "./api.js";
import { copyButton, field, h, option, say, setOptions } from "./dom.js";
import * as format from "./format.js";
import { store } from "./store.js";

// The input for the value of a fault, by the kind of the value.
const values = {
  None: null,
  Text: { label: "Text", type: "text", value: "" },
  Bytes: { label: "After how many bytes", type: "number", min: 0, value: "", hint: "If empty: before or in the middle of the response." },
  Status: { label: "Status code", type: "number", min: 300, max: 599, value: "502" },
  RequiredStatus: { label: "Status code", type: "number", min: 300, max: 599, value: "503" },
  RequiredDuration: { label: "Time", type: "text", value: "2s", hint: "Such as 500ms, 2s or 5m." },
};

const times = [["1m", "1 minute"], ["5m", "5 minutes"], ["1h", "1 hour"], ["25h", "25 hours"]];

export class ControlsView {
  constructor() {
    this.faults = new FaultForm();
    this.element = h(
      "div",
      { className: "controls" },
      this.faults.element,
      this.faults.plan,
      clockCard(),
      this.#minutesCard(),
      this.#seedCard(),
      resetCard());
  }

  open() {
    this.update();
  }

  close() {
  }

  update() {
    if (store.menu) {
      this.faults.update();
    }

    const licenses = store.usage?.licenses ?? [];
    setOptions(this.license, [[store.menu?.license_key ?? "", store.menu?.license_key ?? ""], ...licenses.filter(({ license_key: key }) => key !== store.menu?.license_key && !key.endsWith("…")).map(({ license_key: key }) => [key, key])]);
  }

  #minutesCard() {
    const minutes = h("input", { type: "number", min: 0, step: "any", value: "10", required: true });
    this.license = h("select", { "aria-label": "License" });
    return form("Minutes", "The minutes that a license key has left. Starts that cost more are rejected with exceeded_duration.", "Set minutes", [field("Minutes left", minutes), field("License", this.license)], async () => {
      await post("seed", { license_key: this.license.value, minutes_left: Number(minutes.value) });
      return `${this.license.value} has ${minutes.value} minutes left.`;
    });
  }

  #seedCard() {
    const name = h("input", { type: "text", value: "song.wav", required: true });
    const tasks = h("input", { type: "number", min: 0, max: 10000, value: "20", required: true });
    const seconds = h("input", { type: "number", min: 0, max: 86400, value: "60", required: true });
    return form("Seed", "Creates a song and tasks that are already running on it. They cost nothing, and finish one after another.", "Seed", [field("File name", name), field("Running tasks", tasks), field("Last one finishes after (s)", seconds)], async () => {
      const time = new Date(Number(seconds.value) * 1000).toISOString().slice(11, 19);
      const seeded = await post("seed", { license_key: store.menu.license_key, sources: [name.value], running_tasks: Number(tasks.value), running_time: time });
      return `Created ${seeded.task_ids.length} running tasks.`;
    });
  }
}

function card(title, text, ...children) {
  return h("section", { className: "card control" }, h("h2", { textContent: title }), h("p", { className: "muted", textContent: text }), ...children);
}

function form(title, text, action, fields, submit) {
  const onsubmit = async event => {
    event.preventDefault();
    await attempt(submit);
  };
  return card(title, text, h("form", { onsubmit }, h("div", { className: "fields" }, ...fields), h("button", { type: "submit", textContent: action })));
}

async function attempt(action) {
  try {
    say(await action());
  } catch (error) {
    say(error.message, true);
  }
}

function clockCard() {
  const advance = text => attempt(async () => {
    const { now } = await post("clock", { advance: text });
    return `The sandbox's clock shows ${format.dateTime(Date.parse(now))}.`;
  });
  const other = h("input", { type: "text", value: "90m", required: true, "aria-label": "Time to advance by" });
  const onsubmit = event => {
    event.preventDefault();
    advance(other.value);
  };
  return card(
    "Clock",
    "Advances the sandbox's time. Tasks make progress; after 25 hours, every source and link has expired.",
    h("div", { className: "buttons" }, ...times.map(([value, label]) => h("button", { type: "button", textContent: `+ ${label}`, onclick: () => advance(value) }))),
    h("form", { className: "inline", onsubmit }, other, h("button", { type: "submit", textContent: "Advance" })));
}

function resetCard() {
  const reset = () => attempt(async () => {
    await post("reset");
    return "The sandbox was reset.";
  });
  const confirm = h("button", { type: "button", className: "danger", textContent: "Yes, delete everything", hidden: true, onclick: reset });
  const ask = h("button", { type: "button", textContent: "Reset…", onclick: () => confirm.hidden = !confirm.hidden });
  confirm.addEventListener("click", () => confirm.hidden = true);
  return card("Reset", "Deletes sources, tasks, faults, requests and counts, and restores the minutes. The clock keeps its time.", h("div", { className: "buttons" }, ask, confirm));
}

class FaultForm {
  #previewed = "";
  #code = "";

  constructor() {
    const changed = () => this.#write();
    this.kind = h("select", { onchange: () => this.#choose() });
    this.effect = h("p", { className: "muted", "aria-live": "polite" });
    this.value = h("input", { oninput: changed });
    this.valueField = field("Value", this.value, " ");
    this.detail = h("input", { type: "text", oninput: changed, placeholder: "The reason phrase" });
    this.detailField = field("Error detail", this.detail);
    this.scope = h("select", { onchange: changed });
    this.times = h("input", { type: "number", min: 1, value: "1", required: true, oninput: changed });
    this.skip = h("input", { type: "number", min: 0, value: "0", required: true, oninput: changed });
    this.text = h("input", { type: "text", className: "mono", spellcheck: false, oninput: () => this.#preview() });
    this.code = h("code", { tabIndex: 0, "aria-label": "C#", role: "region" });
    this.problem = h("p", { className: "callout bad", role: "alert", hidden: true });
    this.element = h(
      "section",
      { className: "card control wide" },
      h("h2", { textContent: "Add a fault" }),
      this.effect,
      h(
        "form",
        { onsubmit: event => this.#add(event) },
        h("div", { className: "fields" }, field("Fault", this.kind), this.valueField, this.detailField, field("Operation", this.scope), field("Times", this.times), field("Skip first", this.skip)),
        field("As text, for headers, license keys and file names", this.text),
        h("div", { className: "label", textContent: "As C#" }),
        h("div", { className: "code-head snippet" }, this.code, copyButton("Copy C#", () => this.#code)),
        this.problem,
        h("button", { type: "submit", className: "primary", textContent: "Add fault" })));
    this.rows = h("tbody");
    this.clear = h("button", { type: "button", textContent: "Remove all", onclick: () => attempt(async () => {
      await remove("faults");
      return "All faults were removed.";
    }) });
    this.none = h("p", { className: "muted", textContent: "No faults are planned." });
    this.table = h("table", { className: "plan" }, h("thead", {}, h("tr", {}, ...["Fault", "Applied", "Remaining"].map(name => h("th", { scope: "col", textContent: name })))), this.rows);
    this.plan = card("Planned faults", "The first fault that matches a request and is not used up applies to it.", this.none, h("div", { className: "plan-frame" }, this.table), this.clear);
    this.plan.classList.add("wide");
  }

  update() {
    if (this.kind.options.length === 0) {
      this.kind.append(...store.menu.faults.map(({ name }) => option(name)));
      this.#choose();
    }

    const text = JSON.stringify(store.faults);
    if (this.rows.dataset.text !== text) {
      this.rows.dataset.text = text;
      this.rows.replaceChildren(...store.faults.map(fault => h(
        "tr",
        { className: fault.remaining === 0 ? "used" : "" },
        h("td", {}, h("code", { textContent: fault.text })),
        h("td", { className: "number", textContent: format.count(fault.applied) }),
        h("td", { className: "number", textContent: fault.remaining === null ? "unlimited" : format.count(fault.remaining) }))));
      this.none.hidden = store.faults.length > 0;
      this.table.hidden = this.clear.hidden = store.faults.length === 0;
    }
  }

  get #chosen() {
    return store.menu.faults.find(({ name }) => name === this.kind.value);
  }

  #choose() {
    const { effect, value, scopes, scope, name } = this.#chosen;
    const settings = values[value];
    this.effect.textContent = effect;
    this.valueField.hidden = !settings;
    if (settings) {
      this.valueField.querySelector(".label").textContent = settings.label;
      this.valueField.querySelector(".hint").textContent = settings.hint ?? "";
      this.value.type = settings.type;
      this.value.min = settings.min ?? "";
      this.value.max = settings.max ?? "";
      this.value.required = value.startsWith("Required");
      this.value.value = settings.value;
    }

    this.detailField.hidden = name !== "status" && name !== "task-error";
    this.detail.value = "";
    setOptions(this.scope, scopes.map(each => [each, each]));
    this.scope.value = scope;
    this.#write();
  }

  #write() {
    const fault = this.valueField.hidden || this.value.value === "" ? this.kind.value : `${this.kind.value}=${this.value.value}`;
    const settings = [
      ["on", this.scope.value === this.#chosen.scope ? "" : this.scope.value],
      ["skip", this.skip.value === "0" ? "" : this.skip.value],
      ["times", this.times.value === "1" ? "" : this.times.value],
      ["detail", this.detailField.hidden ? "" : this.detail.value],
    ];
    this.text.value = [fault, ...settings.filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value}`)].join(";");
    this.#preview();
  }

  async #preview() {
    const text = this.text.value;
    this.#previewed = text;
    try {
      const { code } = await read(`faults/code?faults=${encodeURIComponent(text)}`);
      if (this.#previewed === text) {
        this.#code = code;
        this.code.textContent = code;
        this.problem.hidden = true;
      }
    } catch (error) {
      this.problem.textContent = error.message;
      this.problem.hidden = false;
    }
  }

  #add(event) {
    event.preventDefault();
    attempt(async () => {
      await post("faults", { faults: this.text.value });
      return `Planned: ${this.text.value}`;
    });
  }
}
