/* Tools of the money-flow picture: replay by time, least amount, search, crowds, and lots in the hover card.

   They change the graph before it is laid out (flow.shape) and never the data: at the slider's end, with no least
   amount, the picture is what came. The bar ([data-flow-bar]) stands before its figure. While time is turned back an
   account shows what had come to it and what was still there at that moment. */
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

  /* The graph as it stood at `until`, with payments of at least `least` minor units. */
  function shaped(graph, until, least, words) {
    const turned = until !== null;
    const edges = [];
    const into = new Map();
    const out = new Map();
    const add = (map, id, sum) => map.set(id, (map.get(id) || 0) + sum);
    for (const edge of graph.edges) {
      const parts = (edge.parts || [[0, edge.stolen, edge.amount]]).filter((part) => (!turned || part[0] <= until) && part[1] >= least);
      if (!parts.length) continue;
      const sum = (n) => parts.reduce((total, part) => total + part[n], 0);
      edges.push({ ...edge, stolen: sum(1), amount: sum(2), parts });
      add(out, edge.from, sum(1));
      add(into, edge.to, sum(1));
    }
    const nodes = graph.nodes.filter((node) => into.has(node.id) || out.has(node.id) || node.layer === 0).map((node) => (turned ? then(node, into.get(node.id) || 0, out.get(node.id) || 0, words) : node));
    return { ...graph, nodes, edges };
  }

  function then(node, came, left, words) {
    if (node.layer === 0) return { ...node, stolen_in: left };
    const gone = node.state === "gone";
    const rest = gone ? 0 : Math.max(0, came - left);
    const [state, state_text] = gone ? ["gone", words.gone] : rest ? ["asking", words.there] : ["moved", words.away];
    const facts = [
      [words.received, words.money(came)],
      [words.there, words.money(rest)],
    ];
    return { ...node, stolen_in: came, stolen_now: rest, held: 0, gone: gone ? came : 0, unknown: 0, state, state_text, facts };
  }

  class Tools {
    constructor(flow, bar) {
      this.flow = flow;
      this.slider = bar.querySelector("[data-until]");
      this.time = bar.querySelector("[data-until-text]");
      this.least = bar.querySelector("[data-least]");
      this.play = bar.querySelector("[data-play]");
      this.seek = bar.querySelector("[data-seek]");
      this.found = bar.querySelector("[data-found]");
      this.crowds = bar.querySelector("[data-crowds]");
      this.instants = [];
      const { textThere: there, textGone: gone, textAway: away, textReceived: received } = flow.figure.dataset;
      this.words = { there, gone, away, received, money: (minor) => flow.money(minor) };
      flow.shape = (graph) => this.shape(graph);
      flow.more = (one, list) => this.lots(one, list);
      this.listen();
    }

    shape(graph) {
      const live = this.slider.value === this.slider.max;
      const held = this.instants[Number(this.slider.value)];
      this.instants = instants(graph);
      this.slider.max = String(Math.max(0, this.instants.length - 1));
      this.slider.disabled = this.play.disabled = this.instants.length < 2;
      const place = live ? -1 : this.instants.findLastIndex((at) => at <= held);
      this.slider.value = place < 0 ? this.slider.max : String(place);
      this.digits = graph.digits;
      this.flow.graph ??= graph;
      return this.cut(graph);
    }

    cut(graph) {
      const last = this.slider.value === this.slider.max;
      const at = this.instants[Number(this.slider.value)];
      const text = at === undefined ? "" : this.clock(at);
      if (this.time.textContent !== text) this.time.textContent = text;
      this.slider.setAttribute("aria-valuetext", text);
      const least = Math.max(0, Math.round(Number(this.least.value || 0) * 10 ** (this.digits ?? 2)));
      this.flow.figure.classList.toggle("is-past", !last);
      if (last && !least) return graph;
      return shaped(graph, last ? null : at, least, this.words);
    }

    clock(seconds) {
      const options = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };
      return new Intl.DateTimeFormat(lang, options).format(new Date(seconds * 1000));
    }

    listen() {
      this.slider.addEventListener("input", () => {
        this.stop();
        this.redraw();
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

    /* Replay: every transfer is a step, so quiet hours take no time. */
    start() {
      if (this.slider.value === this.slider.max) this.slider.value = "0";
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
