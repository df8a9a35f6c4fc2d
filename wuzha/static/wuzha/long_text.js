/* A long narrative (a pasted chat log of a million characters) that stays quick to type in.

   A textarea lays out and copies all of its text at each key. Above LONG_MIN characters this editor takes its place:
   the same text in blocks of some lines, of which the browser lays out only those in view. The textarea stays the
   form's field, hidden: what is sent is the editor's text, the textarea gets it when the hand rests long (or at the
   event "wuzha:settle"), and whoever sets its value and tells so by an input event sets the editor's.

   window.wuzha.longText.attach(textarea) gives {on, text(), focus(), paint(leads, stateOf)}, also as textarea.longText:
   leads have start and end and stand in the order of their place; those in view are painted with the Custom Highlight
   API, which changes no node. Ctrl+A is a state of its own (data-all), since a selection over all blocks would have
   all of them laid out.

   Between two blocks stands a line end. A block whose text ends with one shows no empty line after it; so the page
   (and the browser itself) writes one more, and `read` takes it away. */
(() => {
  "use strict";
  const LONG_MIN = 30000;
  const BLOCK_MIN = 3000;
  const BLOCK_MAX = 12000; // a longer line is cut into blocks that are joined without a line end (data-joined)
  const SETTLE_MS = 1200;
  const HEIGHT_MIN = 140;
  const RANGES_MAX = 2000; // painted in one block
  const STATES = ["found", "doubtful", "confirmed"];

  /* Blocks of some lines each. */
  function blocksOf(text) {
    const blocks = [];
    let isJoined = false;
    for (let at = 0; at <= text.length; ) {
      let end = text.indexOf("\n", at + BLOCK_MIN);
      if (end < 0) end = text.length;
      const isCut = end - at > BLOCK_MAX;
      if (isCut) end = at + BLOCK_MAX - ((text.charCodeAt(at + BLOCK_MAX - 1) & 0xfc00) === 0xd800 ? 1 : 0);
      blocks.push(blockElement(text.slice(at, end), isJoined));
      at = isCut ? end : end + 1;
      isJoined = isCut;
    }
    return blocks;
  }
  function blockElement(text, isJoined) {
    const block = document.createElement("div");
    block.textContent = text === "" || text.endsWith("\n") ? `${text}\n` : text;
    if (isJoined) block.dataset.joined = "";
    return block;
  }
  /* The text of one child of the editor. */
  function read(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeName === "BR") return "\n";
    let text = node.textContent;
    if (node.querySelector("br")) text = [...node.childNodes].map((one) => (one.nodeName === "BR" ? "\n" : one.textContent)).join("");
    return text.endsWith("\n") ? text.slice(0, -1) : text;
  }

  function attach(textarea) {
    const editor = document.createElement("div");
    const known = new WeakMap(); // block -> its text
    let marks = new WeakMap(); // block -> {text, begin}, as they were when the leads were found
    let found = { leads: [], stateOf: () => "" };
    const ranges = new Map(); // block in view -> [[range, state]]
    const inView = new Set();
    let isOn = false;
    let isOwn = false; // an input event of the textarea that this editor sends
    let isFresh = true; // the textarea holds what the editor shows
    let isAll = false;
    let height = 0;
    let timer = 0;
    let drawing = 0;

    editor.className = "long-text";
    try {
      editor.contentEditable = "plaintext-only";
    } catch {
      return null; // a browser that does not know it keeps its textarea
    }
    editor.tabIndex = 0;
    editor.spellcheck = false;
    editor.dataset.longText = "";
    editor.name = textarea.name; // it answers for the field that it stands for
    Object.defineProperty(editor, "value", { get: () => text() });
    if (textarea.dataset.altKey) editor.dataset.altKey = textarea.dataset.altKey;
    for (const [name, value] of [["role", "textbox"], ["aria-multiline", "true"]]) editor.setAttribute(name, value);
    const label = textarea.labels?.[0]?.textContent.trim();
    if (label) editor.setAttribute("aria-label", label);

    /* The child of the editor that a node is in; null for the editor itself and for what was taken out of it. */
    function blockAround(node) {
      let at = node;
      while (at && at.parentNode !== editor) at = at.parentNode;
      return at;
    }
    /* Text */
    const isBlock = (node) => node.nodeName === "DIV";
    function textOf(node) {
      if (!isBlock(node)) return read(node);
      if (!known.has(node)) known.set(node, read(node));
      return known.get(node);
    }
    const isNewLine = (before, node) => (isBlock(node) ? node.dataset.joined === undefined : isBlock(before));
    /* [node, its text, where it begins] of every child. */
    function parts() {
      const all = [];
      let at = 0;
      let before = null;
      for (const node of editor.childNodes) {
        if (before && isNewLine(before, node)) at += 1;
        const text = node === editor.lastChild && node.nodeName === "BR" ? "" : textOf(node);
        all.push([node, text, at]);
        at += text.length;
        before = node;
      }
      return all;
    }
    function text() {
      let joined = "";
      for (const [, part, at] of parts()) joined += (at > joined.length ? "\n" : "") + part;
      return joined;
    }
    const length = () => {
      const last = parts().at(-1);
      return last ? last[2] + last[1].length : 0;
    };
    function fill(value) {
      editor.replaceChildren(...blocksOf(value));
      view.disconnect();
      inView.clear();
      ranges.clear();
      for (const block of editor.children) view.observe(block);
    }

    /* Caret */
    function offset(node, at) {
      const block = blockAround(node);
      const all = parts();
      if (!block) return at < all.length ? all[at][2] : length();
      const [, own, begin] = all.find(([one]) => one === block);
      const range = document.createRange();
      range.setStart(block, 0);
      range.setEnd(node, at);
      return begin + Math.min(range.toString().length, own.length);
    }
    function selected() {
      const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
      if (!editor.contains(anchorNode) || !editor.contains(focusNode)) return [length(), length()];
      return [offset(anchorNode, anchorOffset), offset(focusNode, focusOffset)].sort((a, b) => a - b);
    }
    function place(at) {
      const [block, own, begin] = parts().findLast((one) => one[2] <= at) || [editor, "", 0];
      const inside = block.firstChild?.nodeType === Node.TEXT_NODE ? block.firstChild : block;
      getSelection().collapse(inside, inside === block ? 0 : Math.min(at - begin, own.length));
      if (block === editor) return;
      block.scrollIntoView({ block: "nearest" });
      requestAnimationFrame(() => {
        const caret = getSelection().rangeCount && getSelection().getRangeAt(0).getBoundingClientRect();
        const frame = editor.getBoundingClientRect();
        if (caret?.height && caret.bottom > frame.bottom) editor.scrollTop += caret.bottom - frame.bottom + caret.height;
        if (caret?.height && caret.top < frame.top) editor.scrollTop -= frame.top - caret.top + caret.height;
      });
    }
    function replace(from, to, put) {
      const before = text();
      setAll(false);
      fill(before.slice(0, from) + put + before.slice(to));
      place(from + put.length);
      changed();
    }

    /* In place of the textarea, and back */
    function enter(value, caret) {
      const hadFocus = document.activeElement === textarea;
      if (!isOn) {
        isOn = true;
        editor.style.height = `${Math.max(height, HEIGHT_MIN)}px`;
        textarea.after(editor);
        textarea.hidden = true;
      }
      // Focus comes before the text: what is focused is laid out whole.
      const isHere = hadFocus || document.activeElement === editor;
      if (hadFocus) editor.focus({ preventScroll: true });
      fill(value);
      if (isHere) place(caret);
    }
    function leave() {
      const hadFocus = document.activeElement === editor || document.activeElement === textarea;
      isOn = false;
      editor.remove();
      textarea.hidden = false;
      if (hadFocus) textarea.focus();
    }
    function settle() {
      clearTimeout(timer);
      timer = 0;
      if (!isOn || isFresh) return;
      isFresh = true;
      textarea.value = text();
    }
    function changed() {
      isFresh = false;
      clearTimeout(timer);
      timer = setTimeout(() => (window.requestIdleCallback || setTimeout)(settle), SETTLE_MS);
      isOwn = true;
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      isOwn = false;
    }

    /* Painting what is in view */
    const painters = window.CSS?.highlights && window.Highlight ? Object.fromEntries(STATES.map((state) => [state, new Highlight()])) : null;
    if (painters) for (const state of STATES) CSS.highlights.set(`wuzha-${state}`, painters[state]);
    function paint(leads, stateOf) {
      if (!isOn || !painters) return;
      found = { leads, stateOf };
      marks = new WeakMap(parts().filter(([block]) => isBlock(block)).map(([block, own, begin]) => [block, { text: own, begin }]));
      ranges.clear();
      draw();
    }
    function firstFrom(place) {
      let low = 0;
      let high = found.leads.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (found.leads[middle].start < place) low = middle + 1;
        else high = middle;
      }
      return low;
    }
    function draw() {
      drawing ||= requestAnimationFrame(() => {
        drawing = 0;
        for (const block of ranges.keys()) if (!inView.has(block)) ranges.delete(block);
        for (const block of inView) if (!ranges.has(block)) ranges.set(block, rangesOf(block));
        for (const state of STATES) painters[state].clear();
        for (const all of ranges.values()) for (const [range, state] of all) painters[state]?.add(range);
      });
    }
    function rangesOf(block) {
      const told = marks.get(block);
      const node = block.firstChild;
      if (!told || node?.nodeType !== Node.TEXT_NODE || block.childNodes.length > 1 || textOf(block) !== told.text) return [];
      const all = [];
      const last = told.begin + told.text.length;
      for (let at = firstFrom(told.begin); at < found.leads.length && found.leads[at].end <= last && all.length < RANGES_MAX; at++) {
        const range = document.createRange();
        range.setStart(node, found.leads[at].start - told.begin);
        range.setEnd(node, found.leads[at].end - told.begin);
        all.push([range, found.stateOf(found.leads[at])]);
      }
      return all;
    }
    const view = new IntersectionObserver(
      (seen) => {
        for (const { target, isIntersecting } of seen) isIntersecting ? inView.add(target) : inView.delete(target);
        if (painters) draw();
      },
      { root: editor, rootMargin: "50%" },
    );
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const block = blockAround(target);
        if (block) known.delete(block);
        for (const node of addedNodes) if (node.parentNode === editor && isBlock(node)) view.observe(node);
      }
    }).observe(editor, { childList: true, characterData: true, subtree: true });

    /* Hands */
    function setAll(is) {
      if (isAll === is) return;
      isAll = is;
      editor.toggleAttribute("data-all", is);
    }
    editor.addEventListener("keydown", (event) => {
      const isSelecting = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "a";
      if (isSelecting) {
        event.preventDefault();
        place(0);
        setAll(true);
      } else if (/^(Arrow|Home|End|Page|Escape|Tab)/.test(event.key)) setAll(false);
    });
    for (const name of ["pointerdown", "blur"]) editor.addEventListener(name, () => setAll(false));
    for (const name of ["copy", "cut"])
      editor.addEventListener(name, (event) => {
        if (!isAll) return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", text());
        if (name === "cut") replace(0, Infinity, "");
      });
    editor.addEventListener("compositionstart", () => {
      const { anchorNode, focusNode } = getSelection();
      if (isAll) replace(0, Infinity, "");
      else if (blockAround(anchorNode) !== blockAround(focusNode)) replace(...selected(), "");
    });
    editor.addEventListener("click", () => document.activeElement === editor || editor.focus());
    for (const one of textarea.labels || []) one.addEventListener("click", (event) => isOn && (event.preventDefault(), editor.focus()));
    editor.addEventListener("input", (event) => {
      event.stopPropagation();
      // The observer is told later than this; the block at the caret is the one that changed.
      const block = blockAround(getSelection().focusNode);
      if (block) known.delete(block);
      changed();
    });
    /* Deleting at the edge of a block takes the line end between two, or the letter beyond the cut of a long line. */
    function deleteAtEdge(event) {
      const { focusNode, focusOffset } = getSelection();
      const block = blockAround(focusNode);
      const at = offset(focusNode, focusOffset);
      const [, own, begin] = parts().find(([one]) => one === block) || [null, "", 0];
      const isBack = event.inputType.endsWith("Backward");
      if (isBack ? at > begin : at < begin + own.length) return false;
      event.preventDefault();
      const whole = text();
      const [from, to] = isBack ? [at - 1, at] : [at, at + 1];
      if (from < 0 || to > whole.length) return true;
      const isPair = /[\ud800-\udbff][\udc00-\udfff]/.test(whole.slice(isBack ? at - 2 : at, isBack ? at : at + 2));
      replace(isPair && isBack ? from - 1 : from, isPair && !isBack ? to + 1 : to, "");
      return true;
    }
    editor.addEventListener("beforeinput", (event) => {
      const put = event.data;
      if (isAll && /^(insert(Text|LineBreak|Paragraph)|delete)/.test(event.inputType)) {
        event.preventDefault();
        replace(0, Infinity, /^insert(Line|Par)/.test(event.inputType) ? "\n" : put || "");
        return;
      }
      if (/^delete/.test(event.inputType) && getSelection().isCollapsed && deleteAtEdge(event)) return;
      // What goes across blocks is done here: the browser would carry styles along, which the policy forbids, and takes
      // a block out of view for empty.
      const [range] = event.getTargetRanges();
      const isAcross = range && blockAround(range.startContainer) !== blockAround(range.endContainer);
      if (isAcross && event.cancelable && !/^(history|format)/.test(event.inputType)) {
        event.preventDefault();
        const pastes = /^insertFrom/.test(event.inputType) ? event.dataTransfer?.getData("text/plain") : put;
        const ends = [offset(range.startContainer, range.startOffset), offset(range.endContainer, range.endOffset)];
        replace(...ends, /^insert(Line|Par)/.test(event.inputType) ? "\n" : (pastes || "").replace(/\r\n?/g, "\n"));
        return;
      }
      if (event.inputType !== "insertText" || !put || (!put.includes("\n") && put.length < BLOCK_MAX)) return;
      event.preventDefault();
      replace(...selected(), put);
    });
    editor.addEventListener("paste", (event) => {
      const put = pasted(event);
      if (put.length < BLOCK_MAX && !isAll) return;
      event.preventDefault();
      replace(...(isAll ? [0, Infinity] : selected()), put);
    });
    /* Much text goes straight into the editor, before the textarea lays it out. */
    function takeMuch(event, put) {
      if (isOn || textarea.textLength + put.length <= LONG_MIN) return;
      event.preventDefault();
      const { selectionStart: from, selectionEnd: to, value } = textarea;
      enter(value.slice(0, from) + put + value.slice(to), from + put.length);
      changed();
    }
    const pasted = (event) => event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n") || "";
    textarea.addEventListener("paste", (event) => takeMuch(event, pasted(event)));
    textarea.addEventListener("beforeinput", (event) => event.inputType === "insertText" && takeMuch(event, (event.data || "").replace(/\r\n?/g, "\n")));
    textarea.addEventListener("input", (event) => {
      if (isOwn || event.isComposing) return;
      if (textarea.textLength > LONG_MIN) {
        enter(textarea.value, textarea.selectionEnd);
        isFresh = true;
      } else if (isOn) leave();
    });
    new ResizeObserver(([seen]) => (height = seen.borderBoxSize[0].blockSize || height)).observe(textarea);
    textarea.addEventListener("compositionend", () => !isOn && textarea.textLength > LONG_MIN && enter(textarea.value, textarea.selectionEnd));
    textarea.addEventListener("wuzha:settle", settle);
    textarea.form?.addEventListener("formdata", (event) => event.formData.set(textarea.name, isOn ? text() : textarea.value));
    if (textarea.textLength > LONG_MIN) enter(textarea.value, textarea.textLength);
    textarea.longText = {
      get on() {
        return isOn;
      },
      text: () => (isOn ? text() : textarea.value),
      focus: () => (isOn ? editor : textarea).focus(),
      paint,
    };
    return textarea.longText;
  }

  window.wuzha = Object.assign(window.wuzha || {}, { longText: { attach } });
})();
