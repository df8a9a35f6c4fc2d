/* The money-flow picture: plain SVG drawn from JSON, live, without losing zoom, order or focus.

   <figure data-flow data-src="..."> holds an <svg>, zoom buttons and a hover card; its data-text-* carry the words.
   JSON: {currency, digits, nodes: [{id, label, bank, layer, state, state_text, icon, stolen_in, stolen_now, held, gone,
   unknown, facts: [[term, value]], url}], edges: [{from, to, amount, stolen, at_text}]}; sums in minor units.
   State is told by icon, word, pattern and colour together. Arrow keys walk from card to card, Enter opens. */
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const ZOOM_MIN = 0.2;
  const ZOOM_MAX = 2.5;
  const READABLE = 0.72;
  const HEADS_H = 42; // of the columns' heads, which stay in view
  const MOVE_MS = 350;
  const LABELS_MAX = 60;
  const LABEL_SIGNS_MAX = 23; // as many as stand between two columns; a longer sum goes without its time
  const PARTS = ["held", "gone", "stolen_now", "unknown"];
  const icons = document.body.dataset.icons;
  const lang = document.documentElement.lang || "zh-Hans";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function make(name, attributes = {}, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  /* Text cut to a width, Han counted as one em and others as a little over half. */
  function cut(text, width, size) {
    let used = 0;
    for (let i = 0; i < text.length; i++) {
      used += text.charCodeAt(i) > 0x2e7f ? size : size * 0.58;
      if (used > width) return `${text.slice(0, Math.max(1, i - 1))}…`;
    }
    return text;
  }

  class Flow {
    constructor(figure) {
      this.figure = figure;
      this.svg = figure.querySelector("svg[data-picture]");
      this.hover = figure.querySelector("[data-hover]");
      this.expanded = new Set();
      this.previous = new Map();
      this.cards = new Map();
      this.places = new Map();
      this.view = null;
      this.focusId = null;
      this.world = make("g");
      this.ribbonLayer = make("g", { "aria-hidden": "true" });
      this.labelLayer = make("g", { class: "flow-labels", "aria-hidden": "true" });
      this.headLayer = make("g", { class: "flow-heads" });
      this.cardLayer = make("g");
      this.world.append(this.ribbonLayer, this.labelLayer, this.cardLayer, this.headLayer);
      this.svg.append(this.world);
      this.listen();
      window.wuzha.flowTools?.(this);
      this.load();
    }

    /* Hooks of flow_tools.js: the graph that is drawn of the one that came, and more lines of the hover card. */
    shape(graph) {
      return graph;
    }

    more() {}

    text(name, value = "") {
      return (this.figure.dataset[`text${name}`] || "").replace("%s", value);
    }

    money(minor) {
      const { currency, digits } = this.graph;
      const fraction = minor % 10 ** digits ? digits : 0;
      const options = { minimumFractionDigits: fraction, maximumFractionDigits: fraction };
      const number = new Intl.NumberFormat(lang, options).format(minor / 10 ** digits);
      return currency === "CNY" ? `¥${number}` : `${number} ${currency}`;
    }

    async load() {
      if (this.loading) {
        this.again = true;
        return;
      }
      this.loading = true;
      try {
        const response = await fetch(this.figure.dataset.src, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (response.ok) this.draw(await response.json());
      } catch {
        this.figure.dataset.stale = "true";
      } finally {
        this.loading = false;
      }
      if (this.again) {
        this.again = false;
        this.load();
      }
    }

    draw(graph) {
      delete this.figure.dataset.stale;
      this.source = graph;
      this.graph = graph = this.shape(graph);
      this.plan = window.wuzha.flowLayout(graph, { expanded: this.expanded, previous: this.previous });
      this.plan.columns.forEach((column) => column.cards.forEach((one, i) => this.previous.set(one.id, i)));
      this.figure.classList.toggle("is-empty", !this.plan.cards.length);
      this.tellLeftOut();
      this.drawHeads();
      this.drawRibbons();
      this.drawCards();
      this.move();
      this.size();
      if (!this.view || !this.touched) this.fit();
      this.light(this.lit);
      this.tools?.tellCrowds();
    }

    /* What is too small to be drawn is told. */
    tellLeftOut() {
      const line = this.figure.querySelector("[data-left-out]");
      if (!line) return;
      line.hidden = !this.source.left_out;
      line.textContent = this.source.left_out ? this.text("LeftOut", this.source.left_out) : "";
    }

    drawHeads() {
      this.headLayer.replaceChildren(
        make("rect", { class: "flow-heads-ground", width: this.plan.width, height: HEADS_H }),
        ...this.plan.columns.map((column) => {
          const count = column.cards.reduce((sum, one) => sum + one.count, 0);
          const name = column.layer === 0 ? this.text("Victim") : this.text("Layer", column.layer);
          const head = make("text", { x: column.x, y: 16 }, make("tspan", { class: "flow-layer" }, name));
          const rest = column.layer === 0 ? "" : count === 1 ? this.text("Account") : this.text("Accounts", count);
          head.append(make("tspan", { dx: 6 }, rest));
          const group = make("g", {}, head);
          const stolen = column.cards.reduce((sum, one) => sum + one.stolen_in, 0);
          group.append(make("text", { x: column.x, y: 33, class: "flow-sum" }, this.money(stolen)));
          if (column.expanded) group.append(this.folder(column));
          return group;
        }),
      );
    }

    folder(column) {
      const button = make("g", { class: "flow-fold", role: "button", tabindex: "0", "data-fold": column.layer, transform: `translate(${column.x + 184}, 16)` });
      button.append(make("text", { "text-anchor": "end" }, this.text("Fold")));
      return button;
    }

    drawRibbons() {
      const ribbons = [...this.plan.ribbons].sort((a, b) => b.width - a.width);
      this.paths = ribbons.map((ribbon) => {
        const back = ribbon.from.layer >= ribbon.to.layer;
        const path = make("path", { class: back ? "flow-ribbon is-back" : "flow-ribbon", "stroke-width": ribbon.width.toFixed(2) });
        if (back) path.setAttribute("marker-end", "url(#flow-arrow)");
        return { ribbon, path, back };
      });
      this.ribbonLayer.replaceChildren(...this.paths.map((one) => one.path));
      this.joined = { from: new Map(), to: new Map() };
      for (const { ribbon, back } of this.paths) {
        if (back) continue;
        for (const end of ["from", "to"]) {
          const id = ribbon[end].id;
          (this.joined[end].get(id) || this.joined[end].set(id, []).get(id)).push(ribbon);
        }
      }
      this.labels = this.chooseLabels(ribbons).map((ribbon) => {
        const sum = this.money(ribbon.stolen);
        const label = make("text", { "text-anchor": "end" }, sum);
        const time = ribbon.edges.length === 1 && ribbon.edges[0].at_text;
        if (time && sum.length + time.length < LABEL_SIGNS_MAX) label.append(make("tspan", { class: "flow-time", dx: 5 }, time));
        return { ribbon, label };
      });
      this.labelLayer.replaceChildren(...this.labels.map((one) => one.label));
    }

    /* The heaviest ribbons are labelled, as far as labels do not lie on each other. */
    chooseLabels(ribbons) {
      const taken = [];
      return ribbons.filter((ribbon) => {
        if (taken.length >= LABELS_MAX || ribbon.from.layer >= ribbon.to.layer) return false;
        const y = ribbon.to.y + ribbon.toY - ribbon.width / 2;
        if (taken.some(([layer, other]) => layer === ribbon.to.layer && Math.abs(other - y) < 15)) return false;
        taken.push([ribbon.to.layer, y]);
        return true;
      });
    }

    drawCards() {
      const kept = new Set();
      for (const one of this.plan.cards) {
        kept.add(one.id);
        let group = this.cards.get(one.id);
        if (!group) {
          group = make("g", { class: "flow-node", tabindex: "-1", role: "button", "data-id": one.id });
          this.cards.set(one.id, group);
          if (this.drawnOnce && !calm.matches) group.classList.add("is-new");
          this.cardLayer.append(group);
        }
        group.plan = one;
        this.fill(group, one);
      }
      for (const [id, group] of this.cards) {
        if (kept.has(id)) continue;
        group.remove();
        this.cards.delete(id);
        this.places.delete(id);
      }
      this.drawnOnce = true;
      if (!this.cards.has(this.focusId)) this.focusId = this.plan.cards[0]?.id;
      this.cards.get(this.focusId)?.setAttribute("tabindex", "0");
    }

    fill(group, one) {
      const { node, w, h } = one;
      const crowd = one.count > 1;
      const victim = one.layer === 0;
      const title = crowd ? this.text("Crowd", one.count) : node.label;
      const under = crowd ? node.state_text : node.bank;
      const amount = this.money(one.stolen_in);
      const signature = JSON.stringify([title, under, amount, one.state, node.icon, one.held, one.gone, one.stolen_now, one.unknown, one.whole, h]);
      if (group.signature === signature) return;
      group.signature = signature;
      group.dataset.state = one.state;
      group.classList.toggle("is-crowd", crowd);
      group.classList.toggle("is-victim", victim);
      group.setAttribute("aria-label", [title, under, crowd ? "" : node.state_text, amount].filter(Boolean).join(", "));
      const middle = h / 2;
      const icon = make("use", { href: `${icons}#${node.icon || "unknown"}`, x: w - 25, y: middle - 19, width: 15, height: 15, class: "icon flow-icon" });
      const amountWidth = amount.length * 6.6;
      const parts = [make("rect", { class: "flow-box", width: w, height: h, rx: 5 })];
      if (crowd) parts.unshift(make("rect", { class: "flow-box", x: 4, y: 4, width: w, height: h, rx: 5 }));
      parts.push(
        make("text", { class: "flow-title", x: 11, y: middle - 6 }, cut(title, w - 44, 12.5)),
        make("text", { class: "flow-bank", x: 11, y: middle + 10 }, cut(under || "", w - 26 - amountWidth, 11.5)),
        make("text", { class: "flow-amount", x: w - 10, y: middle + 10, "text-anchor": "end" }, amount),
        icon,
        ...this.meter(one, 10, middle + 15, w - 20),
      );
      group.replaceChildren(...parts);
    }

    /* What became of the stolen money that came in: held, gone, still there, unknown; the rest moved on. */
    meter(one, x, y, width) {
      if (!one.whole || one.layer === 0) return [];
      const bar = [make("rect", { x, y, width, height: 4, class: "flow-moved" })];
      let at = x;
      for (const part of PARTS) {
        const length = (width * Math.min(one[part] || 0, one.whole)) / one.whole;
        if (length < 0.5) continue;
        bar.push(make("rect", { x: at.toFixed(1), y, width: Math.min(length, x + width - at).toFixed(1), height: 4, class: `flow-${part}` }));
        at += length;
      }
      return bar;
    }

    /* Cards glide to their new places; ribbons are drawn from the places, so both stay joined. */
    move() {
      cancelAnimationFrame(this.frame);
      const from = new Map(this.places);
      const jump = calm.matches || !from.size || this.plan.cards.length > 150;
      const start = performance.now();
      const step = (now) => {
        const t = jump ? 1 : Math.min(1, (now - start) / MOVE_MS);
        const eased = 1 - (1 - t) ** 3;
        for (const one of this.plan.cards) {
          const old = from.get(one.id) || one;
          this.places.set(one.id, { x: old.x + (one.x - old.x) * eased, y: old.y + (one.y - old.y) * eased });
        }
        this.place();
        if (t < 1) this.frame = requestAnimationFrame(step);
      };
      step(jump ? start + MOVE_MS : start);
    }

    place() {
      for (const [id, group] of this.cards) {
        const at = this.places.get(id);
        group.setAttribute("transform", `translate(${at.x.toFixed(1)}, ${at.y.toFixed(1)})`);
      }
      const end = (ribbon) => {
        const a = this.places.get(ribbon.from.id);
        const b = this.places.get(ribbon.to.id);
        return { x1: a.x + ribbon.from.w, y1: a.y + ribbon.fromY, x2: b.x, y2: b.y + ribbon.toY };
      };
      for (const { ribbon, path, back } of this.paths) {
        const { x1, y1, x2, y2 } = end(ribbon);
        const bend = Math.max(40, (x2 - x1) / 2);
        if (back && ribbon.from.layer === ribbon.to.layer) {
          path.setAttribute("d", `M${x1},${y1} C${x1 + 70},${y1} ${x1 + 70},${y2} ${x1 + 3},${y2}`);
        } else if (back) {
          path.setAttribute("d", `M${x1},${y1} C${x1 + 110},${y1 + 70} ${x2 - 110},${y2 + 70} ${x2 - 3},${y2}`);
        } else {
          path.setAttribute("d", `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`);
        }
      }
      for (const { ribbon, label } of this.labels) {
        const { x2, y2 } = end(ribbon);
        label.setAttribute("x", x2 - 7);
        label.setAttribute("y", (y2 - ribbon.width / 2 - 3).toFixed(1));
      }
    }

    /* View: as tall as the picture needs, within the limits of flow.css */
    size() {
      const width = this.svg.getBoundingClientRect().width;
      const k = Math.min(1.15, Math.max(READABLE, width / this.plan.width));
      this.svg.style.height = `${Math.round(this.plan.height * k + 8)}px`;
    }

    fit() {
      const box = this.svg.getBoundingClientRect();
      if (!box.width || !this.plan.cards.length) return;
      const whole = Math.min(box.width / this.plan.width, box.height / this.plan.height, 1.15);
      const k = Math.max(whole, Math.min(READABLE, this.asked ? whole : READABLE));
      const x = Math.max(0, (box.width - this.plan.width * k) / 2);
      const spare = (box.height - this.plan.height * k) / 2;
      this.look({ k, x, y: spare >= 0 ? spare : this.start(box.height, k) });
    }

    /* What does not fit is seen from where the most money leaves the victims, with the weightiest way of it in view. */
    start(height, k) {
      const { columns, ribbons } = this.plan;
      const most = (list, sum) => list.reduce((best, one) => (!best || sum(one) > sum(best) ? one : best), null);
      const first = most(columns[0].cards, (one) => one.stolen_in);
      const ribbon = most(ribbons.filter((one) => one.from === first && one.from.layer < one.to.layer), (one) => one.stolen);
      const [from, to] = [first.y + first.h / 2, ribbon ? ribbon.to.y + ribbon.to.h / 2 : first.y + first.h / 2];
      const room = height / k - HEADS_H - Math.max(first.h, ribbon?.to.h || 0);
      const middle = Math.abs(to - from) <= room ? (from + to) / 2 : from;
      const y = (height + HEADS_H * k) / 2 - middle * k;
      return Math.min(0, Math.max(height - this.plan.height * k, y));
    }

    /* The heads of the columns stay at the upper edge while the cards below it move. */
    look(view) {
      this.view = view;
      this.headLayer.setAttribute("transform", `translate(0, ${Math.max(0, -view.y / view.k).toFixed(1)})`);
      this.headLayer.classList.toggle("is-over", view.y < 0);
      this.world.setAttribute("transform", `translate(${view.x.toFixed(1)}, ${view.y.toFixed(1)}) scale(${view.k.toFixed(4)})`);
    }

    zoom(factor, cx, cy) {
      const box = this.svg.getBoundingClientRect();
      const { k, x, y } = this.view;
      const to = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, k * factor));
      const px = cx ?? box.width / 2;
      const py = cy ?? box.height / 2;
      this.touched = true;
      this.look({ k: to, x: px - ((px - x) * to) / k, y: py - ((py - y) * to) / k });
    }

    reveal(one) {
      const box = this.svg.getBoundingClientRect();
      const { k, x, y } = this.view;
      const left = x + one.x * k;
      const top = y + one.y * k;
      const dx = left < 8 ? 8 - left : Math.min(0, box.width - 8 - (left + one.w * k));
      const edge = HEADS_H * k;
      const dy = top < edge ? edge - top : Math.min(0, box.height - 8 - (top + one.h * k));
      if (dx || dy) {
        this.touched = true;
        this.look({ k, x: x + dx, y: y + dy });
      }
    }

    /* Light: the way of the money through one card */
    light(id) {
      this.lit = id && this.cards.has(id) ? id : null;
      const on = new Set();
      if (this.lit) {
        const walk = (start, near, far) => {
          const queue = [start];
          const seen = new Set(queue);
          while (queue.length) {
            const here = queue.pop();
            on.add(here);
            for (const ribbon of this.joined[near].get(here) || []) {
              on.add(ribbon.key);
              if (!seen.has(ribbon[far].id)) {
                seen.add(ribbon[far].id);
                queue.push(ribbon[far].id);
              }
            }
          }
        };
        walk(this.lit, "from", "to");
        walk(this.lit, "to", "from");
      }
      this.svg.classList.toggle("is-lit", Boolean(this.lit));
      for (const [key, group] of this.cards) group.classList.toggle("is-on", on.has(key));
      for (const { ribbon, path } of this.paths) path.classList.toggle("is-on", on.has(ribbon.key));
      for (const { ribbon, label } of this.labels) label.classList.toggle("is-on", on.has(ribbon.key));
      for (const row of document.querySelectorAll("[data-account]")) row.classList.toggle("chosen", Boolean(this.lit) && row.dataset.account === this.lit);
    }

    tell(group) {
      if (!group) {
        this.hover.hidden = true;
        return;
      }
      const one = group.plan;
      const list = document.createElement("dl");
      const title = document.createElement("p");
      title.className = "strong";
      title.textContent = one.count > 1 ? this.text("Crowd", one.count) : one.node.label;
      const facts = one.count > 1 ? [[this.text("Received"), this.money(one.stolen_in)], [one.node.state_text, this.text("Unfold")]] : one.node.facts || [];
      for (const [term, value] of facts) {
        const dt = document.createElement("dt");
        const dd = document.createElement("dd");
        dt.textContent = term;
        dd.textContent = value;
        list.append(dt, dd);
      }
      this.more(one, list);
      this.hover.replaceChildren(title, list);
      this.hover.hidden = false;
      const frame = this.figure.getBoundingClientRect();
      const box = group.getBoundingClientRect();
      const card = this.hover.getBoundingClientRect();
      const right = box.right - frame.left + 10;
      const left = right + card.width < frame.width ? right : Math.max(4, box.left - frame.left - card.width - 10);
      this.hover.style.left = `${left}px`;
      this.hover.style.top = `${Math.max(4, Math.min(box.top - frame.top, frame.height - card.height - 4))}px`;
    }

    open(group) {
      const one = group.plan;
      if (one.count > 1) {
        this.expanded.add(one.layer);
        this.redraw();
        this.focus(one.members[0]);
        return;
      }
      const row = document.querySelector(`[data-account="${CSS.escape(one.id)}"]`);
      if (row) {
        row.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
        row.focus({ preventScroll: true });
      }
      this.light(one.id);
    }

    redraw() {
      this.draw(this.source);
    }

    focus(id) {
      const group = this.cards.get(id);
      if (!group) return;
      this.cards.get(this.focusId)?.setAttribute("tabindex", "-1");
      this.focusId = id;
      group.setAttribute("tabindex", "0");
      group.focus({ preventScroll: true });
      this.reveal(group.plan);
      this.tell(group);
      this.light(id);
    }

    step(key) {
      const here = this.cards.get(this.focusId)?.plan;
      if (!here) return;
      const column = this.plan.columns.findIndex((one) => one.cards.includes(here));
      const list = this.plan.columns[column].cards;
      const at = list.indexOf(here);
      let next = null;
      if (key === "ArrowDown") next = list[at + 1];
      else if (key === "ArrowUp") next = list[at - 1];
      else {
        const near = key === "ArrowRight" ? "from" : "to";
        const far = key === "ArrowRight" ? "to" : "from";
        const joined = this.plan.ribbons.filter((r) => r[near] === here && r.from.layer < r.to.layer).sort((a, b) => b.stolen - a.stolen);
        next = joined[0]?.[far];
      }
      if (next) this.focus(next.id);
    }

    listen() {
      const nodeOf = (event) => event.target.closest(".flow-node");
      this.figure.addEventListener("live", () => this.load());
      this.figure.addEventListener("click", (event) => {
        const button = event.target.closest("[data-zoom]");
        if (button?.dataset.zoom === "fit") {
          this.asked = !this.asked;
          this.touched = false;
          this.fit();
        } else if (button) this.zoom(button.dataset.zoom === "in" ? 1.3 : 1 / 1.3);
        const folded = event.target.closest("[data-fold]");
        if (folded) this.fold(Number(folded.dataset.fold));
        if (nodeOf(event) && !this.dragged) this.open(nodeOf(event));
        else if (event.target === this.svg && !this.dragged) this.light(null);
      });
      this.svg.addEventListener("pointerover", (event) => {
        const group = nodeOf(event);
        if (event.pointerType === "mouse" && !this.dragging) {
          this.tell(group);
          this.light(group?.plan.id || (this.svg.contains(document.activeElement) ? this.focusId : null));
        }
      });
      this.svg.addEventListener("pointerleave", () => {
        this.tell(null);
        this.light(null);
      });
      this.svg.addEventListener("focusin", (event) => {
        const group = nodeOf(event);
        if (group && group.plan.id !== this.focusId) this.focus(group.plan.id);
      });
      this.svg.addEventListener("focusout", () => {
        this.tell(null);
        this.light(null);
      });
      this.svg.addEventListener("keydown", (event) => this.key(event));
      this.svg.addEventListener(
        "wheel",
        (event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          const box = this.svg.getBoundingClientRect();
          this.zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
        },
        { passive: false },
      );
      this.drag();
      new ResizeObserver(() => {
        if (!this.plan || this.touched) return;
        this.size();
        this.fit();
      }).observe(this.figure);
    }

    fold(layer) {
      this.expanded.delete(layer);
      this.redraw();
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const group = event.target.closest(".flow-node");
      const folded = event.target.closest("[data-fold]");
      if (event.key.startsWith("Arrow") && group) this.step(event.key);
      else if ((event.key === "Enter" || event.key === " ") && group) this.open(group);
      else if ((event.key === "Enter" || event.key === " ") && folded) this.fold(Number(folded.dataset.fold));
      else if (event.key === "+" || event.key === "=") this.zoom(1.3);
      else if (event.key === "-") this.zoom(1 / 1.3);
      else if (event.key === "0") {
        this.touched = false;
        this.fit();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    /* One pointer pans, two pinch. */
    drag() {
      const pointers = new Map();
      let last = null;
      const state = () => {
        const [a, b] = [...pointers.values()];
        return b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, d: Math.hypot(a.x - b.x, a.y - b.y) } : { ...a, d: 0 };
      };
      this.svg.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        last = state();
        this.dragged = false;
      });
      addEventListener("pointermove", (event) => {
        if (!pointers.has(event.pointerId)) return;
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        const now = state();
        if (!this.dragged && Math.hypot(now.x - last.x, now.y - last.y) < 4 && !now.d) return;
        this.dragged = this.dragging = this.touched = true;
        this.tell(null);
        const box = this.svg.getBoundingClientRect();
        this.look({ ...this.view, x: this.view.x + now.x - last.x, y: this.view.y + now.y - last.y });
        if (now.d && last.d) this.zoom(now.d / last.d, now.x - box.left, now.y - box.top);
        last = now;
      });
      const end = (event) => {
        pointers.delete(event.pointerId);
        if (pointers.size) last = state();
        else this.dragging = false;
      };
      addEventListener("pointerup", end);
      addEventListener("pointercancel", end);
    }
  }

  for (const figure of document.querySelectorAll("[data-flow]")) figure.flow = new Flow(figure);
  document.addEventListener("mouseover", (event) => {
    const row = event.target.closest?.("[data-account]");
    const flow = document.querySelector("[data-flow]")?.flow;
    if (!flow?.plan || (!row && !flow.rowLit)) return;
    const card = row && flow.plan.cards.find((one) => one.members.includes(row.dataset.account));
    flow.rowLit = Boolean(card);
    flow.light(card?.id || null);
  });
})();
