// The list of tasks, and the open task.

import { h, setOptions, setText, icon } from "./dom.js";
import * as format from "./format.js";
import { VirtualList } from "./list.js";
import { TaskDetail } from "./task.js";
import { chooseFile } from "./upload.js";
import { store } from "./store.js";

const statuses = ["queued", "processing", "succeeded", "failed", "canceled"];

export class TasksView {
  #detail = null;

  constructor() {
    this.search = h("input", { type: "search", placeholder: "File or task ID", "aria-label": "Search tasks", oninput: () => this.update() });
    this.status = h("select", { "aria-label": "Status", onchange: () => this.update() });
    this.kind = h("select", { "aria-label": "Kind", onchange: () => this.update() });
    this.license = h("select", { "aria-label": "License", onchange: () => this.update() });
    setOptions(this.status, [["", "All states"], ...statuses.map(name => [name, name])]);
    this.list = new VirtualList({
      label: "Tasks",
      className: "tasks",
      columns: ["File", "Task", "State", "Minutes", "Age"],
      key: task => task.id,
      create: createRow,
      empty: [
        h("p", { textContent: "No tasks here yet." }),
        h("p", { className: "muted", textContent: "Start your program against this sandbox, or upload a file." }),
        h("button", { type: "button", className: "primary", onclick: chooseFile }, icon("upload"), "Upload a file"),
      ],
    });
    this.pane = h("section", { className: "detail", "aria-label": "Task" });
    this.element = h(
      "div",
      { className: "split" },
      h(
        "section",
        { className: "master", "aria-label": "Tasks" },
        h("div", { className: "toolbar" }, this.search, this.status, this.kind, this.license, h("button", { type: "button", className: "primary", onclick: chooseFile }, icon("upload"), "Upload")),
        this.list.element),
      this.pane);
  }

  /** @param id The task to open; undefined for none. */
  open(id) {
    if (this.#detail?.id === id && id) {
      return;
    }

    this.#detail?.close();
    this.#detail = id ? new TaskDetail(id) : null;
    this.pane.replaceChildren(this.#detail?.element ?? hint("Select a task to see and hear its tracks."));
    this.element.classList.toggle("open", Boolean(id));
    this.list.select(id ?? null);
    this.#detail?.update();
    this.update();
  }

  close() {
    this.open(undefined);
  }

  update() {
    const licenses = [...new Set(store.taskList.map(task => task.license_key))].sort();
    setOptions(this.kind, [["", "All kinds"], ...(store.menu?.kinds ?? []).map(({ kind }) => [kind, format.kind(kind)])]);
    setOptions(this.license, [["", "All licenses"], ...licenses.map(key => [key, key])]);
    this.license.hidden = licenses.length < 2;
    const text = this.search.value.toLowerCase();
    const tasks = store.taskList.filter(task => (!this.status.value || task.status === this.status.value)
      && (!this.kind.value || task.kind === this.kind.value)
      && (!this.license.value || task.license_key === this.license.value)
      && (!text || task.search.includes(text) || task.id.startsWith(text)));
    this.list.show(tasks, store.isLoaded);
    this.#detail?.update();
  }
}

function hint(text) {
  return h("div", { className: "empty" }, h("p", { className: "muted", textContent: text }));
}

export function stateChip() {
  return h("span", { className: "chip" });
}

export function showState(chip, task) {
  setText(chip, task.status);
  chip.className = `chip chip-${task.status}`;
}

function createRow() {
  const link = h("a", { className: "cover" });
  const name = h("span", { role: "cell", className: "name" }, link);
  const kind = h("span", { role: "cell", className: "kind muted" });
  const chip = stateChip();
  const bar = h("span", { className: "bar-fill" });
  const track = h("span", { className: "progress", role: "progressbar", "aria-label": "Progress", "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  const state = h("span", { role: "cell", className: "state" }, chip, track);
  const minutes = h("span", { role: "cell", className: "number muted" });
  const age = h("span", { role: "cell", className: "number muted" });
  return {
    cells: [name, kind, state, minutes, age],
    link,
    update(task) {
      const running = task.status === "queued" || task.status === "processing";
      link.href = `#/tasks/${task.id}`;
      setText(link, task.source.name);
      setText(kind, `${format.kind(task.kind)} · ${task.tracks.map(format.trackLabel).join(", ")}`);
      showState(chip, task);
      track.hidden = !running;
      if (running) {
        bar.style.transform = `scaleX(${task.progress / 100})`;
        track.setAttribute("aria-valuenow", task.progress);
      }

      setText(minutes, task.minutes ? `${format.number(task.minutes)} min` : "–");
      setText(age, format.age(store.now - task.createdAt));
    },
  };
}
