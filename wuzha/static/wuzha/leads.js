/* Leads beside a narrative: found while one types, confirmed or rejected with one key each.

   window.wuzha.leads.attach({textarea, list, endpoint, words, onConfirm, onReject, taken, openPayments, onPayment, onKind})
   watches a textarea, posts its text as JSON {text, want} to the endpoint and expects {leads: [{kind, kind_text?, text,
   start, end, value, currency?, confidence, why, extra?, earlier?: [{text, url}]}], transfers?: [...], fraud_kind?}.
   Found words are painted on a layer behind the textarea; payments told and leads stand in `list` as buttons, the
   payments first, and what a payment is made of only in its row. Alt+1..9 confirms what shows the number, Alt+Shift+1..9
   rejects it; each keeps its number until it is decided, so a key never hits what has just moved. Nothing is decided
   without a person. A rejection holds as long as its words stand in the text, and nowhere else. `taken()` gives the Set
   of values that the form holds already; their leads need no deciding; `openPayments(told)` gives those payments that
   the form does not hold yet. onKind is told the kind of fraud of the text, null for no text.

   Typing is never held up: a key only starts a timer. The text is read when the hand rests, cut at line ends into
   chunks whose borders do not move when something is typed elsewhere, and only chunks not seen before are sent, one at
   a time, and what they tell is gathered in pieces of a few milliseconds. A text above PAINT_MAX is held by long_text.js,
   which paints what is in view.
   User text reaches the page as text nodes only. Nothing here sets a style: the looks are in leads.css. */
