/* The filter box over a list. Without this script the page has no box and loses nothing.
 *
 *   <div class="filter" data-filter=".ring li" data-week="2026-W10"></div>
 *
 * data-filter  the lines, as a selector
 * data-week    on a line, or on the box for all of them: the week in which the archive holds the line's
 *              entry, or the folder of a list that has an index of its own
 * data-n       on a line: which entry of that it is, from 0; without it the line's own number
 * data-group   on what goes when it holds no line that is shown, as do links to its id
 * data-count   on what says how many lines its group holds, or the group of that id
 */
(function () {
  "use strict";

  const box = document.querySelector("[data-filter]");
  if (!box) return;

  const ROOT = new URL(".", document.currentScript.src);
  const QUIET = 300; // milliseconds without a key before the count is told and the address written
  const OFFERED = 3; // other queries, where nothing is found
  const SLOW = 100; // milliseconds after which a reader is told that an answer is loading
  const SLICE = 8; // milliseconds of work at a time where there is no worker
  const LOADING = "Loading what this filter looks at …";
  const NEAR = 200; // lines that are laid out at once; the lists behind them when they come near
  const EXAMPLES = [
    ["\"flow matching\"", "a phrase in the title or the abstract"],
    ["diffu* -survey", "words that begin so, and without a word"],
    ["benchmark OR \"data set\"", "one or the other, in singular and plural; in quotes as written"],
    ["venue:cvpr status:accepted track:main", "what the authors claim, of one and the same venue"],
    ["venue:\"CVPR 2026\" -has:code", "a venue with its year, and what has no code"],
    ["author:\"W. Li\" cat:cs.CV", "an author, and a category of arXiv"],
    ["topic:vision has:code -(kind:post OR ring:field)", "a topic, with code, and neither a post nor the field"],
  ];

  const number = new Intl.NumberFormat("en");
  const all = [...document.querySelectorAll(box.dataset.filter)];
  const places = all.map((line, n) => [
    line.dataset.week || box.dataset.week,
    Number(line.dataset.n || n),
  ]);

  // ---------------------------------------------------------------- the box

  function make(tag, values = {}, ...children) {
    const made = Object.assign(document.createElement(tag), values);
    made.append(...children);
    return made;
  }

  const input = make("input", {
    id: "filter-query",
    type: "search",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: false,
    enterKeyHint: "done",
  });
  const clear = make("button", { type: "button", textContent: "Clear", hidden: true });
  const told = make("p", { id: "filter-told", className: "told" });
  const slip = make("p", { className: "slip", hidden: true });
  const form = make(
    "form",
    {},
    make("label", { htmlFor: "filter-query", textContent: "Filter" }),
    make("div", { className: "query" }, input, clear),
    slip,
    make("div", { className: "below" }, told, help()),
  );
  const onPaper = make("p", { className: "on-paper" });
  told.setAttribute("role", "status");
  slip.setAttribute("aria-hidden", "true"); // told says the same in words
  form.setAttribute("role", "search");
  input.setAttribute("aria-describedby", told.id);

  function help() {
    const rows = EXAMPLES.map(([query, says]) => {
      const example = make("button", { type: "button", textContent: query });
      example.addEventListener("click", () => write(query));
      return make("li", {}, example, ` ${says}`);
    });
    const fields = "title topic venue year track status presentation ring kind author cat source group id has week since until";
    return make(
      "details",
      {},
      make("summary", { textContent: "How to ask" }),
      make("p", { textContent: "Words are looked for in titles and abstracts, and all must be there. OR, NOT and - in front of a word, quotes and parentheses work, and * ends a word early." }),
      make("ul", {}, ...rows),
      make("p", { textContent: `The fields: ${fields.replaceAll(" ", ", ")}.` }),
      make("p", { textContent: "A venue goes by any of its names, with its year if you like; week: is the week in which an entry stands, wherever it was printed later." }),
    );
  }

  // ---------------------------------------------------------------- the lines

  const groups = [...document.querySelectorAll("[data-group]")].map((element) => ({
    element,
    lines: [],
    counts: [...document.querySelectorAll("[data-count]")].filter((count) =>
      count.dataset.count ? count.dataset.count === element.id : count.closest("[data-group]") === element,
    ),
    links: element.id ? [...document.querySelectorAll(`a[href="#${CSS.escape(element.id)}"]`)] : [],
  }));

  const groupOf = new Map(groups.map((group) => [group.element, group]));
  all.forEach((line, n) => {
    for (let up = line.closest("[data-group]"); up; up = up.parentElement.closest("[data-group]")) {
      groupOf.get(up).lines.push(n);
    }
  });

  function hide(element, hidden) {
    if (element.hidden !== hidden) element.hidden = hidden;
  }

  /** Shows the lines that are not 0 in shown, or all; returns how many. */
  function show(shown) {
    const is = (n) => !shown || shown[n] === 1;
    const ahead = [];
    let total = 0;
    all.forEach((line, n) => {
      ahead.push(total);
      hide(line, !is(n));
      if (is(n)) total++;
    });
    for (const { element, lines, counts, links } of groups) {
      const left = lines.filter(is).length;
      for (const one of [element, ...links]) hide(one, !left);
      for (const count of counts) count.textContent = number.format(left);
      element.style.setProperty("--lines", left);
      element.classList.toggle("far", ahead[lines[0]] > NEAR);
    }
    return total;
  }

  /** Who has scrolled down sees the first of what is left, not the end of it. */
  function reveal() {
    const first = (groups.length ? groups.map((group) => group.element) : all).find((one) => !one.hidden);
    const end = box.getBoundingClientRect().bottom;
    if (first && first.getBoundingClientRect().top < end) first.scrollIntoView();
  }

  // ---------------------------------------------------------------- who answers

  const lists = [...new Set(places.map(([list]) => list))];
  const sources = lists.map((folder) => new URL(`${folder}/index.js`, ROOT).href);

  async function byWorker() {
    const worker = new Worker(new URL("worker.js", ROOT));
    const ask = (message) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = reject;
        worker.postMessage(message);
      });
    const { failed } = await ask({ sources, lines: places });
    if (failed) {
      worker.terminate();
      throw new Error(failed);
    }
    return (query) => ask({ query });
  }

  function load(src) {
    return new Promise((resolve, reject) => {
      document.head.append(make("script", { src, onload: resolve, onerror: reject }));
    });
  }

  async function byScripts() {
    for (const name of ["query.js", "vocabulary.js", "worker.js"]) await load(new URL(name, ROOT));
    for (const src of sources) await load(src);
    const paper = globalThis.SundayPaper;
    const cards = [];
    let until = performance.now() + SLICE;
    for (const card of paper.deal(places)) {
      cards.push(card);
      if (performance.now() < until) continue;
      await new Promise((resume) => setTimeout(resume));
      until = performance.now() + SLICE;
    }
    return async (query) => paper.answer(query, cards);
  }

  /** The archive is asked word by word: nothing but what a query looks at is loaded. */
  async function byArchive() {
    for (const src of ["query.js", "vocabulary.js", "archive.js"]) await load(new URL(src, ROOT));
    const { archive } = globalThis.SundayPaper;
    await archive.open(ROOT);
    const ask = async (query) => {
      const answers = await Promise.all(lists.map((week) => archive.ofWeek(query, week)));
      if (answers[0].error) return answers[0];
      const of = new Map(lists.map((week, at) => [week, answers[at].shown]));
      return { shown: Uint8Array.from(places, ([week, n]) => of.get(week)[n]) };
    };
    return async (query) => {
      const late = setTimeout(() => waiting(true), SLOW);
      try {
        const { error, shown } = await ask(query);
        return error ? { error } : { shown, offers: await offers(query, ask, shown.includes(1)) };
      } finally {
        clearTimeout(late);
        waiting(false);
      }
    };
  }

  /** As worker.js offers them of a list that is at hand: what was meant, and what a part less would find. */
  async function offers(query, ask, found) {
    const paper = globalThis.SundayPaper;
    const meant = paper.hints(query).map((hint) => ({ says: `${hint.message}; did you mean`, query: hint.query }));
    if (found) return meant;
    const { tree } = paper.parse(query);
    const looser = [...paper.looser(tree), ...paper.byAuthor(tree)].map(async ([says, other]) => {
      const { shown } = await ask(paper.written(other));
      return { says, query: paper.written(other), count: shown.reduce((sum, one) => sum + one, 0) };
    });
    const tried = (await Promise.all(looser)).filter((one) => one.count);
    return [...meant, ...tried.sort((one, other) => other.count - one.count).slice(0, OFFERED)];
  }

  /** A page on a disk may start no worker, and some hosts forbid it. */
  async function open() {
    if (!lists.some((list) => list.includes("/"))) return byArchive();
    if (location.protocol === "file:" || !globalThis.Worker) return byScripts();
    return byWorker().catch(byScripts);
  }

  let opening = null;
  function opened() {
    if (!opening) {
      waiting(true);
      opening = open().finally(() => waiting(false));
    }
    return opening;
  }

  /** On a slow line the index takes seconds: who waits is told that something comes. */
  function waiting(on) {
    box.setAttribute("aria-busy", String(on));
    if (on) told.textContent = LOADING;
    else if (told.textContent === LOADING) told.textContent = "";
  }

  // ---------------------------------------------------------------- from a key to the lines

  let wanted = null; // the newest query, until somebody works on it
  let busy = false;
  let timer = 0;

  async function work() {
    if (busy) return;
    busy = true;
    while (wanted !== null) {
      const query = wanted;
      wanted = null;
      await settle(query).catch(async () => {
        opening = null;
        show(null);
        onPaper.textContent = "";
        await unveil();
        tell("The index of this list did not load, so nothing is filtered. Reload the page to try again.");
      });
    }
    busy = false;
  }

  function veil(on) {
    document.documentElement.classList.toggle("veiled", on);
  }

  /** What is unseen takes its new place in one frame and is seen in the next: so nothing seen moves. */
  async function unveil() {
    if (!document.documentElement.classList.contains("veiled")) return;
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    veil(false);
  }

  async function settle(query) {
    const { error, shown, offers = [] } = query.trim() ? await (await opened())(query) : {};
    if (wanted !== null) return; // somebody typed on
    if (error) return tell(`Column ${error.column}: ${error.message}`, query, error.column, meant(error));
    const count = show(shown);
    await unveil();
    if (document.activeElement === input) reveal();
    onPaper.textContent = query.trim() && `Filtered by ${query.trim()}: ${number.format(count)} of ${number.format(all.length)}`;
    box.dispatchEvent(new CustomEvent("filtered", { detail: { query, count } }));
    const counted = `${number.format(count)} of ${number.format(all.length)}`;
    tell(counted, query, 0, count ? offers.map(offered) : [...offers.map(offered), elsewhere(query)]);
  }

  /** Another query as a button: what it is, and how many lines it would leave. */
  function offered({ says, query, count }) {
    const asks = make("button", { type: "button", textContent: count ? `${says}: ${number.format(count)}` : query });
    asks.addEventListener("click", () => write(query));
    return count ? asks : make("span", {}, `${says} `, asks);
  }

  /** What a slip was meant for. */
  function meant({ offer }) {
    return offer ? [offered({ says: "Ask", query: offer })] : [];
  }

  /** Where nothing is found, all weeks may hold it. */
  function elsewhere(query) {
    const search = new URL("search/index.html", ROOT);
    search.searchParams.set("q", query);
    return make("a", { href: search.href, textContent: "Search all weeks" });
  }

  /** Says it once the keys rest; what a slip looks like goes at once when it is mended. */
  function tell(text, query = "", column = 0, next = []) {
    clearTimeout(timer);
    if (!column) mark("", 0);
    timer = setTimeout(() => {
      told.replaceChildren(text, ...next.flatMap((one) => [" · ", one]));
      mark(query, column);
      unveil();
      keep();
    }, QUIET);
  }

  /** The query with its column marked; column 0 takes the mark away. */
  function mark(query, column) {
    hide(slip, !column);
    if (!column) return input.removeAttribute("aria-invalid");
    input.setAttribute("aria-invalid", "true");
    const letters = Array.from(query);
    const at = letters[column - 1];
    const before = letters.slice(Math.max(0, column - 41), column - 1).join("");
    const here = make("mark", { textContent: at && at.trim() ? at : "\u00a0" });
    slip.replaceChildren(column > 41 ? "…" : "", before, here, letters.slice(column, column + 20).join(""));
  }

  // ---------------------------------------------------------------- the address

  function keep() {
    const asked = new URLSearchParams(location.search);
    asked.delete("q");
    if (input.value.trim()) asked.set("q", input.value);
    const text = asked.toString().replaceAll("%3A", ":");
    const hash = location.hash.startsWith("#q=") ? "" : location.hash;
    try {
      history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}${hash}`);
    } catch {
      location.replace(`#${text}`); // where a page on a disk may not change its own address
    }
  }

  function kept() {
    const hash = location.hash.startsWith("#q=") ? location.hash.slice(1) : "";
    return new URLSearchParams(location.search).get("q") ?? new URLSearchParams(hash).get("q") ?? "";
  }

  // ---------------------------------------------------------------- keys and taps

  function changed() {
    wanted = input.value;
    hide(clear, !wanted);
    work();
  }

  function write(query) {
    input.value = query;
    input.focus();
    changed();
  }

  input.addEventListener("input", changed);
  input.addEventListener("focus", () => opened().catch(() => (opening = null)));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !input.value) return;
    event.preventDefault();
    write("");
  });
  clear.addEventListener("click", () => write(""));
  form.addEventListener("submit", (event) => event.preventDefault());
  box.append(form, onPaper);
  input.value = kept();
  if (input.value) {
    veil(true); // else the whole list would stand there first, and move
    changed();
  }
})();
