/* Tools of the money-flow picture: a window of time, replay, least amount, search, crowds, and lots in the hover card.

   They change the graph before it is laid out (flow.shape) and never the data: with both handles at their ends and no
   least amount, the picture is what came. The bar ([data-flow-bar]) stands before its figure. In a window an account
   shows what moved in it: what came or, if more, what left; while time is turned back also what was still there then.
   What is drawn of how much is told under the picture, and in what is saved of it. */
(() => {
  "use strict";
  const PLAY_MS = 9000;
  const FRAME_MS = 90;
  const STEP_MS_MAX = 700;
  const LOTS_STALE_MS = 20000;
  const lang = document.documentElement.lang || "zh-Hans";

  /* Seconds of every transfer, each once, in order. */
  function instants(graph) {
    const all = new Set();
    for (const edge of graph.edges) for (const [at] of edge.parts || []) all.add(at);
    return [...all].sort((a, b) => a - b);
  }

  /* The graph of the payments of at least `least` minor units from `since` to `until` (seconds; null: no limit).

     An account has `stolen_in`, what moved in the window, and `whole`, the sum that its bar divides: what was there
     before and what came. */
  function shaped(graph, { since, until }, least, words) {
    const edges = [];
    const sums = new Map();
    const of = (id) => sums.get(id) || sums.set(id, { before: 0, came: 0, left: 0, moved: false }).get(id);
    for (const edge of graph.edges) {
      const kept = [];
      for (const part of edge.parts || [[0, edge.stolen, edge.amount]]) {
        if ((until !== null && part[0] > until) || part[1] < least) continue;
        const [from, to] = [of(edge.from), of(edge.to)];
        if (since !== null && part[0] < since) {
          from.before -= part[1];
          to.before += part[1];
          continue;
        }
        kept.push(part);
        from.left += part[1];
        to.came += part[1];
        from.moved = to.moved = true;
      }
      const sum = (n) => kept.reduce((total, part) => total + part[n], 0);
      if (!kept.length) continue;
      const at_text = kept[0] === edge.parts?.[0] ? edge.at_text : words.clock(kept[0][0]);
      edges.push({ ...edge, stolen: sum(1), amount: sum(2), at_text, parts: kept });
    }
    const victims = since === null || !edges.length; // else those of whom nothing moved stay away too
    const nodes = graph.nodes.filter((node) => of(node.id).moved || (victims && node.layer === 0));
    if (since === null && until === null) return { ...graph, nodes, edges };
    return { ...graph, nodes: nodes.map((node) => then(node, of(node.id), since !== null, until !== null, words)), edges };
  }

  function then(node, { before, came, left }, cut, turned, words) {
    if (node.layer === 0) return { ...node, stolen_in: left };
    const there = cut ? Math.max(0, before) : 0;
    const moved = { ...node, stolen_in: Math.max(came, left), whole: turned ? there + came : node.stolen_in };
    const facts = [[cut ? words.receivedThen : words.received, words.money(came)]];
    if (there) facts.unshift([words.thereBefore, words.money(there)]);
    if (cut) facts.push([words.paidThen, words.money(left)]);
    if (!turned) return { ...moved, facts: [...facts, ...(node.facts || [])] };
    const gone = node.state === "gone";
    const rest = gone ? 0 : Math.max(0, there + came - left);
    const [state, state_text] = gone ? ["gone", words.gone] : rest ? ["asking", words.there] : ["moved", words.away];
    facts.push([words.there, words.money(rest)]);
    return { ...moved, stolen_now: rest, held: 0, gone: gone ? there + came : 0, unknown: 0, state, state_text, icon: state, facts };
  }

  class Tools {
    constructor(flow, bar) {
      this.flow = flow;
      this.slider = bar.querySelector("[data-until]");
      this.since = bar.querySelector("[data-since]");
      this.time = bar.querySelector("[data-until-text]");
      this.begin = bar.querySelector("[data-since-text]");
      this.span = bar.querySelector("[data-span]");
      this.whole = bar.querySelector("[data-whole-time]");
      this.drawn = flow.figure.querySelector("[data-drawn]");
      this.least = bar.querySelector("[data-least]");
      this.play = bar.querySelector("[data-play]");
      this.seek = bar.querySelector("[data-seek]");
      this.found = bar.querySelector("[data-found]");
      this.crowds = bar.querySelector("[data-crowds]");
      this.instants = [];
      const { textThere: there, textGone: gone, textAway: away, textReceived: received } = flow.figure.dataset;
      const { textReceivedThen: receivedThen, textPaidThen: paidThen, textThereBefore: thereBefore } = flow.figure.dataset;
      const clock = (seconds) => this.clock(seconds, {});
      this.words = { there, gone, away, received, receivedThen, paidThen, thereBefore, clock, money: (minor) => flow.money(minor) };
      flow.shape = (graph) => this.shape(graph);
      flow.more = (one, list) => this.lots(one, list);
      this.listen();
    }

    /* Handles stay at their instants when an answer brings new ones; one at its end stays at the end. */
    shape(graph) {
      const live = this.slider.value === this.slider.max;
      const [begin, end] = [this.since, this.slider].map((one) => this.instants[Number(one.value)]);
      const first = this.since.value === "0";
      this.instants = instants(graph);
      const last = String(Math.max(0, this.instants.length - 1));
      this.slider.max = this.since.max = last;
      this.slider.disabled = this.since.disabled = this.play.disabled = this.instants.length < 2;
      const place = live ? -1 : this.instants.findLastIndex((at) => at <= end);
      this.slider.value = place < 0 ? last : String(place);
      this.since.value = first ? "0" : String(Math.max(0, this.instants.findIndex((at) => at >= begin)));
      this.digits = graph.digits;
      this.flow.graph ??= graph;
      return this.cut(graph);
    }

    cut(graph) {
      const first = this.since.value === "0";
      const last = this.slider.value === this.slider.max;
      const [begin, end] = [this.since, this.slider].map((one) => this.instants[Number(one.value)]);
      this.tellTime(this.since, this.begin, begin);
      this.tellTime(this.slider, this.time, end);
      this.tellSpan();
      const least = Math.max(0, Math.round(Number(this.least.value || 0) * 10 ** (this.digits ?? 2)));
      this.flow.figure.classList.toggle("is-past", !last);
      this.flow.figure.classList.toggle("is-window", !first || !last);
      this.whole.disabled = first && last; // never hidden: the line would move under the pointer that moves a handle
      const cut = first && last && !least ? graph : shaped(graph, { since: first ? null : begin, until: last ? null : end }, least, this.words);
      this.tellDrawn(graph, cut, first && last ? "" : `${this.clock(begin)} – ${this.clock(end)}`, least);
      return cut;
    }

    tellTime(slider, output, at) {
      const text = at === undefined ? "" : this.clock(at);
      if (output.textContent !== text) output.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    }

    /* The part of the line between the handles; of two handles on one place the one that can move lies above. */
    tellSpan() {
      const most = Number(this.slider.max) || 1;
      this.span.style.setProperty("--from", Number(this.since.value) / most);
      this.span.style.setProperty("--to", this.slider.disabled ? 1 : Number(this.slider.value) / most);
      this.span.classList.toggle("is-late", Number(this.since.value) > most / 2);
    }

    /* Said under the picture, and written into what is saved of it: which part of the flow is drawn. */
    tellDrawn(graph, cut, times, least) {
      const count = (of) => of.edges.reduce((sum, edge) => sum + (edge.parts?.length ?? 1), 0);
      const number = (n) => new Intl.NumberFormat(lang).format(n);
      const { textDrawn: drawn, textDrawnLeast: smallest } = this.flow.figure.dataset;
      const told = cut === graph ? "" : drawn.replace("%s", number(count(cut))).replace("%s", number(count(graph)));
      this.flow.caption = [told, told && times, told && least ? smallest.replace("%s", this.flow.money(least)) : ""].filter(Boolean).join(" · ");
      if (!this.drawn) return;
      this.drawn.hidden = !told;
      this.drawn.firstElementChild.textContent = this.flow.caption;
    }

    clock(seconds, more = { second: "2-digit" }) {
      const options = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai", ...more };
      return new Intl.DateTimeFormat(lang, options).format(new Date(seconds * 1000));
    }

    listen() {
      for (const handle of [this.slider, this.since]) handle.addEventListener("input", () => this.slide(handle));
      this.span.addEventListener("pointerdown", (event) => this.jump(event));
      this.whole.addEventListener("click", () => {
        this.since.value = "0";
        this.slider.value = this.slider.max;
        this.slide(this.slider);
        this.slider.focus();
      });
      this.least.addEventListener("input", () => this.redraw());
      this.play.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
      this.seek.addEventListener("submit", (event) => {
        event.preventDefault();
        this.go();
      });
      this.seek.querySelector("input").addEventListener("input", () => this.look());
      this.crowds.addEventListener("click", () => this.unfold(this.crowds.getAttribute("aria-pressed") !== "true"));
    }

    redraw() {
      if (this.flow.source) this.flow.redraw();
    }

    /* A handle stops at the other one. */
    slide(handle) {
      const [from, to] = [Number(this.since.value), Number(this.slider.value)];
      if (from > to) handle.value = String(handle === this.since ? to : from);
      this.stop();
      this.redraw();
    }

    /* The nearer handle comes to where the line is pressed. */
    jump(event) {
      if (event.target !== this.span || this.slider.disabled) return;
      const box = this.span.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      const place = Math.round(share * Number(this.slider.max));
      const handle = Math.abs(place - Number(this.since.value)) < Math.abs(place - Number(this.slider.value)) ? this.since : this.slider;
      handle.value = String(place);
      this.slide(handle);
      handle.focus();
      event.preventDefault();
    }

    /* Replay from the first handle: every transfer is a step, so quiet hours take no time. */
    start() {
      if (this.slider.value === this.slider.max) this.slider.value = this.since.value;
      const each = Math.min(STEP_MS_MAX, PLAY_MS / this.instants.length);
      const first = Number(this.slider.value);
      const began = performance.now();
      this.redraw();
      // Steps follow the clock: a picture that takes long to draw skips some and still ends in time.
      this.timer = setInterval(() => {
        const place = first + Math.max(1, Math.floor((performance.now() - began) / each));
        this.slider.value = String(Math.min(Number(this.slider.max), place));
        this.redraw();
        if (this.slider.value === this.slider.max) this.stop();
      }, Math.max(FRAME_MS, each));
      this.tellPlay("pause");
    }

    stop() {
      clearInterval(this.timer);
      this.timer = 0;
      this.tellPlay("play");
    }

    tellPlay(word) {
      this.play.classList.toggle("is-playing", word === "pause");
      this.play.setAttribute("aria-label", this.play.dataset[word === "play" ? "wordPlay" : "wordPause"]);
    }

    /* Cards show masked numbers: a whole number is looked for by its first and last four. */
    matches() {
      const text = this.seek.querySelector("input").value.trim().toLowerCase();
      if (!text || !this.flow.graph) return [];
      const digits = text.replace(/[\s-]/g, "");
      const masked = /^\d{9,}$/.test(digits) ? [digits.slice(0, 4), digits.slice(-4)] : null;
      return this.flow.graph.nodes.filter((node) => {
        const label = node.label.toLowerCase();
        if (masked && label.includes("*")) return label.startsWith(masked[0]) && label.endsWith(masked[1]);
        return label.includes(digits) || `${node.bank || ""}`.toLowerCase().includes(text);
      });
    }

    look() {
      const found = this.matches();
      const asked = this.seek.querySelector("input").value.trim();
      this.found.textContent = !asked ? "" : found.length ? String(found.length) : this.found.dataset.wordNone;
      const card = found.length && this.flow.plan.cards.find((one) => one.members.includes(found[0].id));
      this.flow.light(card ? card.id : null);
    }

    go() {
      const found = this.matches();
      if (!found.length) return;
      this.at = found[0].id === this.first ? (this.at + 1) % found.length : 0;
      this.first = found[0].id;
      const node = found[this.at];
      const card = this.flow.plan.cards.find((one) => one.members.includes(node.id));
      if (card && card.count > 1) {
        this.flow.expanded.add(card.layer);
        this.redraw();
      }
      this.flow.focus(node.id);
    }

    /* Nothing to unfold, nothing to press. */
    tellCrowds() {
      const crowds = this.flow.plan.cards.some((one) => one.count > 1);
      this.crowds.disabled = !crowds && this.crowds.getAttribute("aria-pressed") !== "true";
    }

    unfold(open) {
      this.flow.expanded.clear();
      if (open) for (const node of this.flow.graph.nodes) this.flow.expanded.add(node.layer);
      this.crowds.setAttribute("aria-pressed", String(open));
      this.redraw();
    }

    /* Lots of the account under the pointer; asked for once in a while, since each answer may change them. */
    lots(one, list) {
      const address = this.flow.figure.dataset.lots;
      if (!address || one.count > 1 || one.layer === 0 || this.flow.figure.classList.contains("is-past")) return;
      if (this.known && Date.now() - this.knownAt < LOTS_STALE_MS) {
        this.write(this.known[one.id], list);
        return;
      }
      this.asking ??= fetch(address, { credentials: "same-origin" })
        .then((response) => (response.ok ? response.json() : {}))
        .catch(() => ({}))
        .finally(() => (this.asking = null));
      this.asking.then((known) => {
        this.known = known;
        this.knownAt = Date.now();
        if (list.isConnected) this.write(known[one.id], list);
      });
    }

    write(lots, list) {
      if (!lots?.length) return;
      const title = document.createElement("dt");
      title.className = "flow-lots";
      title.textContent = this.flow.figure.dataset.textLots;
      list.append(title);
      lots.forEach(([whose, minor], n) => {
        const dt = document.createElement("dt");
        const dd = document.createElement("dd");
        dt.textContent = `${n + 1}. ${whose}`;
        dd.textContent = this.flow.money(minor);
        list.append(dt, dd);
      });
    }
  }

  window.wuzha = Object.assign(window.wuzha || {}, {
    flowShaped: shaped,
    flowTools(flow) {
      const bar = flow.figure.previousElementSibling;
      if (bar?.matches("[data-flow-bar]")) flow.tools = new Tools(flow, bar);
    },
  });
})();
