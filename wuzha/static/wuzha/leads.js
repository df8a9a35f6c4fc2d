/* Leads beside a narrative: found while one types, confirmed or rejected with one key each.

   window.wuzha.leads.attach({textarea, list, endpoint, words, onConfirm, onReject, taken}) watches a textarea, posts its text
   as JSON {text} to the endpoint and expects {leads: [{kind, kind_text?, text, start, end, value, currency?, confidence,
   why, extra?, earlier?: [{text, url}]}]}. Found words are painted on a layer behind the textarea; the leads stand in
   `list` as buttons. Alt+1..9 confirms the lead that shows the number, Alt+Shift+1..9 rejects it; a lead keeps its
   number until it is decided, so a key never hits what has just moved. Nothing is decided without a person. `taken()`
   gives the Set of values that the form holds already; their leads need no deciding.

   Typing is never held up: a key only starts a timer. The text is read when the hand rests, cut at line ends into
   chunks whose borders do not move when something is typed elsewhere, and only chunks not seen before are sent, one at
   a time. A text above PAINT_MAX is not painted (its leads are listed, and pressing one selects its words).
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
  const NUMBERED_MAX = 9;
  const WORDS = { confirm: "Confirm", reject: "Reject", restore: "Restore", rejected: "Rejected", none: "Nothing yet.", more: "more", lost: "The connection is lost; leads will be looked for again." };

  const key = (lead) => `${lead.kind}\n${lead.value}\n${lead.currency || ""}`;

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
  function units(chunk, leads) {
    if (!/[\ud800-\udbff][\udc00-\udfff]/.test(chunk)) return leads;
    const at = [];
    let unit = 0;
    for (const character of chunk) {
      at.push(unit);
      unit += character.length;
    }
    at.push(unit);
    return leads.map((lead) => ({ ...lead, start: at[lead.start], end: at[lead.end] }));
  }

  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  function attach({ textarea, list, endpoint, words = {}, onConfirm = () => {}, onReject = () => {}, taken = () => new Set() }) {
    const say = { ...WORDS, ...words };
    const known = new Map(); // chunk text -> leads, oldest first
    const decided = new Map(); // lead key -> {state, lead}
    const numbers = new Array(NUMBERED_MAX).fill(null); // lead keys by number
    let painted = { text: "", leads: [] };
    let leads = [];
    let timer = 0;
    let asking = null;

    /* The layer behind the textarea */
    const layer = make("div", "leads-layer");
    layer.setAttribute("aria-hidden", "true");
    const field = make("div", "leads-field");
    textarea.replaceWith(field);
    field.append(layer, textarea);
    textarea.classList.add("leads-text");
    const follow = () => {
      layer.scrollTop = textarea.scrollTop;
    };
    textarea.addEventListener("scroll", follow, { passive: true });

    function paint(text, found) {
      painted = { text, leads: found };
      if (text.length > PAINT_MAX) {
        layer.replaceChildren();
        return;
      }
      const nodes = [];
      let at = 0;
      for (const lead of found) {
        const state = decided.get(key(lead))?.state;
        if (lead.start < at || state === "rejected") continue;
        const mark = make("mark", "", text.slice(lead.start, lead.end));
        mark.dataset.kind = lead.kind;
        mark.dataset.state = state || (lead.confidence < 0.5 ? "doubtful" : "found");
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
    async function ask(chunk, signal) {
      const answer = await fetch(endpoint, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
        body: JSON.stringify({ text: chunk }),
        signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      return units(chunk, (await answer.json()).leads);
    }
    async function read() {
      timer = 0;
      asking?.abort();
      const mine = (asking = new AbortController());
      const text = textarea.value;
      const cuts = chunks(text);
      const place = (found, from) => found.map((lead) => ({ ...lead, start: lead.start + from, end: lead.end + from }));
      const whole = () => cuts.flatMap(([from, to]) => place(known.get(text.slice(from, to)) || [], from));
      try {
        let shown = 0;
        for (const [from, to] of cuts) {
          const chunk = text.slice(from, to);
          if (known.has(chunk)) continue;
          const found = await ask(chunk, mine.signal);
          known.set(chunk, found);
          if (known.size > CHUNKS_KEPT) known.delete(known.keys().next().value);
          if (performance.now() - shown > 500) {
            shown = performance.now();
            show(text, whole());
          }
        }
        show(text, whole());
        list.dataset.state = "";
      } catch (error) {
        if (error.name === "AbortError") return;
        list.dataset.state = "lost";
        timer ||= setTimeout(read, RETRY_MS);
      }
    }
    function show(text, found) {
      leads = found;
      if (textarea.value.length === text.length && textarea.value === text) paint(text, found);
      render();
    }

    /* The list */
    function waiting() {
      const byKey = new Map();
      const inForm = taken();
      for (const lead of leads) {
        const same = byKey.get(key(lead));
        if (same) same.count += 1;
        else if (!decided.has(key(lead)) && !inForm.has(lead.value)) byKey.set(key(lead), { lead, count: 1 });
      }
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
      if (open.size > LISTED_MAX) parts.push(make("p", "faint", `+ ${open.size - LISTED_MAX} ${say.more}`));
      const refused = [...decided].filter(([, { state }]) => state === "rejected");
      if (refused.length) parts.push(refusedPart(refused));
      list.replaceChildren(...parts);
      if (focused) list.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    }
    function row(name, lead, count) {
      const number = numbers.indexOf(name) + 1;
      const value = make("span", "leads-value", lead.currency ? `${lead.value} ${lead.currency}` : lead.value);
      const head = make("span", "leads-kind", lead.kind_text || lead.kind);
      const said = lead.text === lead.value ? "" : make("q", "leads-said", lead.text.slice(0, 60));
      const pick = make("button", "leads-pick", ...(number ? [make("kbd", "", `Alt ${number}`), " "] : []), head, " ", value, said ? " " : "", said);
      pick.type = "button";
      pick.dataset.focus = `pick ${name}`;
      pick.title = [say.confirm, ...(lead.why || [])].join(" · ");
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
      for (const earlier of lead.earlier || []) {
        const link = make("a", "leads-earlier", earlier.text);
        if (typeof earlier.url === "string" && earlier.url.startsWith("/")) link.href = earlier.url;
        item.append(link);
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
          paint(textarea.value, textarea.value === painted.text ? painted.leads : []);
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
      (state === "confirmed" ? onConfirm : onReject)(lead);
      render();
      if (textarea.value === painted.text) paint(painted.text, painted.leads);
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
      if (drawing || textarea.textLength > PAINT_MAX) return;
      drawing = requestAnimationFrame(() => {
        drawing = 0;
        shift(textarea.value);
      });
    });
    if (textarea.value) read();
    else render();
    return { read, leads: () => leads };
  }

  window.wuzha = Object.assign(window.wuzha || {}, { leads: { attach } });

  /* The intake page: a confirmed account opens a payment, phones and addresses go to their lists. */
  const form = document.querySelector("[data-intake][data-leads-url]");
  const textarea = form?.querySelector("textarea[data-narrative]");
  const list = form?.querySelector("[data-leads]");
  if (!textarea || !list) return;
  const words = Object.fromEntries(Object.keys(WORDS).map((name) => [name, list.dataset[`word${name[0].toUpperCase()}${name.slice(1)}`]]).filter(([, word]) => word));
  const door = () => window.wuzha.intake;
  const minute = (value) => (/T\d\d:\d\d/.test(value) ? value.slice(0, 16) : /T\d\d$/.test(value) ? `${value}:00` : "");
  const confirmed = {
    card: (lead) => door().addTransfer({ payee_account: lead.value }),
    account: (lead) => door().addTransfer({ payee_account: lead.value }),
    alipay: (lead) => door().addTransfer({ payee_account: lead.value }),
    amount: (lead) => door().addTransfer({ amount: lead.value, currency: lead.currency }),
    time: (lead) => minute(lead.value) && door().addTransfer({ at: minute(lead.value) }),
    phone: (lead) => door().addPhone(lead.value),
    url: (lead) => door().addUrl(lead.value),
  };
  attach({
    textarea,
    list,
    endpoint: form.dataset.leadsUrl,
    words,
    onConfirm: (lead) => {
      if (door()) confirmed[lead.kind]?.(lead);
      form.dispatchEvent(new CustomEvent("wuzha:lead", { detail: lead }));
    },
    taken: () => new Set([...form.querySelectorAll("input")].map((input) => input.value.replace(/\s/g, "")).filter(Boolean)),
  });
})();
