// A table of any length with elements for the visible rows only. Focus stays on an item when its row moves.

import { h } from "./dom.js";

const overscan = 6;

export class VirtualList {
  #rows = new Map();
  #items = [];
  #selected = null;

  /**
   * @param label What the table lists.
   * @param columns The names of the columns.
   * @param create Creates a row's cells: { cells, link, update(item) }.
   * @param key The identity of an item.
   */
  constructor({ label, className, columns, create, key, empty }) {
    this.create = create;
    this.key = key;
    this.body = h("div", { className: "rows", role: "rowgroup" });
    this.empty = h("div", { className: "empty" }, ...empty);
    this.loading = h("div", { className: "empty" }, h("p", { className: "muted", textContent: "Loading…" }));
    this.scroller = h("div", { className: "scroller", onscroll: () => this.#render(), onkeydown: event => this.#move(event) }, this.body);
    const head = h("div", { role: "row", className: "head", "aria-rowindex": 1 }, ...columns.map(name => h("span", { role: "columnheader", textContent: name })));
    this.table = h("div", { role: "table", className: `list ${className}`, "aria-label": label }, h("div", { role: "rowgroup" }, head), this.scroller);
    this.element = h("div", { className: "list-frame" }, this.table, this.loading, this.empty);
    new ResizeObserver(() => this.#render()).observe(this.scroller);
  }

  get rowHeight() {
    return parseFloat(getComputedStyle(this.table).getPropertyValue("--row")) || 48;
  }

  show(items, isLoaded) {
    const anchor = this.scroller.scrollTop > 0 ? this.#items[Math.floor(this.scroller.scrollTop / this.rowHeight)] : null;
    const before = anchor ? this.#items.indexOf(anchor) : -1;
    this.#items = items;

    // New rows above the visible ones do not scroll them.
    if (anchor) {
      const after = items.findIndex(item => this.key(item) === this.key(anchor));
      this.#resize();
      this.scroller.scrollTop += after < 0 ? 0 : (after - before) * this.rowHeight;
    }

    this.loading.hidden = isLoaded || items.length > 0;
    this.empty.hidden = !isLoaded || items.length > 0;
    this.table.hidden = items.length === 0;
    this.#render();
  }

  select(key) {
    this.#selected = key;
    this.#render();
  }

  #resize() {
    this.body.style.height = `${this.#items.length * this.rowHeight}px`;
    this.table.setAttribute("aria-rowcount", this.#items.length + 1);
    this.table.style.setProperty("--scrollbar", `${this.scroller.offsetWidth - this.scroller.clientWidth}px`);
  }

  #render() {
    const height = this.rowHeight;
    this.#resize();
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / height) - overscan);
    const last = Math.min(this.#items.length, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / height) + overscan);
    const seen = new Set();
    for (let index = first; index < last; index++) {
      const item = this.#items[index];
      const key = this.key(item);
      seen.add(key);
      let row = this.#rows.get(key);
      if (!row) {
        row = this.create();
        row.element = h("div", { role: "row", className: "row" }, ...row.cells);
        this.#rows.set(key, row);
        this.body.append(row.element);
      }

      row.update(item);
      row.element.style.transform = `translateY(${index * height}px)`;
      row.element.setAttribute("aria-rowindex", index + 2);
      row.element.classList.toggle("selected", key === this.#selected);
      row.link.toggleAttribute("aria-current", key === this.#selected);
      row.index = index;
    }

    for (const [key, row] of this.#rows) {
      if (!seen.has(key)) {
        row.element.remove();
        this.#rows.delete(key);
      }
    }
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    const current = [...this.#rows.values()].find(row => row.element.contains(document.activeElement));
    if (!step || !current) {
      return;
    }

    event.preventDefault();
    const index = Math.min(this.#items.length - 1, Math.max(0, current.index + step));
    const [top, height] = [index * this.rowHeight, this.rowHeight];
    this.scroller.scrollTop = Math.min(top, Math.max(this.scroller.scrollTop, top + height - this.scroller.clientHeight));
    this.#render();
    this.#rows.get(this.key(this.#items[index]))?.link.focus({ preventScroll: true });
  }
}
