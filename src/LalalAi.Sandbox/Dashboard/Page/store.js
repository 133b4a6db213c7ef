// The data of the page. The sandbox sends everything once, and then the changes. Views are notified at most once per frame.

import { events } from "./api.js";

class Store {
  menu = null;
  now = 0;
  tasks = new Map();
  taskList = [];
  requests = [];
  firstRequest = 1;
  faults = [];
  usage = null;
  connection = "connecting";

  #listeners = [];
  #changed = new Set();

  /** Calls a function with the names of the changed data. */
  subscribe(listener) {
    this.#listeners.push(listener);
  }

  connect() {
    const source = events();
    source.onerror = () => this.#changeConnection(source.readyState === EventSource.CLOSED ? "closed" : "reconnecting");
    const handlers = {
      hello: menu => this.#start(menu),
      clock: clock => this.now = Date.parse(clock.now),
      tasks: tasks => this.#changeTasks(tasks),
      requests: requests => this.#changeRequests(requests),
      faults: faults => this.faults = faults,
      usage: usage => this.usage = usage,
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, event => {
        handle(JSON.parse(event.data));
        this.#notify(name);
      });
    }
  }

  /** Whether the first data has arrived. The usage report comes last. */
  get isLoaded() {
    return this.usage !== null;
  }

  request(value) {
    return this.requests[value - this.firstRequest];
  }

  // After a reconnect, the sandbox sends everything again.
  #start(menu) {
    this.menu = menu;
    this.tasks.clear();
    this.taskList = [];
    this.requests = [];
    this.#changeConnection("live");
  }

  #changeTasks({ added, changed, removed }) {
    for (const task of added) {
      this.tasks.set(task.id, { ...task, createdAt: Date.parse(task.created), search: task.source.name.toLowerCase() });
    }

    for (const change of changed) {
      Object.assign(this.tasks.get(change.id), change);
    }

    removed.forEach(id => this.tasks.delete(id));
    if (added.length + removed.length > 0) {
      this.taskList = [...this.tasks.values()].sort((one, other) => other.createdAt - one.createdAt);
    }
  }

  #changeRequests({ first, requests }) {
    if (this.requests.length === 0) {
      this.firstRequest = first;
    }

    this.requests.splice(0, first - this.firstRequest);
    this.firstRequest = first;
    for (const request of requests) {
      request.at = Date.parse(request.time);
      this.requests[request.number - first] = request;
    }
  }

  #changeConnection(connection) {
    this.connection = connection;
    this.#notify("connection");
  }

  #notify(name) {
    if (this.#changed.size === 0) {
      requestAnimationFrame(() => {
        const changed = this.#changed;
        this.#changed = new Set();
        this.#listeners.forEach(listener => listener(changed));
      });
    }

    this.#changed.add(name);
  }
}

export const store = new Store();
