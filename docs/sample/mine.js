/* The page "My paper": the week in this reader's order. order.js thinks, in a worker where there may be
 * one; choose.js keeps what it goes by. Nothing moves by itself: who marks something here sees it count
 * when they ask for the order again.
 */
"use strict";
(() => {
  const paper = globalThis.SundayPaper;
  const { keep } = paper;
  const home = document.getElementById("mine");
  const { week } = home.dataset;
  const list = document.getElementById("mine-list");
  if (!week || !list) return;
  const told = document.getElementById("mine-told");
  const more = document.getElementById("mine-more");
  const again = document.getElementById("mine-again");
  const root = new URL(".", document.currentScript.src);
  const MANY = 25; // lines at a time
  const MOST = 200; // lines in all; the list of all entries has the rest
  const BEFORE = 6; // weeks whose files are read for marks that were made elsewhere, at most
  const FEW = 5; // lines between two pauses
  const SLICE = 8; // milliseconds of work at a time where there is no worker

  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  // ---------------------------------------------------------------- what it goes by

  /** Thumbs, and stars of what has no thumb, as marks. */
  function marks() {
    const thumbs = keep.thumbs();
    const rated = new Set(thumbs.map(({ id }) => id));
    const stars = keep.list("star").filter(({ id }) => !rated.has(id)).map((star) => ({ ...star, value: 1, star: true }));
    return [...thumbs, ...stars];
  }

  /** Which entries of the week answer each question; what cannot be asked is told. */
  async function shown() {
    const asked = paper.questions();
    if (!asked.length) return [];
    const found = [];
    try {
      const archive = await paper.opened();
      for (const { name, query } of asked) {
        const { shown: has } = await archive.ofWeek(query, week);
        if (has) found.push({ name, has });
      }
    } catch (bad) {
      paper.tell(`People, queries and editions do not count just now: ${bad.message}.`);
    }
    return found;
  }

  async function ask() {
    const without = [...document.querySelectorAll("#first [data-id]")].map((line) => line.dataset.id);
    return { week, marks: marks(), topics: keep.list("topic"), venues: keep.list("venue"), shown: await shown(), without, many: MOST };
  }

  const file = (at) => `issues/${at}/taste.js`;

  /** The files of this week and of those in which something was marked that lacks its direction. */
  function files(wanted) {
    const lacking = wanted.filter(({ vector, week: at }) => !vector && /^\d{4}-W\d\d$/.test(at ?? "")).map(({ week: at }) => at);
    const others = [...new Set(lacking)].filter((at) => at !== week).sort().reverse();
    return [week, ...others.slice(0, BEFORE)].map(file);
  }

  // ---------------------------------------------------------------- who thinks

  let worker = null;

  /** A file of an earlier week may be gone; then its marks count by nothing. */
  function byWorker(asked) {
    worker ??= new Worker(new URL("order.js", root));
    const sources = files(asked.marks).map((path) => new URL(path, root).href);
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data));
      worker.onerror = reject;
      worker.postMessage({ sources, ask: asked });
    });
  }

  async function byScripts(asked) {
    await paper.load("order.js");
    const [own, ...others] = files(asked.marks);
    await paper.load(own);
    for (const path of others) await paper.load(path).catch(() => {});
    const filled = paper.fill(asked.marks);
    const steps = paper.order({ ...asked, marks: filled.filter((mark) => mark.topics) });
    let until = performance.now() + SLICE;
    let step = steps.next();
    while (!step.done) {
      if (performance.now() >= until) {
        await new Promise((resume) => setTimeout(resume));
        until = performance.now() + SLICE;
      }
      step = steps.next();
    }
    return { order: step.value, marks: filled };
  }

  /** A page on a disk may start no worker, and some hosts forbid it. */
  async function think(asked) {
    if (location.protocol === "file:" || !globalThis.Worker) return byScripts(asked);
    return byWorker(asked).catch(() => byScripts(asked));
  }

  /** Marks keep what was found of them, so that they count when their week's file is gone. */
  function remember(filled) {
    const changes = {};
    for (const { star, vector, axes, topics, id } of filled) {
      const key = `${star ? "star" : "thumb"}:${id}`;
      const { at, ...item } = keep.get(key) ?? {};
      if (vector && at !== undefined && !item.vector) changes[key] = { ...item, vector, axes, topics };
    }
    if (Object.keys(changes).length) keep.put(changes);
  }

  // ---------------------------------------------------------------- the list

  const nameOf = (topic) => home.querySelector(`[name="topic"][value="${CSS.escape(topic)}"]`)?.dataset.name ?? topic;

  function titled({ id, title, url, page }) {
    const own = page && id.startsWith("arxiv:") ? new URL(`e/${id.replace(/[:/]/g, "-")}/index.html`, root).href : "";
    const href = own || (/^https?:/i.test(url) ? url : "");
    return href ? make("a", { href }, title) : title;
  }

  function why({ chosen, like, outside }) {
    if (outside) return make("p", { class: "why" }, make("b", {}, "Outside your taste"), ": among the best of the week for everybody.");
    const parts = [...(chosen.length ? [`chosen: ${chosen.join(", ")}`] : []), ...(like ? [`like “${like}”`] : [])];
    return parts.length ? make("p", { class: "why" }, make("b", {}, "Why "), parts.join("; ")) : "";
  }

  function line(one) {
    const { entry } = one;
    const names = entry.authors.join(", ") + (entry.more ? ` and ${entry.more} more` : "");
    const place = make("span", { class: "marks" });
    const { page, claims, vector, axes, topics, ...rest } = entry;
    paper.marks.put(place, { ...rest, vector, axes, topics, page: page && entry.id.startsWith("arxiv:") ? `e/${entry.id.replace(/[:/]/g, "-")}/index.html` : "" });
    return make("li", {}, make("article", {},
      make("h3", {}, titled(entry)),
      make("p", { class: "by" }, entry.kind === "paper" ? names : [names, entry.source].filter(Boolean).join(" · ")),
      ...claims.map(([, says]) => make("p", { class: "claim" }, "the authors say: ", make("b", {}, says))),
      why(one),
      make("p", { class: "foot" }, make("span", {}, topics.map(nameOf).join(" · ")), place)));
  }

  // ---------------------------------------------------------------- from a visit to the list

  let turn = 0;
  let rest = []; // what is in order and not shown yet

  function say(order) {
    const { marks: marked, count } = order;
    const by = marked ? `By ${paper.number(marked)} ${marked === 1 ? "mark" : "marks"} of yours` : "By what is best for everybody, until you mark or choose something";
    told.textContent = `${by}; ${paper.number(count)} entries.`;
  }

  /** The next lines, a few at a time, so that a slow device answers between them; the first of them. */
  async function showMore() {
    const mine = turn;
    const next = rest.splice(0, MANY);
    let first = null;
    for (let at = 0; at < next.length && mine === turn; at += FEW) {
      const lines = next.slice(at, at + FEW).map(line);
      list.append(...lines);
      first ??= lines[0];
      await new Promise((resume) => setTimeout(resume));
    }
    more.hidden = !rest.length;
    return first;
  }

  async function begin() {
    const mine = ++turn;
    list.setAttribute("aria-busy", "true");
    told.textContent = "Putting the week in order …";
    try {
      const { order, marks: filled } = await think(await ask());
      if (mine !== turn) return;
      rest = order.entries;
      list.replaceChildren();
      await showMore();
      remember(filled);
      say(order);
    } catch (bad) {
      told.textContent = `The week could not be put in order: ${bad.message}. Reload the page to try again.`;
    }
    list.setAttribute("aria-busy", "false");
  }

  again.addEventListener("click", begin);
  more.addEventListener("click", async () => (await showMore())?.querySelector("a")?.focus({ preventScroll: true }));
  document.getElementById("mine-choices").addEventListener("toggle", ({ target }) => !target.open && begin());
  begin();
})();
