/* Layout of the money-flow picture: pure numbers in, pure numbers out, no document.

   A column is a layer (0: victims). Crowded columns fold their small accounts by state into one card each. Order inside a
   column comes from barycentre sweeps, starting from the order shown before so that a live update moves little. Heights
   then settle towards the neighbours and are pushed apart. A picture with a column too tall to be seen at once is a list
   instead: each column begins at the top with its largest sums, so that what is seen first weighs most. Ribbon widths
   are linear in stolen money, with a floor. */
(() => {
  "use strict";
  const CARD_W = 184;
  const CARD_H_MIN = 48;
  const COLUMN_STEP = 322;
  const GAP = 12;
  const TOP = 44;
  const MARGIN = 16;
  const FLOW_PX_MAX = 120;
  const RIBBON_MIN = 1.25;
  const BACK_MAX = 2.5; // money going back or sideways is drawn as a thin dashed line, else it would hide the others
  const COLUMN_CARDS_MAX = 12;
  const TALL = 40; // cards in one column
  const SWEEPS = 8;
  const SETTLES = 6;
  const EMPTY = new Set();

  /* Cards of one layer: the weightiest accounts alone, the others in one crowd for each state. */
  function fold(layer, nodes, expanded) {
    if (nodes.length <= COLUMN_CARDS_MAX || expanded.has(layer)) return nodes.map((node) => card(node));
    const ranked = [...nodes].sort((a, b) => b.stolen_in - a.stolen_in || (a.id < b.id ? -1 : 1));
    const states = new Set(nodes.map((node) => node.state)).size;
    const alone = ranked.slice(0, Math.max(4, COLUMN_CARDS_MAX - states));
    const groups = new Map();
    for (const node of ranked.slice(alone.length)) {
      if (!groups.has(node.state)) groups.set(node.state, []);
      groups.get(node.state).push(node);
    }
    const cards = alone.map((node) => card(node));
    for (const [state, members] of groups) cards.push(members.length === 1 ? card(members[0]) : crowd(layer, state, members));
    return cards;
  }

  function card(node) {
    return { id: node.id, layer: node.layer, node, members: [node.id], count: 1, ...sums([node]), state: node.state };
  }

  function crowd(layer, state, nodes) {
    return { id: `crowd:${layer}:${state}`, layer, node: nodes[0], members: nodes.map((n) => n.id), count: nodes.length, ...sums(nodes), state };
  }

  function sums(nodes) {
    const total = { stolen_in: 0, stolen_now: 0, held: 0, gone: 0, unknown: 0, whole: 0 };
    for (const node of nodes) for (const key of Object.keys(total)) total[key] += node[key] || 0;
    for (const node of nodes) total.whole += node.whole === undefined ? node.stolen_in : 0;
    return total;
  }

  /* Ribbons between cards, transfers between the same two cards added up. */
  function join(edges, cardOf) {
    const ribbons = new Map();
    for (const edge of edges) {
      const from = cardOf.get(edge.from);
      const to = cardOf.get(edge.to);
      if (!from || !to || from === to) continue;
      const key = `${from.id}→${to.id}`;
      const ribbon = ribbons.get(key) || { key, from, to, stolen: 0, amount: 0, edges: [] };
      ribbon.stolen += edge.stolen;
      ribbon.amount += edge.amount;
      ribbon.edges.push(edge);
      ribbons.set(key, ribbon);
    }
    return [...ribbons.values()];
  }

  function neighbours(ribbons) {
    const before = new Map();
    const after = new Map();
    const add = (map, key, other, weight) => (map.get(key) || map.set(key, []).get(key)).push([other, weight]);
    for (const r of ribbons) {
      if (r.from.layer >= r.to.layer) continue;
      add(after, r.from, r.to, r.stolen + 1);
      add(before, r.to, r.from, r.stolen + 1);
    }
    return { before, after };
  }

  function mean(list, value) {
    let sum = 0;
    let weights = 0;
    for (const [other, weight] of list) {
      sum += value(other) * weight;
      weights += weight;
    }
    return sum / weights;
  }

  function order(columns, near, previous) {
    for (const column of columns) {
      column.sort((a, b) => (previous.get(a.id) ?? 1e9) - (previous.get(b.id) ?? 1e9) || b.stolen_in - a.stolen_in || (a.id < b.id ? -1 : 1));
      column.forEach((one, i) => (one.rank = (i + 0.5) / column.length));
    }
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      const forward = sweep % 2 === 0;
      const side = forward ? near.before : near.after;
      for (const column of forward ? columns : [...columns].reverse()) {
        for (const one of column) one.pull = side.has(one) ? mean(side.get(one), (other) => other.rank) : one.rank;
        column.sort((a, b) => a.pull - b.pull || a.rank - b.rank);
        column.forEach((one, i) => (one.rank = (i + 0.5) / column.length));
      }
    }
  }

  /* Columns as lists, the largest sums first. */
  function list(columns) {
    for (const column of columns) {
      column.sort((a, b) => b.stolen_in - a.stolen_in || (a.id < b.id ? -1 : 1));
      let y = TOP;
      for (const one of column) {
        one.y = y;
        y += one.h + GAP;
      }
    }
  }

  const heightOf = (column) => column.reduce((sum, one) => sum + one.h + GAP, -GAP);

  /* Put a column's cards at their wanted heights as far as they fit between TOP and bottom without overlap. */
  function stack(column, wanted, bottom) {
    let free = TOP;
    for (const one of column) {
      one.y = Math.max(free, wanted(one));
      free = one.y + one.h + GAP;
    }
    let limit = bottom;
    for (const one of [...column].reverse()) {
      one.y = Math.min(one.y, limit - one.h);
      limit = one.y - GAP;
    }
  }

  function settle(columns, near) {
    const middle = (one) => one.y + one.h / 2;
    const bottom = TOP + Math.max(...columns.map(heightOf));
    for (const column of columns) {
      let y = TOP + (bottom - TOP - heightOf(column)) / 2;
      for (const one of column) {
        one.y = y;
        y += one.h + GAP;
      }
    }
    for (let i = 0; i < SETTLES; i++) {
      const forward = i % 2 === 0;
      const side = forward ? near.before : near.after;
      for (const column of forward ? columns : [...columns].reverse())
        stack(column, (one) => (side.has(one) ? mean(side.get(one), middle) - one.h / 2 : one.y), bottom);
    }
  }

  /* Where each ribbon meets its cards: stacked along the side, in the order of the other ends, so that few cross. */
  function attach(cards, ribbons) {
    const out = new Map(cards.map((one) => [one, []]));
    const into = new Map(cards.map((one) => [one, []]));
    for (const ribbon of ribbons) {
      out.get(ribbon.from).push(ribbon);
      into.get(ribbon.to).push(ribbon);
    }
    const place = (list, one, other, set) => {
      list.sort((a, b) => other(a).y - other(b).y);
      const room = list.reduce((sum, r) => sum + r.width, 0);
      const spare = Math.min(6, Math.max(0, (one.h - 12 - room) / Math.max(1, list.length - 1)));
      let offset = (one.h - room - spare * (list.length - 1)) / 2;
      for (const ribbon of list) {
        set(ribbon, offset + ribbon.width / 2);
        offset += ribbon.width + spare;
      }
    };
    for (const one of cards) {
      place(out.get(one), one, (r) => r.to, (r, v) => (r.fromY = v));
      place(into.get(one), one, (r) => r.from, (r, v) => (r.toY = v));
    }
  }

  /* graph {nodes, edges} -> {cards, ribbons, columns, width, height}; positions are left upper corners. */
  function layout(graph, { expanded = EMPTY, previous = new Map() } = {}) {
    const layers = [...new Set(graph.nodes.map((node) => node.layer))].sort((a, b) => a - b);
    const columns = layers.map((layer) => fold(layer, graph.nodes.filter((node) => node.layer === layer), expanded));
    const cards = columns.flat();
    const cardOf = new Map();
    for (const one of cards) for (const member of one.members) cardOf.set(member, one);
    const ribbons = join(graph.edges, cardOf);
    const heaviest = Math.max(1, ...columns.map((column) => column.reduce((sum, one) => sum + one.stolen_in, 0)), ribbons.reduce((max, r) => Math.max(max, r.stolen), 0));
    const scale = FLOW_PX_MAX / heaviest;
    for (const ribbon of ribbons) {
      const most = ribbon.from.layer < ribbon.to.layer ? FLOW_PX_MAX : BACK_MAX;
      ribbon.width = Math.min(most, Math.max(RIBBON_MIN, ribbon.stolen * scale));
    }
    for (const one of cards) one.leaving = one.coming = 0;
    for (const ribbon of ribbons) {
      ribbon.from.leaving += ribbon.width;
      ribbon.to.coming += ribbon.width;
    }
    for (const one of cards) {
      one.h = Math.max(CARD_H_MIN, one.leaving + 12, one.coming + 12);
      one.w = CARD_W;
    }
    if (columns.some((column) => column.length > TALL)) list(columns);
    else if (cards.length) {
      const near = neighbours(ribbons);
      order(columns, near, previous);
      settle(columns, near);
    }
    columns.forEach((column, i) => {
      for (const one of column) one.x = MARGIN + i * COLUMN_STEP;
    });
    attach(cards, ribbons);
    return {
      cards,
      ribbons,
      columns: columns.map((column, i) => ({ layer: layers[i], x: MARGIN + i * COLUMN_STEP, cards: column, expanded: expanded.has(layers[i]) && column.length > COLUMN_CARDS_MAX })),
      width: 2 * MARGIN + (columns.length - 1) * COLUMN_STEP + CARD_W,
      height: Math.max(0, ...cards.map((one) => one.y + one.h)) + MARGIN,
    };
  }

  window.wuzha = Object.assign(window.wuzha || {}, { flowLayout: layout });
})();
