"use strict";
// The Gantt: bars on a canvas that stays in the window of a scrolled field; rows, bars and who feeds whom come as columns of numbers.
(() => {
  const box = document.querySelector(".gantt");
  if (!box) return;
  const data = JSON.parse(box.querySelector("script").textContent);
  const field = box.querySelector(".field"), canvas = field.querySelector("canvas"), ground = field.querySelector(".ground");
  const said = box.querySelector(".said"), tip = box.querySelector(".tip"), pen = canvas.getContext("2d");
  const { bars, orders, links, demands } = data;
  const HEAD = 44, DAY = 86400, DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" "), MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const KINDS = ["made", "bought", "moved", "delivered"], count = bars.row.length;
  const number = (v) => v.toLocaleString("en-US", { maximumFractionDigits: Math.abs(v) >= 100 ? 0 : 2 });
  const date = (s) => new Date((data.start + s) * 1000);
  const two = (v) => String(v).padStart(2, "0");
  const clock = (s) => { const d = date(s); return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`; };
  const moment = (s) => { const d = date(s); return `${DAYS[d.getUTCDay()]} ${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} ${clock(s)}`; };
  const long = (s) => { const told = (v, w) => `${number(Math.round(v * 10) / 10)} ${w}${v.toFixed(1) === "1.0" ? "" : "s"}`; return s >= DAY ? told(s / DAY, "day") : s >= 3600 ? told(s / 3600, "hour") : told(Math.round(s / 60), "minute"); };
  const words = (c, i) => c.d[c.v[i]];

  // Who feeds whom: the links of each order, and the bars of each.
  const root = Int32Array.from(orders.name, (_, i) => i);
  for (let i = 0; i < orders.root.length; i += 2) root[orders.root[i]] = orders.root[i + 1];
  const runs = (owner, size) => { const at = new Int32Array(size + 1); owner.forEach((o) => { at[o + 1] += 1; }); for (let i = 0; i < size; i += 1) at[i + 1] += at[i]; const next = at.slice(), item = new Int32Array(owner.length); owner.forEach((o, k) => { item[next[o]++] = k; }); return (o) => item.subarray(at[o], at[o + 1]); };
  const size = orders.name.length;
  const fedBy = runs(links.to, size), feeds = runs(links.of, size), barsOf = runs(bars.order.map((o) => root[o]), size);
  const reach = (from, step, end) => { const seen = new Set(from), left = [...from]; while (left.length) for (const k of step(left.pop())) { const o = end[k]; if (!seen.has(o)) { seen.add(o); left.push(o); } } return seen; };

  // What is shown: rows, their places, and the scale of time.
  let all = !data.rows.some((r) => r.s), rows = [], tops = [], high = 0, scale = 0, colour = "late", pinned = null, hovered = null, lit = null, marks = [], chosen = -1;
  let left = 190;
  const lane = (r) => Math.max(r.l <= 2 ? 18 : 42 / r.l, 5);
  const rowHigh = (r) => Math.max(r.l * lane(r) + 6, 24);
  const rowBars = runs(bars.row, data.rows.length);
  const longest = data.rows.map((_, r) => rowBars(r).reduce((most, k) => Math.max(most, bars.long[k] + bars.change[k]), 0));
  const lay = () => {
    rows = data.rows.map((_, r) => r).filter((r) => all || data.rows[r].s);
    tops = []; high = HEAD;
    rows.forEach((r) => { tops.push(high); high += rowHigh(data.rows[r]); });
    field.style.height = `${Math.min(high + 18, Math.max(innerHeight * 0.72, 320))}px`;
  };
  const wide = () => field.clientWidth - left;
  const least = () => wide() / data.end, most = Math.max(least(), 1.2);
  const x = (s) => left + s * scale - field.scrollLeft;
  const second = (px) => (px - left + field.scrollLeft) / scale;
  const fit = () => { scale = least(); field.scrollLeft = 0; size_(); };
  const size_ = () => { ground.style.width = `${Math.ceil(left + data.end * scale)}px`; ground.style.height = `${high}px`; later(); };
  const zoom = (by, at = left + wide() / 2) => {
    const s = second(at);
    scale = Math.min(Math.max(scale * by, least()), Math.min(most, 9e6 / data.end));
    size_();
    field.scrollLeft = s * scale - (at - left);
    later();
  };

  // Colours: those of the page, in light and dark.
  let ink = {};
  const paint = () => {
    const style = getComputedStyle(document.documentElement), get = (n) => style.getPropertyValue(`--${n}`).trim();
    ink = { hue: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => get(`hue${n}`)), font: getComputedStyle(box).fontFamily };
    for (const n of ["paper", "ink", "soft", "line", "grid", "solid", "warm", "warm-area", "other", "shut", "focus", "ground"]) ink[n] = get(n);
    later();
  };
  const hash = (t) => { let h = 7; for (const c of t) h = (h * 31 + c.charCodeAt(0)) >>> 0; return h % 8; };
  const hues = { item: orders.item.d.map(hash), order: demands.name.map(hash) };
  const look = (o) => { // fill, edge, words, dashed
    const d = orders.demand[o], late = orders.late[o];
    if (late === null) return [ink.paper, ink.other, ink.soft, true];
    if (colour === "late") return late > 0 ? [ink["warm-area"], ink.warm, ink.ink, false] : [ink.solid, null, ink.paper, false];
    const n = colour === "item" ? hues.item[orders.item.v[o]] : colour === "class" ? (demands.rank[d] + 7) % 8 : hues.order[d];
    return [ink.hue[n], late > 0 ? ink.warm : null, ink.paper, false];
  };

  const ticks = () => { // seconds, label, whether a day or more begins
    const apart = 74 / scale, found = [];
    const steps = [900, 1800, 3600, 7200, 14400, 21600, 43200, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
    const step = steps.find((s) => s >= apart);
    const from = Math.max(second(left), 0), to = Math.min(second(field.clientWidth), data.end);
    if (step) {
      const zero = step >= 7 * DAY ? -(((Math.floor(data.start / DAY) + 3) % 7) * DAY) : 0;
      for (let s = zero + Math.ceil((from - zero) / step) * step; s <= to; s += step) { const d = date(s); found.push([s, step < DAY && d.getUTCHours() + d.getUTCMinutes() ? clock(s) : `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}`, s % DAY === 0]); }
      return found;
    }
    const first = date(from), months = [1, 2, 3, 6, 12, 24, 60].find((m) => m * 30 * DAY >= apart) || 120;
    for (let m = first.getUTCFullYear() * 12 + Math.ceil(first.getUTCMonth() / months) * months; ; m += months) {
      const s = Date.UTC(Math.floor(m / 12), m % 12, 1) / 1000 - data.start;
      if (s > to) return found;
      if (s >= from) found.push([s, `${MONTHS[m % 12]} ${Math.floor(m / 12)}`, true]);
    }
  };
  const cut = (text, room) => { if (pen.measureText(text).width <= room) return text; let t = text; while (t && pen.measureText(`${t}…`).width > room) t = t.slice(0, -1); return t ? `${t}…` : ""; };

  let asked = false;
  const later = () => { if (!asked) { asked = true; requestAnimationFrame(draw); } };
  const hatch = (a, y, w, h) => { pen.save(); pen.beginPath(); pen.rect(a, y, w, h); pen.clip(); pen.globalAlpha *= 0.8; pen.strokeStyle = ink.soft; pen.lineWidth = 1; pen.beginPath(); for (let i = a - h; i < a + w; i += 4) { pen.moveTo(i, y + h); pen.lineTo(i + h, y); } pen.stroke(); pen.strokeRect(a + 0.5, y + 0.5, Math.max(w - 1, 0), h - 1); pen.restore(); };
  const place = (k) => { const n = rows.indexOf(bars.row[k]), r = data.rows[bars.row[k]]; return [x(bars.start[k]), tops[n] + 3 + bars.lane[k] * lane(r) - field.scrollTop, Math.max(bars.long[k] * scale, 1.5), lane(r) - 1.5]; };
  function draw() {
    asked = false;
    const W = field.clientWidth, H = field.clientHeight, ratio = devicePixelRatio || 1;
    if (canvas.width !== Math.round(W * ratio) || canvas.height !== Math.round(H * ratio)) { canvas.width = Math.round(W * ratio); canvas.height = Math.round(H * ratio); canvas.style.width = `${W}px`; canvas.style.height = `${H}px`; }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = ink.paper; pen.fillRect(0, 0, W, H);
    const from = second(left), to = second(W), marked = ticks();
    rows.forEach((r, n) => {
      const y = tops[n] - field.scrollTop, h = rowHigh(data.rows[r]);
      if (y > H || y + h < HEAD) return;
      drawRow(r, y, h, [from, to], marked);
    });
    frame(W, H, marked);
    if (pinned !== null) arrows();
    names(W, H);
  }
  function drawRow(r, y, h, [from, to], marked) {
    const shut = data.shut[data.shuts[r]];
    pen.fillStyle = ink.shut;
    for (let i = 0; i < shut.length; i += 2) { if (shut[i] > to) break; const w = (shut[i + 1] - shut[i]) * scale; if (shut[i + 1] > from && w >= 0.7) pen.fillRect(x(shut[i]), y, w, h); }
    pen.strokeStyle = ink.grid; pen.lineWidth = 1; pen.beginPath();
    for (const [s] of marked) { const a = Math.round(x(s)) + 0.5; pen.moveTo(a, y); pen.lineTo(a, y + h); }
    pen.moveTo(left, Math.round(y + h) + 0.5); pen.lineTo(field.clientWidth, Math.round(y + h) + 0.5); pen.stroke();
    const mine = rowBars(r), step = lane(data.rows[r]), bh = step - 1.5;
    let low = 0, top = mine.length;
    while (low < top) { const m = (low + top) >> 1; if (bars.start[mine[m]] - bars.change[mine[m]] < from - longest[r]) low = m + 1; else top = m; }
    pen.font = `10.5px ${ink.font}`; pen.textBaseline = "middle";
    const ends = {};
    for (let i = low; i < mine.length; i += 1) {
      const k = mine[i], change = bars.start[k] - bars.change[k];
      if (change > to) break;
      const end = bars.start[k] + bars.long[k];
      if (end < from) continue;
      const o = root[bars.order[k]], a = Math.max(x(bars.start[k]), left - 9), w = Math.max(Math.min(x(end), field.clientWidth + 9) - a, 1.5), t = y + 3 + bars.lane[k] * step;
      const faded = lit !== null && !lit.has(o), key = bars.lane[k];
      if (w <= 1.5 && ends[key] >= a + 0.5 && (lit === null || faded)) continue; // what would lie under the same dot
      ends[key] = a + w;
      const [fill, edge, text, dashed] = look(o);
      pen.globalAlpha = faded ? 0.16 : 1;
      if (bars.change[k]) hatch(x(change), t, Math.max((bars.start[k] - change) * scale, 1), bh);
      pen.fillStyle = fill; pen.fillRect(a, t, w, bh);
      if (edge && w > 3) { pen.strokeStyle = edge; pen.setLineDash(dashed ? [3, 2] : []); pen.lineWidth = dashed ? 1 : 1.6; pen.strokeRect(a + 0.8, t + 0.8, w - 1.6, bh - 1.6); pen.setLineDash([]); }
      else if (edge && !dashed) { pen.fillStyle = edge; pen.fillRect(a, t + bh - 3, w, 3); }
      if (w > 34 && bh >= 12) { pen.fillStyle = text; const first = Math.max(a, left) + 4; pen.fillText(cut(`${orders.given[bars.order[k]] ? "\u25aa " : ""}${words(orders.item, bars.order[k])} ${orders.name[o]}`, a + w - first - 3), first, t + bh / 2 + 0.5); }
      if (k === chosen) { pen.globalAlpha = 1; pen.strokeStyle = ink.focus; pen.lineWidth = 2.5; pen.strokeRect(a - 1, t - 1, w + 2, bh + 2); }
    }
    pen.globalAlpha = 1;
  }
  function frame(W, H, marked) { // lines over all rows, and the head of days
    const line = (s, style, dash) => { const a = Math.round(x(s)) + 0.5; if (a < left) return; pen.strokeStyle = style; pen.setLineDash(dash); pen.lineWidth = 1.6; pen.beginPath(); pen.moveTo(a, HEAD - 12); pen.lineTo(a, Math.min(H, high - field.scrollTop)); pen.stroke(); pen.setLineDash([]); };
    line(data.now, ink.soft, [2, 3]);
    marks.forEach((d) => line(demands.due[d], demands.late[d] > 0 || demands.lost[d] > 0 ? ink.warm : ink.solid, [7, 3]));
    pen.fillStyle = ink.paper; pen.fillRect(0, 0, W, HEAD);
    pen.strokeStyle = ink.line; pen.lineWidth = 1; pen.beginPath(); pen.moveTo(0, HEAD - 0.5); pen.lineTo(W, HEAD - 0.5); pen.stroke();
    pen.font = `11.5px ${ink.font}`; pen.textBaseline = "alphabetic";
    for (const [s, text, begins] of marked) { pen.fillStyle = begins ? ink.ink : ink.soft; pen.fillText(text, x(s) + 4, 27); pen.strokeStyle = ink.line; pen.beginPath(); pen.moveTo(Math.round(x(s)) + 0.5, 14); pen.lineTo(Math.round(x(s)) + 0.5, HEAD); pen.stroke(); }
    const d = date(Math.max(second(left), 0));
    pen.fillStyle = ink.soft; pen.font = `10.5px ${ink.font}`; if (74 / scale <= 14 * DAY) pen.fillText(`${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`, left + 4, 11);
    demands.due.forEach((s, i) => { const a = x(s); if (a < left || a > W) return; const bad = demands.late[i] > 0 || demands.lost[i] > 0; pen.fillStyle = bad ? ink.warm : ink.other; pen.beginPath(); pen.moveTo(a, HEAD - 1); pen.lineTo(a - 3.5, HEAD - 8); pen.lineTo(a + 3.5, HEAD - 8); pen.fill(); });
  }
  function names(W, H) {
    pen.fillStyle = ink.paper; pen.fillRect(0, 0, left, H);
    pen.strokeStyle = ink.line; pen.lineWidth = 1; pen.beginPath(); pen.moveTo(left - 0.5, 0); pen.lineTo(left - 0.5, H); pen.stroke();
    pen.textBaseline = "middle";
    rows.forEach((r, n) => {
      const y = tops[n] - field.scrollTop, h = rowHigh(data.rows[r]);
      if (y > H || y + h < HEAD) return;
      pen.fillStyle = ink.ink; pen.font = `12px ${ink.font}`;
      const kind = data.rows[r].w;
      pen.fillText(cut(data.rows[r].n, left - 16 - (kind ? 34 : 0)), 6, y + Math.min(h / 2, 14));
      if (kind) { pen.fillStyle = ink.soft; pen.font = `10.5px ${ink.font}`; pen.textAlign = "right"; pen.fillText(kind, left - 8, y + Math.min(h / 2, 14)); pen.textAlign = "left"; }
      pen.strokeStyle = ink.grid; pen.beginPath(); pen.moveTo(0, Math.round(y + h) + 0.5); pen.lineTo(left, Math.round(y + h) + 0.5); pen.stroke();
    });
    pen.fillStyle = ink.paper; pen.fillRect(0, 0, left - 1, HEAD);
    pen.fillStyle = ink.soft; pen.font = `11px ${ink.font}`; pen.fillText("demands due \u25be", 6, HEAD - 8);
    pen.strokeStyle = ink.line; pen.beginPath(); pen.moveTo(0, HEAD - 0.5); pen.lineTo(left, HEAD - 0.5); pen.stroke();
  }
  function arrows() { // from the end of what feeds to the start of what takes it
    pen.save(); pen.beginPath(); pen.rect(left, HEAD, field.clientWidth, field.clientHeight); pen.clip();
    pen.strokeStyle = ink.ink; pen.lineWidth = 1; pen.globalAlpha = 0.75; pen.beginPath();
    let drawn = 0;
    for (const o of lit) for (const k of feeds(o)) {
      const to = links.to[k];
      if (!lit.has(to) || drawn > 400) continue;
      const one = barsOf(o), other = barsOf(to);
      if (!one.length || !other.length) continue;
      const a = one.reduce((m, b) => (bars.start[b] + bars.long[b] > bars.start[m] + bars.long[m] ? b : m), one[0]), b = other.reduce((m, c) => (bars.start[c] < bars.start[m] ? c : m), other[0]);
      if (rows.indexOf(bars.row[a]) < 0 || rows.indexOf(bars.row[b]) < 0) continue;
      const [ax, ay, aw, ah] = place(a), [bx, by, , bh] = place(b);
      pen.moveTo(ax + aw, ay + ah / 2); pen.bezierCurveTo(ax + aw + 14, ay + ah / 2, bx - 14, by + bh / 2, bx, by + bh / 2); drawn += 1;
    }
    pen.stroke(); pen.restore();
  }

  // Pointing and choosing: an order, what feeds it and what it feeds; all else fades.
  const light = (from) => {
    if (!from) { lit = null; marks = []; later(); return; }
    const up = reach(from, fedBy, links.of), down = reach(from, feeds, links.to);
    lit = new Set([...up, ...down]);
    marks = [...new Set([...down].map((o) => orders.for[o]).filter((d) => d >= 0))];
    later();
  };
  const state = (d) => { const l = demands.late[d], n = demands.lost[d]; return `class ${demands.rank[d]}, due ${moment(demands.due[d])}, ${n > 0 ? `${number(n)} never delivered` : l > 0 ? `${number(l)} of ${number(demands.q[d])} late by ${number(demands.days[d] / l)} days on average` : "in time"}`; };
  const about = (o) => `${orders.name[o]}: ${number(orders.q[o])} of ${words(orders.item, o)}${words(orders.site, o) ? ` at ${words(orders.site, o)}` : ""}, ${KINDS[orders.kind[o]]}, ${moment(orders.start[o])} to ${clock(orders.start[o] + orders.long[o])}${orders.long[o] >= DAY ? ` (${long(orders.long[o])})` : ""}`;
  const list = (title, lines) => { if (!lines.length) return []; const p = document.createElement("p"), b = document.createElement("b"); b.textContent = `${title} `; p.append(b, `${lines.slice(0, 8).join("; ")}${lines.length > 8 ? ` and ${(lines.length - 8).toLocaleString("en-US")} more` : ""}.`); return [p]; };
  const tell = (o, d = -1) => {
    const head = document.createElement("p"), strong = document.createElement("b");
    strong.textContent = d < 0 ? about(o) : `${demands.name[d]}: ${number(demands.q[d])} of ${words(orders.item, o)}${words(demands.who, d) ? ` for ${words(demands.who, d)}` : ""}, ${state(d)}`; head.append(strong);
    if (d >= 0) { said.replaceChildren(head, ...list("Delivered:", orders.for.flatMap((f, k) => (f === d ? [`${number(orders.q[k])} by ${orders.name[k]} on ${moment(orders.start[k] + orders.long[k])}`] : []))), ...list("Fed by", [...lit].filter((i) => orders.for[i] < 0 && barsOf(i).length).map((i) => `${orders.name[i]} (${words(orders.item, i)})`))); return; }
    const name = (k, end) => `${number(links.q[k])} by ${orders.name[end[k]]} (${words(orders.item, end[k])})`;
    const from = [...fedBy(o)].map((k) => `${number(links.q[k])} of ${words(orders.item, links.of[k])} from ${orders.name[links.of[k]]}`);
    said.replaceChildren(head, ...list("For", marks.map((d) => `${demands.name[d]}${words(demands.who, d) ? ` of ${words(demands.who, d)}` : ""}, ${state(d)}`)), ...list("Takes", from), ...list("Taken:", [...feeds(o)].map((k) => name(k, links.to))));
  };
  const pin = (o, k = -1) => { pinned = o; chosen = k; if (o === null) { light(hovered === null ? null : [hovered]); said.replaceChildren(hint); } else { light([o]); tell(o); } later(); };
  const hint = said.firstElementChild;
  const at = (e) => {
    const r = canvas.getBoundingClientRect(), px = e.clientX - r.left, py = e.clientY - r.top;
    if (px < left || py < HEAD) return -1;
    const n = tops.findIndex((t, i) => py + field.scrollTop >= t && py + field.scrollTop < t + rowHigh(data.rows[rows[i]]));
    if (n < 0) return -1;
    const row = data.rows[rows[n]], l = Math.floor((py + field.scrollTop - tops[n] - 3) / lane(row)), s = second(px), near = 2 / scale;
    let best = -1;
    for (const k of rowBars(rows[n])) { if (bars.start[k] - bars.change[k] - near > s) break; if (bars.lane[k] === l && bars.start[k] + Math.max(bars.long[k], 3 / scale) + near >= s) best = k; }
    return best;
  };
  canvas.addEventListener("pointermove", (e) => {
    const k = at(e), o = k < 0 ? null : root[bars.order[k]];
    canvas.style.cursor = k < 0 ? "default" : "pointer";
    if (o !== hovered) { hovered = o; if (pinned === null) light(o === null ? null : [o]); }
    tip.hidden = k < 0;
    if (k < 0) return;
    const b = bars.order[k], d = orders.demand[root[b]], lines = [`${words(orders.item, b)} ${orders.name[b]}`, `${number(orders.q[b])} units, ${words(orders.process, b)}`, `${moment(bars.start[k])} to ${moment(bars.start[k] + bars.long[k])}`];
    if (bars.change[k]) lines.push(`set-up${words(bars.set, k) ? ` to ${words(bars.set, k)}` : ""}: ${long(bars.change[k])} before`);
    lines.push(d < 0 ? "for no demand" : `for ${demands.name[d]}, ${orders.late[root[b]] > 0 ? `${long(orders.late[root[b]] * DAY)} late` : "in time"}`);
    tip.replaceChildren(...lines.map((t, i) => { const row = document.createElement(i ? "div" : "b"); row.textContent = t; return row; }));
    const frame_ = box.getBoundingClientRect();
    tip.style.left = `${Math.max(Math.min(e.clientX - frame_.left + 14, frame_.width - tip.offsetWidth - 4), 0)}px`;
    tip.style.top = `${e.clientY - frame_.top + 16}px`;
  });
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; hovered = null; if (pinned === null) light(null); });
  canvas.addEventListener("click", (e) => { const k = at(e); if (k < 0) pin(null); else pin(root[bars.order[k]], k); field.focus({ preventScroll: true }); });
  field.addEventListener("wheel", (e) => { if (!e.ctrlKey && !e.metaKey) return; e.preventDefault(); zoom(e.deltaY < 0 ? 1.25 : 0.8, Math.max(e.clientX - canvas.getBoundingClientRect().left, left)); }, { passive: false });
  field.addEventListener("scroll", later, { passive: true });

  const show = (k) => { // bring a bar into sight
    const n = rows.indexOf(bars.row[k]);
    if (n < 0) return;
    const a = bars.start[k] * scale, b = a + Math.min(bars.long[k] * scale, wide() / 2);
    if (a < field.scrollLeft || b > field.scrollLeft + wide()) field.scrollLeft = a - wide() / 3;
    if (tops[n] < field.scrollTop + HEAD) field.scrollTop = tops[n] - HEAD;
    else if (tops[n] + rowHigh(data.rows[rows[n]]) > field.scrollTop + field.clientHeight) field.scrollTop = tops[n] - field.clientHeight / 2;
  };
  const choose = (k) => { if (k === undefined || k < 0) return; show(k); pin(root[bars.order[k]], k); };
  const step = (by) => { const mine = [...rowBars(bars.row[chosen])]; choose(mine[mine.indexOf(chosen) + by]); };
  const jump = (by) => { for (let n = rows.indexOf(bars.row[chosen]) + by; n >= 0 && n < rows.length; n += by) { const mine = [...rowBars(rows[n])]; if (mine.length) { choose(mine.reduce((m, k) => (Math.abs(bars.start[k] - bars.start[chosen]) < Math.abs(bars.start[m] - bars.start[chosen]) ? k : m), mine[0])); return; } } };
  const firstSeen = () => { for (const r of rows) { const k = [...rowBars(r)].find((b) => bars.start[b] + bars.long[b] >= second(left)); if (k !== undefined) return k; } return -1; };
  const keys = { "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: fit, "[": () => { field.scrollLeft -= wide() / 2; }, "]": () => { field.scrollLeft += wide() / 2; }, Escape: () => pin(null), ArrowRight: () => (chosen < 0 ? choose(firstSeen()) : step(1)), ArrowLeft: () => (chosen < 0 ? choose(firstSeen()) : step(-1)), ArrowDown: () => (chosen < 0 ? choose(firstSeen()) : jump(1)), ArrowUp: () => (chosen < 0 ? choose(firstSeen()) : jump(-1)) };
  field.addEventListener("keydown", (e) => { if (e.ctrlKey || e.metaKey || e.altKey || !keys[e.key]) return; e.preventDefault(); keys[e.key](); });
  box.querySelectorAll("[data-do]").forEach((b) => b.addEventListener("click", () => ({ in: () => zoom(1.5), out: () => zoom(1 / 1.5), fit }[b.dataset.do]())));
  box.querySelector("select").addEventListener("change", (e) => { colour = e.target.value; box.dataset.colour = colour; later(); });
  const check = box.querySelector("input[type=checkbox]");
  if (check) check.addEventListener("change", () => { all = check.checked; lay(); size_(); });
  const input = box.querySelector("input[type=search]");
  const find = () => {
    const text = input.value.trim().toLowerCase();
    if (!text) { pin(null); return; }
    let d = demands.name.findIndex((n) => n.toLowerCase() === text), o = orders.name.findIndex((n) => n.toLowerCase() === text);
    if (d < 0 && o < 0) { d = demands.name.findIndex((n) => n.toLowerCase().includes(text)); o = d < 0 ? orders.item.v.findIndex((v) => orders.item.d[v].toLowerCase().includes(text)) : -1; }
    const from = o >= 0 ? [root[o]] : d >= 0 ? orders.for.flatMap((f, k) => (f === d ? [k] : [])) : [];
    if (!from.length) { said.textContent = d >= 0 ? `${demands.name[d]}: ${state(d)}. Nothing is delivered.` : `No order, demand or item '${input.value}'.`; return; }
    pinned = from[0]; chosen = -1; light(from); if (o < 0 && d >= 0) { marks = [d]; lit = reach(from, fedBy, links.of); tell(from[0], d); } else tell(from[0]);
    const seen = [...lit].flatMap((i) => [...barsOf(i)]).filter((k) => rows.includes(bars.row[k])).sort((a, b) => bars.start[b] - bars.start[a]);
    if (seen.length) { chosen = seen[0]; show(seen[0]); }
    later();
  };
  input.addEventListener("change", find);
  input.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); find(); } if (e.key === "Escape") { input.value = ""; find(); } });

  new ResizeObserver(() => { left = field.clientWidth < 600 ? 104 : 190; if (scale < least()) scale = least(); size_(); }).observe(field);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  lay();
  scale = Math.max(least(), Math.min(most, least() * Math.max(1, (count / Math.max(rows.length, 1)) / 30)));
  paint();
  size_();
  field.scrollLeft = Math.max(bars.start.reduce((least_, s, k) => (rows.includes(bars.row[k]) ? Math.min(least_, s - bars.change[k]) : least_), data.end) * scale - 20, 0);
  box.gantt = { draw, zoom, pin, choose, find, bars, orders, get lit() { return lit; } };
})();