(() => {
  "use strict";
  const REST_MS = 250;
  const RETRY_MS = 3000;
  const CHUNK_MIN = 6000;
  const CHUNK_MAX = 20000;
  const CHUNKS_KEPT = 400;
  const PAINT_MAX = 30000;
  const LISTED_MAX = 60;
  const PAYMENTS_LISTED_MAX = 12;
  const NUMBERED_MAX = 9;
  const PAYMENTS_READ_MAX = 300;
  const KIND_READ_MAX = 20000;
  const SHOW_MS = 700;
  const SLICE_MS = 5;
  const ENTRIES_MAX = 2000; // different leads kept for the list; the rest is counted
  // What a confirmation puts into the form comes before what only tells more.
  const ONLY_MARKED = new Set(["bank", "platform"]); // they tell more of an account or a payment; nothing is to be done with them
  const ACTING = new Set(["card", "account", "alipay", "amount", "time", "phone", "url", "qq", "wechat", "telegram", "dingtalk", "order"]);
  const WORDS = { confirm: "Confirm", reject: "Reject", restore: "Restore", rejected: "Rejected", none: "Nothing yet.", payment: "Payment", unknown: "account not told", seen: "Earlier:", more: "more", lost: "The connection is lost; leads will be looked for again." };

  const key = (lead) => `${lead.kind}\n${lead.value}\n${lead.currency || ""}`;
  /* partsOf(payment): the leads that a payment is made of - its accounts and time wherever they stand, its sum and holder
     within its words. Looked up by value and by place, since a chunk may tell hundreds of payments. */
  function finder(leads) {
    const byValue = new Map();
    for (const lead of leads) {
      if (!/^(card|account|alipay|time)$/.test(lead.kind)) continue;
      const same = byValue.get(lead.value);
      if (same) same.push(lead);
      else byValue.set(lead.value, [lead]);
    }
    const isTime = (lead) => lead.kind === "time";
    return (payment) => {
      const sides = [payment.payee_account, payment.payer_account].flatMap((value) => (byValue.get(value) || []).filter((lead) => !isTime(lead)));
      const times = (byValue.get(payment.time) || []).filter(isTime);
      const within = [];
      for (let at = firstFrom(leads, payment.start); at < leads.length && leads[at].start < payment.end; at++) {
        const lead = leads[at];
        if (lead.end <= payment.end && !byValue.has(lead.value) && (lead.kind === "amount" || lead.value === payment.payee_name)) within.push(lead);
      }
      return [...sides, ...times, ...within];
    };
  }
  /* Index of the first lead that begins at `place` or later. */
  function firstFrom(leads, place) {
    let low = 0;
    let high = leads.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (leads[middle].start < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  /* Work in pieces: a key waits for none longer than SLICE_MS. */
  function pacer(signal) {
    let began = performance.now();
    return async () => {
      if (performance.now() - began < SLICE_MS) return;
      await new Promise((go) => setTimeout(go));
      began = performance.now();
      signal.throwIfAborted();
    };
  }

  /* The CSRF token: from the cookie, or from a form of the page when the cookie is not for scripts. */
  function token() {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return cookie ? decodeURIComponent(cookie.slice(10)) : document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  }

  /* [start, end) of chunks. A border falls after a line end that follows from the line itself (its length and last
     letter), so that typing in one place leaves the other chunks as they were. */
  function chunks(text) {
    const cuts = [];
    let start = 0;
    let line = 0;
    while (line < text.length) {
      const found = text.indexOf("\n", line);
      const end = found < 0 ? text.length : found + 1;
      const mark = end - line + text.charCodeAt(Math.max(line, end - 2));
      line = end;
      if (end - start >= CHUNK_MIN && (mark % 4 === 0 || end - start >= CHUNK_MAX / 2)) {
        cuts.push([start, end]);
        start = end;
      }
    }
    if (start < text.length) cuts.push([start, text.length]);
    return cuts.flatMap(([from, to]) => {
      const parts = [];
      for (let at = from; at < to; ) {
        // A long line is cut where a number or a word is least likely to run on, and never inside a surrogate pair.
        let end = Math.min(at + CHUNK_MAX, to);
        if (end < to) {
          const soft = Math.max(...["。", "，", ",", " ", ";", "；"].map((mark) => text.lastIndexOf(mark, end - 1)));
          if (soft > at + CHUNK_MIN) end = soft + 1;
          else if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
        }
        parts.push([at, end]);
        at = end;
      }
      return parts;
    });
  }

  /* Offsets of the server count characters; those of the page count UTF-16 units. They differ after an emoji. */
  function units(chunk, found) {
    if (!/[\ud800-\udbff][\udc00-\udfff]/.test(chunk)) return found;
    const at = [];
    let unit = 0;
    for (const character of chunk) {
      at.push(unit);
      unit += character.length;
    }
    at.push(unit);
    return found.map((one) => ({ ...one, start: at[one.start], end: at[one.end] }));
  }

  const SUM = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 8 });
  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  function attach({ textarea, list, endpoint, words = {}, onConfirm = () => {}, onReject = () => {}, taken = () => new Set(), openPayments = () => [], onPayment = () => {}, onKind = null }) {
    const say = { ...WORDS, ...words };
    const known = new Map(); // chunk text -> {leads, transfers, entries, kind}, oldest first
    const decided = new Map(); // lead key -> {state, lead}
    const numbers = new Array(NUMBERED_MAX).fill(null); // lead keys by number
    let painted = { text: "", leads: [] };
    let entries = new Map(); // lead key -> {lead, count}: the first different leads of the text, in its order
    let beyond = 0; // how many different leads there are besides, at most
    let payments = [];
    let kindOf = null; // the words whose kind was told last
    let timer = 0;
    let asking = null;

    /* The layer behind the textarea */
    const layer = make("div", "leads-layer");
    layer.setAttribute("aria-hidden", "true");
    const field = make("div", "leads-field");
    textarea.replaceWith(field);
    field.append(layer, textarea);
    textarea.classList.add("leads-text");
    const long = window.wuzha.longText?.attach(textarea) || { on: false, text: () => textarea.value };
    const follow = () => {
      layer.scrollTop = textarea.scrollTop;
    };
    textarea.addEventListener("scroll", follow, { passive: true });

    const stateOf = (lead) => decided.get(key(lead))?.state || (lead.confidence < 0.5 ? "doubtful" : "found");
    function paint(text, found) {
      painted = { text, leads: found };
      if (long.on || text.length > PAINT_MAX) {
        layer.replaceChildren();
        if (long.on) long.paint(found, stateOf);
        return;
      }
      const nodes = [];
      let at = 0;
      for (const lead of found) {
        const state = stateOf(lead);
        if (lead.start < at || state === "rejected") continue;
        const mark = make("mark", "", text.slice(lead.start, lead.end));
        mark.dataset.kind = lead.kind;
        mark.dataset.state = state;
        nodes.push(text.slice(at, lead.start), mark);
        at = lead.end;
      }
      // The last line end needs something after it to be as high as in the textarea.
      nodes.push(text.slice(at) + "\u200b");
      layer.replaceChildren(...nodes);
      follow();
    }

    /* Until the next answer: marks move with the words behind the hand, and those touched go. */
    function shift(text) {
      const old = painted.text;
      let head = 0;
      const short = Math.min(old.length, text.length);
      while (head < short && old.charCodeAt(head) === text.charCodeAt(head)) head++;
      let tail = 0;
      while (tail < short - head && old.charCodeAt(old.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) tail++;
      const moved = text.length - old.length;
      const kept = painted.leads.flatMap((lead) => {
        if (lead.end <= head) return [lead];
        return lead.start >= old.length - tail ? [{ ...lead, start: lead.start + moved, end: lead.end + moved }] : [];
      });
      paint(text, kept);
    }

    /* Asking */
    async function ask(chunk, want, signal) {
      const answer = await fetch(endpoint, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
        body: JSON.stringify({ text: chunk, want }),
        signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      return digest(chunk, units(chunk, found.leads || []), units(chunk, found.transfers || []), found.fraud_kind);
    }
    /* What the list needs of a chunk is made once, when its answer comes: its different leads, and what payments are made of. */
    function digest(chunk, leads, transfers, kind) {
      const entries = new Map();
      const partsOf = finder(leads);
      for (const lead of leads) {
        const same = entries.get(key(lead));
        if (same) same.count += 1;
        else entries.set(key(lead), { lead, count: 1 });
      }
      for (const one of transfers) {
        const own = partsOf(one);
        one.text = chunk.slice(one.start, one.end);
        one.parts = new Map(own.map((lead) => [key(lead), lead]));
        one.earlier = own.flatMap((lead) => lead.earlier || []);
      }
      return { leads, transfers, entries, kind };
    }
    function tellKind(head, kind) {
      kindOf = head;
      onKind?.(head.trim() ? kind : null);
    }
    /* The kind of a text in one piece came with its leads; of a longer one its beginning is asked once. */
    async function readKind(text, signal) {
      const head = text.slice(0, KIND_READ_MAX);
      if (!onKind || head === kindOf) return;
      const told = head.trim() ? (await ask(head, "kind", signal)).kind : null;
      tellKind(head, told);
    }
    async function read() {
      timer = 0;
      asking?.abort();
      const mine = (asking = new AbortController());
      const text = long.text();
      const pieces = chunks(text).map(([from, to]) => [text.slice(from, to), from]);
      try {
        let shown = performance.now();
        for (const [chunk] of pieces) {
          if (known.has(chunk)) continue;
          const found = await ask(chunk, pieces.length > 1 ? "leads" : "", mine.signal);
          known.set(chunk, found);
          if (pieces.length === 1 && found.kind) tellKind(text.slice(0, KIND_READ_MAX), found.kind);
          if (known.size > CHUNKS_KEPT) known.delete(known.keys().next().value);
          if (performance.now() - shown > SHOW_MS) {
            await show(text, pieces, mine.signal);
            shown = performance.now();
          }
        }
        await show(text, pieces, mine.signal, true);
        await readKind(text, mine.signal);
        list.dataset.state = "";
      } catch (error) {
        if (error.name === "AbortError") return;
        list.dataset.state = "lost";
        timer ||= setTimeout(read, RETRY_MS);
      }
    }
    async function show(text, pieces, signal, isAll = false) {
      const pause = pacer(signal);
      const gathered = new Map();
      const told = [];
      const placed = [];
      let left = 0;
      for (const [chunk, from] of pieces) {
        const answer = known.get(chunk);
        if (!answer) continue;
        for (const [name, { lead, count }] of answer.entries) {
          const same = gathered.get(name);
          if (same) same.count += count;
          else if (gathered.size < ENTRIES_MAX) gathered.set(name, { lead, count });
          else left += 1;
        }
        if (told.length < PAYMENTS_READ_MAX) told.push(...answer.transfers);
        for (const lead of answer.leads) placed.push({ kind: lead.kind, value: lead.value, currency: lead.currency, confidence: lead.confidence, start: lead.start + from, end: lead.end + from });
        await pause();
      }
      entries = gathered;
      beyond = left;
      payments = numbered(told);
      if (isAll) forget();
      if (long.text() === text) paint(text, placed);
      render();
    }

    /* Payments as what the list shows; equal ones are told apart by which of them it is. */
    function numbered(told) {
      const counts = new Map();
      return told.slice(0, PAYMENTS_READ_MAX).map((one) => {
        const value = `${one.payee_account} ${one.amount}`;
        const name = `${value} ${one.currency}`;
        counts.set(name, (counts.get(name) || 0) + 1);
        return { ...one, kind: "payment", value: `${value} ${counts.get(name)}` };
      });
    }
    function forget() {
      const standing = new Set(payments.map(key));
      for (const [name, { state }] of decided) if (state === "rejected" && !standing.has(name) && !entries.has(name)) decided.delete(name);
    }

    /* The list */
    function waiting() {
      const open = openPayments(payments).filter((one) => !decided.has(key(one))).slice(0, PAYMENTS_LISTED_MAX);
      const byKey = new Map(open.map((one) => [key(one), { lead: one, count: 1 }]));
      const parts = new Set(open.flatMap((one) => [...one.parts.keys()]));
      const inForm = taken();
      const left = [...entries].filter(([name, { lead }]) => !ONLY_MARKED.has(lead.kind) && !parts.has(name) && !decided.has(name) && !inForm.has(lead.value));
      for (const isActing of [true, false]) for (const [name, entry] of left) if (ACTING.has(entry.lead.kind) === isActing) byKey.set(name, entry);
      return byKey;
    }
    function render() {
      const open = waiting();
      numbers.forEach((held, at) => {
        if (held && !open.has(held)) numbers[at] = null;
      });
      for (const name of open.keys()) {
        if (numbers.includes(name)) continue;
        const free = numbers.indexOf(null);
        if (free < 0) break;
        numbers[free] = name;
      }
      const focused = list.contains(document.activeElement) ? document.activeElement.dataset.focus : "";
      const rows = [...open].slice(0, LISTED_MAX).map(([name, { lead, count }]) => row(name, lead, count));
      const parts = rows.length ? [make("ol", "leads-list", ...rows)] : [make("p", "faint", say.none)];
      if (open.size + beyond > LISTED_MAX) parts.push(make("p", "faint", `+ ${open.size + beyond - LISTED_MAX} ${say.more}`));
      const refused = [...decided].filter(([, { state }]) => state === "rejected");
      if (refused.length) parts.push(refusedPart(refused));
      list.replaceChildren(...parts);
      if (focused) list.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    }
    /* Who paid whom, how much, when, by which way. */
    function told(one) {
      const sum = SUM.format(Number(one.amount));
      const side = (account, bank, holder) => [account, bank, holder].filter(Boolean).join(" ");
      const about = [one.when_text, one.channel_text].filter(Boolean).join(" · ");
      const way = make("span", "leads-way", side(one.payer_account, one.payer_bank_text) || "…", " → ", side(one.payee_account, one.payee_bank_text, one.payee_name) || say.unknown);
      return [make("span", "leads-kind", say.payment), " ", make("span", "leads-value", `${sum} ${one.currency}`), " ", make("span", "leads-said", about), way];
    }
    function row(name, lead, count) {
      const number = numbers.indexOf(name) + 1;
      const value = make("span", "leads-value", lead.currency ? `${lead.value} ${lead.currency}` : lead.value);
      const head = make("span", "leads-kind", lead.kind_text || lead.kind);
      const said = lead.text === lead.value ? "" : make("q", "leads-said", lead.text.slice(0, 60));
      const shown = lead.kind === "payment" ? told(lead) : [head, " ", value, said ? " " : "", said];
      const pick = make("button", "leads-pick", ...(number ? [make("kbd", "", `Alt ${number}`), " "] : []), ...shown);
      pick.type = "button";
      pick.dataset.focus = `pick ${name}`;
      pick.title = [say.confirm, ...(lead.kind === "payment" ? [lead.text] : lead.why || [])].join(" · ").slice(0, 300);
      pick.addEventListener("click", () => decide(name, lead, "confirmed"));
      const drop = make("button", "leads-drop quiet compact", "✕");
      drop.type = "button";
      drop.dataset.focus = `drop ${name}`;
      drop.setAttribute("aria-label", `${say.reject}: ${lead.value}`);
      if (number) drop.title = `${say.reject} (Alt ⇧ ${number})`;
      drop.addEventListener("click", () => decide(name, lead, "rejected"));
      const item = make("li", "", pick, count > 1 ? make("span", "faint", `×${count}`) : "", drop);
      item.dataset.kind = lead.kind;
      item.dataset.sure = lead.confidence < 0.5 ? "no" : "yes";
      item.addEventListener("mouseenter", () => point(lead));
      const cases = make("span", "leads-cases", say.seen);
      if (lead.earlier?.length) item.append(cases);
      for (const earlier of new Map((lead.earlier || []).map((one) => [one.url, one])).values()) {
        const link = make("a", "leads-earlier", earlier.text);
        if (typeof earlier.url === "string" && earlier.url.startsWith("/")) link.href = earlier.url;
        link.target = "_blank";
        link.rel = "noopener";
        cases.append(" ", link);
      }
      return item;
    }
    function refusedPart(refused) {
      const rows = refused.map(([name, { lead }]) => {
        const back = make("button", "quiet compact", say.restore);
        back.type = "button";
        back.addEventListener("click", () => {
          decided.delete(name);
          render();
          paint(long.text(), long.text() === painted.text ? painted.leads : []);
        });
        return make("li", "", make("s", "", lead.text.slice(0, 60)), " ", back);
      });
      return make("details", "leads-refused", make("summary", "", `${say.rejected} (${refused.length})`), make("ul", "", ...rows));
    }
    /* Show where a lead stands: its mark, or in a long text the words selected when the field has no caret at work. */
    function point(lead) {
      for (const mark of layer.querySelectorAll("mark[data-here]")) delete mark.dataset.here;
      const mark = [...layer.querySelectorAll("mark")].find((one) => one.textContent === lead.text);
      if (mark) mark.dataset.here = "";
    }
    function decide(name, lead, state) {
      decided.set(name, { state, lead });
      if (lead.kind === "payment" && state === "confirmed") {
        for (const [part, one] of lead.parts) decided.set(part, { state, lead: one });
        onPayment(lead);
      } else (state === "confirmed" ? onConfirm : onReject)(lead);
      render();
      if (long.text() === painted.text) paint(painted.text, painted.leads);
    }

    document.addEventListener("keydown", (event) => {
      const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
      if (!digit || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing || !textarea.isConnected) return;
      const name = numbers[digit[1] - 1];
      const found = name && waiting().get(name);
      if (!found) return;
      event.preventDefault();
      decide(name, found.lead, event.shiftKey ? "rejected" : "confirmed");
    });
    let drawing = 0;
    textarea.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(read, REST_MS);
      if (drawing || long.on || textarea.textLength > PAINT_MAX) return;
      drawing = requestAnimationFrame(() => {
        drawing = 0;
        shift(textarea.value);
      });
    });
    if (textarea.value) read();
    else render();
    /* The payment, told and not rejected, that a lead is part of. */
    const paymentOf = (lead) => payments.find((one) => one.parts.has(key(lead)) && decided.get(key(one))?.state !== "rejected");
    return { read, render, paymentOf };
  }

  window.wuzha = Object.assign(window.wuzha || {}, { leads: { attach } });
})();
