/* The live page. One EventSource tells what happened; fragments that care are fetched again, and nothing jumps.

   - Body data-live="/live" gives the address. The feed says only which kinds of event happened in which case.
   - An element with data-live-on="order. answer." hears events whose kind begins so, "case:<id>" all of one case. It
     gets the event "live"; htmx then fetches it (hx-trigger="live") and idiomorph merges it, so focus, what is typed,
     open menus and scroll stay where they were. With data-live-calm it waits a moment while somebody moves the pointer
     or types in it: a list that is ordered anew must not move under the cursor.
   - [data-due] elements count down. The server's clock is used, not the reader's.
   - A hidden page closes its stream (browsers allow few to one host) and catches up when it is looked at again. */
(() => {
  "use strict";
  const SETTLE_MS = 250;
  const SETTLE_MAX_MS = 1000;
  const CALM_MS = 1500;
  const CALM_MAX_MS = 8000;
  const LOST_AFTER_MS = 6000;
  const RETRY_MS = [500, 1000, 2000, 5000, 10000];
  const body = document.body;
  const url = body.dataset.live;
  const skew = body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0;

  /* Countdowns */
  const pad = (n) => String(n).padStart(2, "0");
  function words(seconds) {
    const s = Math.abs(seconds);
    if (s >= 3600) return `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
    return `${pad(Math.floor(s / 60))}:${pad(s % 60)}`;
  }
  function tick() {
    const now = Date.now() + skew;
    for (const clock of document.querySelectorAll("[data-due]")) {
      const due = Date.parse(clock.dataset.due);
      const left = Math.floor((due - now) / 1000);
      const whole = clock.dataset.start ? (due - Date.parse(clock.dataset.start)) / 1000 : 600;
      const level = left < 0 ? "late" : left < Math.min(whole / 3, 3600) ? "soon" : "calm";
      const text = left < 0 ? `+${words(left)}` : words(left);
      const digits = clock.querySelector("[data-digits]") || clock;
      if (digits.textContent !== text) digits.textContent = text;
      if (clock.dataset.level !== level) {
        clock.dataset.level = level;
        const row = clock.closest("[data-row]");
        if (row) {
          row.classList.toggle("late", level === "late");
          row.classList.toggle("soon", level === "soon");
        }
      }
    }
  }
  /* A merged fragment leaves alone what the reader does: what is typed, chosen or unfolded. */
  const dirty = (element) =>
    element instanceof HTMLSelectElement
      ? [...element.options].some((option) => option.selected !== option.defaultSelected && [...element.options].some((one) => one.defaultSelected))
      : element.matches?.("input:not([type=hidden]), textarea") && (element.value !== element.defaultValue || element.checked !== element.defaultChecked);
  if (window.Idiomorph) {
    const { defaults } = window.Idiomorph;
    defaults.ignoreActiveValue = true;
    defaults.callbacks.beforeNodeMorphed = (element) => !(element instanceof Element && dirty(element));
    defaults.callbacks.beforeAttributeUpdated = (name, element) => !(name === "open" && element.matches("details, dialog"));
  }
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);

  /* Fragments */
  const EVERYTHING = [{ case: "", kinds: ["*"] }];
  let told = [];
  let timer = 0;
  let first = 0;
  let touched = null;
  let touchedAt = 0;
  function touch(event) {
    touched = event.target;
    touchedAt = Date.now();
  }
  addEventListener("pointermove", touch, { passive: true });
  addEventListener("keydown", touch);
  const waiting = new Map(); // element -> since when it waits for calm
  function deliver(element) {
    const now = Date.now();
    const since = waiting.get(element) ?? now;
    const inUse = "liveCalm" in element.dataset && touched && element.contains(touched) && now - touchedAt < CALM_MS;
    if (inUse && now - since < CALM_MAX_MS) {
      waiting.set(element, since);
      setTimeout(() => waiting.has(element) && deliver(element), CALM_MS);
      return;
    }
    waiting.delete(element);
    element.dispatchEvent(new CustomEvent("live", { bubbles: false }));
  }
  const concerns = (token, event) => (token.startsWith("case:") ? token === `case:${event.case}` : event.kinds.some((kind) => kind.startsWith(token)));
  function flush() {
    const events = told;
    told = [];
    timer = first = 0;
    const all = events.some((event) => event.kinds.includes("*"));
    for (const element of document.querySelectorAll("[data-live-on]")) {
      const tokens = element.dataset.liveOn.split(/\s+/).filter(Boolean);
      const concerned = all || tokens.some((token) => events.some((event) => concerns(token, event)));
      if (concerned && !waiting.has(element)) deliver(element);
    }
  }
  function heard(events) {
    told.push(...events);
    const now = Date.now();
    first = first || now;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.max(0, Math.min(SETTLE_MS, first + SETTLE_MAX_MS - now)));
  }

  /* The lamp in the top bar */
  const lamp = document.querySelector("[data-lamp]");
  function show(state) {
    if (!lamp || lamp.dataset.state === state) return;
    lamp.dataset.state = state;
    lamp.querySelector("[data-lamp-word]").textContent = lamp.dataset[`word${state[0].toUpperCase()}${state.slice(1)}`];
  }

  /* The stream */
  let source = null;
  let tries = 0;
  let lostTimer = 0;
  let opened = false;
  let retryTimer = 0;
  function close() {
    clearTimeout(retryTimer);
    clearTimeout(lostTimer);
    lostTimer = 0;
    source?.close();
    source = null;
  }
  function lost() {
    if (!lostTimer) lostTimer = setTimeout(() => show("lost"), LOST_AFTER_MS);
  }
  function open() {
    clearTimeout(retryTimer);
    source?.close();
    source = new EventSource(url);
    source.onopen = () => {
      clearTimeout(lostTimer);
      lostTimer = 0;
      tries = 0;
      show("live");
      if (opened) heard(EVERYTHING);
      opened = true;
    };
    source.addEventListener("journal", (event) => {
      try {
        heard(JSON.parse(event.data));
      } catch {
        heard(EVERYTHING);
      }
    });
    source.onerror = () => {
      show("waiting");
      source?.close();
      source = null;
      lost();
      retryTimer = setTimeout(open, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
    };
  }
  if (url) {
    document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
    addEventListener("pagehide", close);
    addEventListener("pageshow", (event) => event.persisted && open());
    if (!document.hidden) open();
  }

  /* Fragments that could not be fetched: a signed-out answer reloads the page, which asks to sign in. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status === 401 || /\/sign-in/.test(xhr.responseURL || "")) {
      event.detail.shouldSwap = false;
      location.reload();
    }
    if (xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:sendError", () => {
    show("waiting");
    lost();
  });

  /* A double click sends once. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
