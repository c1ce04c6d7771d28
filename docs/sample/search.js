/* The search page: asks the archive of all weeks, and lists what it finds: ten lines, then twenty at a time. */
"use strict";
(() => {
  const form = document.getElementById("search-form");
  if (!form) return;

  const ROOT = new URL(".", document.currentScript.src);
  const FIRST = 10; // lines: each lies in a file of its own where few entries are found
  const PAGE = 20;
  const TAKEN = 500; // entries that are taken along at most: each lies in a block of its own
  const QUIET = 300; // milliseconds without a key before the query is asked
  const SHOWN_AUTHORS = 3;
  const DAY = 86400000;
  const MONTHS = "January February March April May June July August September October November December".split(" ");
  const AWARDS = { best_paper: "best paper", finalist: "best paper finalist" };
  const VERBS = { accepted: "", submitted: "submitted to ", rejected: "rejected at ", withdrawn: "withdrawn from " };
  const paper = globalThis.SundayPaper;
  const archive = paper.archive;
  const number = new Intl.NumberFormat("en");

  const by = (id) => document.getElementById(id);
  const [input, slip, told, list, steps, more] = ["q", "search-slip", "search-told", "found-list", "found-steps", "found-more"].map(by);
  const [order, home] = ["order", "found"].map(by);
  const selects = [...form.querySelectorAll("[data-field]")];

  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  // ---------------------------------------------------------------- what is meant

  const ID = String.raw`(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?`;
  const PASTED = new RegExp(String.raw`^(?:arxiv:|(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html)/)?${ID}(?:\.pdf)?/?(?:[?#]\S*)?$`, "i");
  const OPERATORS = new RegExp(String.raw`["“”„«»()*]|(?:^|\s)(?:OR|AND|NOT|[-–—!]\S+)(?:\s|$)|(?:^|\s)[a-z]+:\S`);
  const TITLE_WORDS = 4;

  /** The queries that a text may mean, the likeliest first: a number, a title, or what it says. */
  const meanings = (text) => {
    const id = PASTED.exec(text);
    if (id) return [`id:${id[1]}`];
    const words = paper.fold(text).split(" ");
    return words.length < TITLE_WORDS || OPERATORS.test(text) ? [text] : [`title:"${words.join(" ")}"`, text];
  };

  // ---------------------------------------------------------------- what is printed of an entry

  const names = Object.fromEntries(selects.map((one) => [one.dataset.field, new Map([...one.options].map((option) => [option.value, option.text]))]));

  const day = (at, year) => `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${year ? ` ${at.getUTCFullYear()}` : ""}`;

  /** The days of a week: 2 to 8 March 2026. */
  const days = (week) => {
    const [year, at] = week.split("-W").map(Number);
    const fourth = Date.UTC(year, 0, 4);
    const first = new Date(fourth + ((at - 1) * 7 - ((new Date(fourth).getUTCDay() + 6) % 7)) * DAY);
    const last = new Date(first.getTime() + 6 * DAY);
    if (first.getUTCFullYear() !== last.getUTCFullYear()) return `${day(first, true)} to ${day(last, true)}`;
    return `${first.getUTCMonth() === last.getUTCMonth() ? first.getUTCDate() : day(first)} to ${day(last, true)}`;
  };

  const claimed = ([venue, year, track, status, presentation]) => {
    const name = names.venue?.get(venue) ?? (venue.startsWith("other:") ? venue.slice(6) : venue.toUpperCase());
    const words = [VERBS[status] + name, year ?? "", track === "main" ? "" : track, AWARDS[presentation] ?? presentation ?? ""];
    return words.filter(Boolean).join(" ");
  };

  const authors = (all) => {
    if (all.length > SHOWN_AUTHORS) return `${all.slice(0, SHOWN_AUTHORS).join(", ")} and ${all.length - SHOWN_AUTHORS} more`;
    return all.length > 1 ? `${all.slice(0, -1).join(", ")} and ${all.at(-1)}` : (all[0] ?? "");
  };

  const link = (to, text) => (to ? make("a", { href: to }, text) : text);
  const at = (path) => new URL(path, ROOT).href;

  const line = (one) => {
    const to = one.page ? at(one.page) : /^https?:/.test(one.url) ? one.url : "";
    const topics = one.topics.map((topic) => (names.topic.has(topic) ? link(at(`topics/${topic}/index.html`), names.topic.get(topic)) : topic));
    const foot = [link(at(`issues/${one.issue}/all/index.html`), days(one.issue)), ...topics, ...(one.has.includes("code") ? ["code"] : [])];
    return make("li", {}, make("article", {},
      make("h3", { dir: "auto" }, link(to, one.title)),
      make("p", { class: "by" }, [authors(one.authors), one.kind === "paper" || one.authors.includes(one.source) ? "" : one.source].filter(Boolean).join(" · ")),
      ...one.claims.slice(0, 2).map((claim) => make("p", { class: "claim" }, "the authors say: ", make("b", {}, claimed(claim)))),
      ...(one.gist ? [make("blockquote", { dir: "auto" }, `“${one.gist}”`)] : []),
      make("p", { class: "foot" }, make("span", {}, ...foot.flatMap((part, n) => (n ? [" · ", part] : [part]))))));
  };

  // ---------------------------------------------------------------- the list

  let turn = 0;
  let found = [];
  let shown = 0;

  const busy = (on) => home.setAttribute("aria-busy", String(on));

  /** The next lines; the button is out of sight while they push it down. */
  const next = async (mine, anew) => {
    const from = anew ? 0 : shown;
    const lines = (await archive.records(found.slice(from, from + (anew ? FIRST : PAGE)))).map(line);
    if (mine !== turn) return;
    if (anew) list.replaceChildren(...lines);
    else list.append(...lines);
    shown = from + lines.length;
    await new Promise(requestAnimationFrame);
    if (mine === turn) more.hidden = shown >= found.length;
  };

  const showMore = async () => {
    const first = shown;
    more.hidden = true;
    busy(true);
    await next(turn, false).catch(broken);
    busy(false);
    list.children[first]?.querySelector("a")?.focus();
  };

  const entries = (count) => (count === 1 ? "1 entry" : `${number.format(count)} entries`);

  const clear = (text) => {
    list.replaceChildren();
    steps.replaceChildren();
    found = [];
    more.hidden = true;
    told.textContent = text;
    busy(false);
  };

  /** What did not load is told; anything else is a fault of ours. */
  const broken = (error) => {
    clear("A part of the search index did not load. Try again in a moment; the archive and the topics lead to every entry, too.");
    if (!error.src) throw error;
  };

  // ---------------------------------------------------------------- from a query to the list

  const search = async () => {
    const mine = ++turn;
    const text = input.value.trim();
    keep();
    mark("", 0);
    inStep(text);
    if (!text) return clear("");
    busy(true);
    told.textContent = "Loading what this search looks at …";
    steps.replaceChildren();
    more.hidden = true;
    try {
      await archive.open(ROOT);
      await answer(mine, text);
    } catch (error) {
      if (mine === turn) broken(error);
    }
    if (mine === turn) busy(false);
  };

  const asked = (query, show) => archive.find(query, { order: order.value, show });

  const answer = async (mine, text) => {
    let early = false;
    const show = async (numbers) => {
      if (mine !== turn) return;
      early = true;
      found = numbers;
      await next(mine, true);
      if (mine === turn) told.textContent = `${number.format(numbers.length)} in the newest weeks; loading the others …`;
    };
    let got;
    let query;
    for (query of meanings(text)) {
      got = await asked(query, show);
      if (mine !== turn) return;
      if (got.count) break;
    }
    if (got.error) {
      clear(`Column ${got.error.column}: ${got.error.message}`);
      if (got.error.offer) step("Ask ", got.error.offer);
      return mark(text, got.error.column);
    }
    found = got.numbers;
    if (!early) await next(mine, true);
    if (mine !== turn) return;
    more.hidden = shown >= found.length;
    told.textContent = entries(got.count) + (query.startsWith("title:") && query !== text ? " of that title" : "");
    await suggest(mine, query, got.count);
  };

  /** What was meant otherwise; where nothing was found, how a word may be spelt and what a part less finds. */
  const suggest = async (mine, query, count) => {
    for (const hint of paper.hints(query)) step(`${hint.message}; did you mean `, hint.query);
    if (count) return;
    const { tree } = paper.parse(query);
    const parts = tree.kind === "all" ? tree.of : [tree];
    for (const part of parts.filter((one) => one.kind === "words" && one.words.length === 1 && !one.prefix)) {
      if ((await archive.find(paper.written(part))).count) continue;
      for (const word of await archive.near(part.words[0])) {
        if (mine !== turn) return;
        const of = parts.map((one) => (one === part ? { ...part, words: [word] } : one));
        step("Did you mean ", paper.written(of.length > 1 ? { kind: "all", of } : of[0]));
      }
    }
    for (const [says, other] of [...paper.looser(tree), ...paper.byAuthor(tree)]) {
      const { count: left } = await asked(paper.written(other));
      if (mine !== turn) return;
      if (left) step(`${says}, ${entries(left)}: `, paper.written(other));
    }
    if (!steps.children.length) steps.append(make("li", {}, "No title or abstract says so. Fewer or other words may find it."));
  };

  const step = (says, query) => steps.append(make("li", {}, says, make("button", { type: "button", "data-query": query }, query)));

  /** The query with its column marked; column 0 takes the mark away. */
  const mark = (text, column) => {
    if (column) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    const letters = Array.from(text);
    const here = make("mark", {}, letters[column - 1]?.trim() || "\u00a0");
    if (!column) slip.replaceChildren();
    else slip.replaceChildren(letters.slice(Math.max(0, column - 21), Math.max(0, column - 1)).join(""), here, letters.slice(column, column + 20).join(""));
  };

  // ---------------------------------------------------------------- selects write into the query

  const YEARS = /(^|\s)since:(\d{4}) until:\2(?=\s|$)/;
  const inQuery = (field) => (field === "year" ? YEARS : new RegExp(String.raw`(^|\s)${field}:()([^\s()"]+)(?=\s|$)`, "i"));
  const valueOf = (field, text) => (field === "year" ? YEARS.exec(text)?.[2] : inQuery(field).exec(text)?.[3]) ?? "";

  /** A select shows what the query says, where it can. */
  const inStep = (text) => {
    for (const select of selects) {
      const value = valueOf(select.dataset.field, text).toLowerCase();
      select.value = [...select.options].some((option) => option.value === value) ? value : "";
    }
  };

  const write = (select) => {
    const { field } = select.dataset;
    const rest = input.value.replace(inQuery(field), "").trim();
    const says = !select.value ? "" : field === "year" ? `since:${select.value} until:${select.value}` : `${field}:${select.value}`;
    const whole = says && /\sOR\s/.test(rest.replace(/\([^()]*\)/g, "")) ? `(${rest})` : rest;
    input.value = [whole, says].filter(Boolean).join(" ");
    search();
  };

  // ---------------------------------------------------------------- the address

  const keep = () => {
    const kept = new URLSearchParams();
    if (input.value.trim()) kept.set("q", input.value.trim());
    if (order.value !== "date") kept.set("order", order.value);
    const text = kept.toString().replaceAll("%3A", ":");
    try {
      history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}`);
    } catch {
      location.replace(`#${text}`); // where a page on a disk may not change its own address
    }
  };

  const given = () => new URLSearchParams(location.search || location.hash.slice(1));

  const begin = () => {
    const from = given();
    input.value = input.value || (from.get("q") ?? "");
    order.value = from.get("order") === "score" ? "score" : "date";
    by("search-note").remove();
    form.hidden = false;
    if (input.value) search();
    else input.focus({ preventScroll: true });
  };

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(search, QUIET);
  };
  const now = () => {
    clearTimeout(timer);
    search();
  };

  input.addEventListener("input", soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
  });
  for (const select of selects) select.addEventListener("change", () => write(select));
  order.addEventListener("change", now);
  more.addEventListener("click", showMore);
  const taken = async () => ({ records: await archive.records(found.slice(0, TAKEN)), count: found.length });
  /** What writes the formats is loaded by who opens the menu; it then stands in place of the bare one. */
  const taking = ({ target: bare }) => {
    if (!bare.open || paper.take) return;
    const script = make("script", { src: at("take.js") });
    script.onload = () => {
      paper.take.menu(by("search-take"), taken, "sunday-paper-search");
      const menu = by("search-take").firstElementChild;
      menu.open = true;
      menu.firstElementChild.focus({ preventScroll: true });
    };
    script.onerror = () => {
      script.remove();
      bare.lastElementChild.textContent = "That did not load. Close this and open it again in a moment.";
    };
    document.head.append(script);
  };
  by("search-take").firstElementChild.addEventListener("toggle", taking);
  by("search").addEventListener("click", (event) => {
    const { query } = event.target.dataset;
    if (query === undefined) return;
    input.value = query;
    input.focus();
    now();
  });
  begin();
})();
