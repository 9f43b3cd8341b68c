"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("live");
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const PAGE = 25;

  // Light and dark: the system's choice until the reader makes one.
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("tandemplan-theme"); } catch { return null; } };
  const isDark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const showTheme = () => { button.textContent = isDark() ? "Light" : "Dark"; button.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`); button.setAttribute("aria-pressed", String(isDark())); };
  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("tandemplan-theme", root.dataset.theme); } catch { /* a page from disk may keep nothing */ }
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();

  // Words for cells: the same on the page and, with full digits and ISO days, in what is copied and saved.
  const number = (v) => { const size = Math.abs(v); return v.toLocaleString("en-US", { maximumFractionDigits: size >= 100 ? 0 : size >= 1 ? 1 : 4 }); };
  const money = (v) => { const digits = Math.abs(v) >= 100 || v === 0 ? 0 : 2; return v.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }); };
  const date = (v) => { const d = new Date(v * 864e5); return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`; };
  const share = (v) => `${(100 * v).toFixed(1).replace(/\.0$/, "")} %`;
  const change = (v) => (Math.abs(v) < 5e-4 ? "=" : (v > 0 ? "+" : "\u2212") + number(Math.abs(v)));
  const words = { date, money, share, change, number };
  const isText = (c) => c.k === "text" || c.k === "figure";
  const shown = (c, i) => { const v = c.v[i]; return v === null ? "" : isText(c) ? c.d[v] : words[c.k](v); };
  const raw = (c, i) => { const v = c.v[i]; return v === null ? "" : isText(c) ? c.d[v] : c.k === "date" ? new Date(v * 864e5).toISOString().slice(0, 10) : String(v); };
  const heading = (c) => (c.u ? `${c.n} (${c.u})` : c.n);

  class Table {
    constructor(box) {
      this.box = box;
      this.columns = JSON.parse(box.querySelector("script").textContent);
      this.total = this.columns[0].v.length;
      this.order = Array.from({ length: this.total }, (_, i) => i);
      this.kept = this.order;
      this.start = 0;
      this.size = Math.max(PAGE, 0);
      this.input = box.querySelector("input");
      this.heads = [...box.querySelectorAll("thead th")];
      this.heads.forEach((th, c) => th.querySelector("button").addEventListener("click", () => this.sort(c)));
      this.input.addEventListener("input", () => this.filter());
      this.input.addEventListener("keydown", (e) => { if (e.key === "Escape") { this.input.value = ""; this.filter(); } });
      box.querySelector("[data-do=copy]").addEventListener("click", (e) => this.copy(e.target));
      box.querySelector("[data-do=save]").addEventListener("click", () => this.save());
      this.first = Math.min(Number(box.dataset.shown), PAGE);
      this.size = this.first;
      this.say();
      this.page();
    }
    texts() {
      this.lower ||= this.order.map((_, i) => i).map((i) => this.columns.map((c) => `${shown(c, i)} ${c.k === "date" ? raw(c, i) : ""}`).join("\n").toLowerCase());
      return this.lower;
    }
    sort(c) {
      const th = this.heads[c];
      const down = th.getAttribute("aria-sort") ? th.getAttribute("aria-sort") === "ascending" : false;
      this.heads.forEach((h) => h.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const column = this.columns[c];
      const rank = isText(column) ? this.ranks(column) : column.v;
      const sign = down ? -1 : 1;
      const key = (i) => (isText(column) ? rank[column.v[i]] : rank[i]);
      this.order = [...this.order].sort((a, b) => { const x = key(a), y = key(b); return x === null ? (y === null ? 0 : 1) : y === null ? -1 : sign * (x - y) || 0; });
      this.filter();
    }
    ranks(column) {
      const by = new Intl.Collator("en", { numeric: true }).compare;
      const ranked = column.d.map((_, i) => i).sort((a, b) => by(column.d[a], column.d[b]));
      const found = [];
      ranked.forEach((d, place) => { found[d] = place; });
      return found;
    }
    filter() {
      const words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const texts = words.length ? this.texts() : null;
      this.kept = texts ? this.order.filter((i) => words.every((w) => texts[i].includes(w))) : this.order;
      this.start = 0;
      this.size = PAGE;
      this.draw();
    }
    draw() {
      const body = document.createElement("tbody");
      for (const i of this.kept.slice(this.start, this.start + this.size)) {
        const row = body.insertRow();
        this.columns.forEach((c, n) => {
          const cell = n ? row.insertCell() : row.appendChild(document.createElement("th"));
          const text = shown(c, i) || (n ? "" : "\u2013");
          if (!n) { cell.scope = "row"; cell.className = text.length <= 24 ? "w" : "t"; }
          else if (c.k !== "text") cell.className = c.k === "date" ? "w" : "n";
          else cell.className = text.length <= 16 ? "w" : "t";
          cell.appendChild(document.createElement("bdi")).textContent = text;
        });
      }
      if (!this.kept.length) { const cell = body.insertRow().insertCell(); cell.colSpan = this.columns.length; cell.textContent = "No row holds all these words."; }
      this.box.querySelector("tbody").replaceWith(body);
      this.say();
      this.page();
    }
    say() {
      const all = this.total.toLocaleString("en-US");
      this.box.querySelector(".count").textContent = `${this.kept.length.toLocaleString("en-US")} of ${all}`;
    }
    page() {
      const pager = this.box.querySelector(".pager");
      const last = Math.min(this.start + this.size, this.kept.length);
      if (this.kept.length <= this.size && !this.start) { pager.replaceChildren(); return; }
      const go = (words, to, size) => { const b = document.createElement("button"); b.type = "button"; b.textContent = words; b.disabled = to === null; b.addEventListener("click", () => { this.start = to; this.size = size; this.draw(); this.box.querySelector(".pager button:enabled")?.focus(); }); return b; };
      const words = document.createElement("span");
      words.textContent = `rows ${(this.start + 1).toLocaleString("en-US")} to ${last.toLocaleString("en-US")} of ${this.kept.length.toLocaleString("en-US")}`;
      const parts = [go("Earlier", this.start > 0 ? Math.max(this.start - PAGE, 0) : null, PAGE), words, go("Later", last < this.kept.length ? last : null, PAGE)];
      if (this.kept.length <= 500) parts.push(go("All", this.size < this.kept.length ? 0 : null, 500));
      pager.replaceChildren(...parts);
    }
    lines(join, quote) { return [this.columns.map((c) => quote(heading(c))).join(join), ...this.kept.map((i) => this.columns.map((c) => quote(raw(c, i), isText(c))).join(join))]; }
    copy(from) {
      const text = this.lines("\t", (t) => t.replace(/[\t\r\n]+/g, " ")).join("\n");
      const done = () => { from.textContent = "Copied"; setTimeout(() => { from.textContent = "Copy"; }, 1500); };
      const old = () => { const area = document.createElement("textarea"); area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove(); from.focus(); done(); };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, old); else old();
    }
    save() {
      // A spreadsheet would run a text that begins like a formula: an apostrophe keeps it a text.
      const quote = (t, text) => { const safe = text && /^[=+\-@\t\r]/.test(t) ? `'${t}` : t; return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe; };
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff", this.lines(",", quote).join("\r\n"), "\r\n"], { type: "text/csv" }));
      link.download = `${this.box.id}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }
  }

  // Tables wake when they come into sight: the page opens at once however long they are.
  const tables = new Map();
  const wake = (box) => { if (!tables.has(box)) tables.set(box, new Table(box)); return tables.get(box); };
  const boxes = [...document.querySelectorAll(".data")];
  const watch = new IntersectionObserver((seen) => seen.forEach((s) => { if (s.isIntersecting) { wake(s.target); watch.unobserve(s.target); } }), { rootMargin: "600px" });
  boxes.forEach((box) => watch.observe(box));

  // Pointing at a chart over time tells the row of its numbers that stands there.
  for (const svg of document.querySelectorAll("svg[data-track]")) {
    const figure = svg.closest("figure");
    const track = svg.dataset.track.trim().split(" ").map(Number);
    const heads = [...figure.querySelectorAll("thead th")].map((h) => h.textContent);
    const rows = figure.querySelectorAll("tbody tr");
    const line = document.createElementNS(svg.namespaceURI, "path");
    line.setAttribute("class", "pointer");
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true");
    figure.append(tip);
    const hide = () => { tip.hidden = true; line.remove(); };
    svg.addEventListener("pointermove", (e) => {
      const box = svg.getBoundingClientRect(), frame = figure.getBoundingClientRect();
      const x = ((e.clientX - box.left) * svg.viewBox.baseVal.width) / box.width;
      const at = track.reduce((best, t, i) => (Math.abs(t - x) < Math.abs(track[best] - x) ? i : best), 0);
      line.setAttribute("d", `M${track[at]},26 V${svg.viewBox.baseVal.height - 28}`);
      if (!line.isConnected) svg.append(line);
      const [first, ...rest] = [...rows[at].children].map((c) => c.textContent);
      const title = document.createElement("b");
      title.textContent = `${heads[0]} ${first}`;
      tip.replaceChildren(title, ...rest.map((text, i) => { const row = document.createElement("div"); row.textContent = `${heads[i + 1]}: ${text}`; return row; }));
      tip.hidden = false;
      const left = box.left - frame.left + (track[at] / svg.viewBox.baseVal.width) * box.width;
      tip.style.left = `${left + tip.offsetWidth + 14 > frame.width ? Math.max(left - tip.offsetWidth - 10, 0) : left + 10}px`;
      tip.style.top = `${box.top - frame.top + 34}px`;
    });
    svg.addEventListener("pointerleave", hide);
    document.addEventListener("keydown", (e) => { if (e.key === "Escape") hide(); });
  }

  // "/" goes to the filter of the table nearest to the middle of the window.
  document.addEventListener("keydown", (e) => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName)) return;
    const middle = innerHeight / 2;
    const far = (box) => { const r = box.getBoundingClientRect(); return r.top > middle ? r.top - middle : r.bottom < middle ? middle - r.bottom : 0; };
    const open = boxes.filter((box) => box.offsetParent && !box.querySelector(".tools").hidden).sort((a, b) => far(a) - far(b));
    if (!open.length) return;
    e.preventDefault();
    wake(open[0]).input.focus();
  });

  // The navigation marks the section that is read: the last one that has come up to the bar; at the end of the page the last.
  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const parts = [...document.querySelectorAll("main > [id]")].filter((s) => links.has(s.id));
  let marked = null, asked = false;
  const mark = () => {
    asked = false;
    const ended = scrollY > 0 && scrollY + innerHeight >= root.scrollHeight - 2;
    const read = ended ? parts.at(-1) : parts.filter((s) => s.getBoundingClientRect().top <= 120).at(-1) || parts[0];
    if (read === marked) return;
    links.forEach((a) => a.removeAttribute("aria-current"));
    links.get(read.id).setAttribute("aria-current", "true");
    marked = read;
  };
  const later = () => { if (!asked) { asked = true; requestAnimationFrame(mark); } };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  mark();
  document.body.dataset.ready = "1";
})();
