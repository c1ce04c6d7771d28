/* The search page: asks Pagefind's bundles, one a year, and lists what they find. */
"use strict";
(() => {
  const home = document.getElementById("search");
  const note = document.getElementById("search-note");
  const PAGE = 20;
  const years = home.dataset.years.split(" ").filter(Boolean).sort().reverse();

  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  if (location.protocol === "file:") {
    note.textContent =
      "Search needs a server: a browser may not read its index from a disk. " +
      "Where the paper is installed, `sundaypaper browse` offers one; on any web host it works as it is.";
    return;
  }
  if (years.length === 0) {
    note.textContent = "Nothing has been printed yet that could be searched.";
    return;
  }

  const input = make("input", { type: "search", id: "q", autocomplete: "off", spellcheck: "false" });
  const filters = document.getElementById("filters");
  filters.hidden = false;
  const head = make("h2", { hidden: "" }, "Found");
  const count = make("p", { role: "status", class: "note" });
  const list = make("ul", { class: "listed" });
  const more = make("button", { type: "button", hidden: "" }, "Show more");
  const form = make("form", { role: "search" }, make("label", { for: "q" }, "Search what was picked"), input, filters);
  form.addEventListener("submit", (event) => event.preventDefault());
  note.remove();
  home.append(form, head, count, list, more);

  const engines = new Map();
  const failed = new Set();
  let found = [];
  let shown = 0;
  let turn = 0;

  /* Excerpts come as HTML of ours with <mark>: taken apart, so that nothing else gets in. */
  const excerpt = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const out = document.createDocumentFragment();
    for (const node of page.body.childNodes) {
      out.append(node.nodeName === "MARK" ? make("mark", {}, node.textContent) : node.textContent);
    }
    return out;
  };

  const line = (one) =>
    make("li", {}, make("article", {},
      make("h3", {}, make("a", { href: one.url }, one.meta.title || one.url)),
      make("p", { class: "by" }, one.meta.by || ""),
      make("p", {}, excerpt(one.excerpt)),
      make("p", { class: "foot" }, one.meta.week || "")));

  const showMore = async () => {
    const mine = turn;
    const next = await Promise.all(found.slice(shown, shown + PAGE).map((one) => one.data()));
    if (mine !== turn) return;
    const first = shown;
    list.append(...next.map(line));
    shown += next.length;
    more.hidden = shown >= found.length;
    if (first > 0) list.children[first].querySelector("a").focus();
  };

  const selects = [...filters.querySelectorAll("select")];

  const wanted = () => Object.fromEntries(selects.filter((one) => one.value).map((one) => [one.name, one.value]));

  const keep = (text, chosen) => {
    const query = new URLSearchParams(chosen);
    if (text) query.set("q", text);
    const told = query.toString();
    history.replaceState(null, "", told ? `?${told}` : location.pathname);
  };

  const root = new URL(home.dataset.root, location.href);

  /* Each year is an index of its own, fetched when it is first asked. */
  const engine = (year) => {
    if (!engines.has(year)) {
      const load = async () => {
        const pagefind = await import(new URL(`search/${year}/pagefind.js`, root).href);
        await pagefind.options({ baseUrl: root.pathname, excerptLength: 30 });
        return pagefind;
      };
      engines.set(year, load().catch((bad) => {
        engines.delete(year);
        failed.add(year);
        return { search: async () => ({ results: [] }), why: bad };
      }));
    }
    return engines.get(year);
  };

  /* Each value is a filter of its own, so that only those that are chosen are fetched. */
  const asked = ({ year, ...others }) =>
    Object.fromEntries([["entry", "y"], ...Object.entries(others).map(([name, value]) => [`${name}-${value}`, "y"])]);

  const search = async () => {
    const mine = ++turn;
    const text = input.value.trim();
    const chosen = wanted();
    keep(text, chosen);
    if (!text && Object.keys(chosen).length === 0) {
      list.replaceChildren();
      count.textContent = "";
      head.hidden = more.hidden = true;
      return;
    }
    const answers = await Promise.all(
      (chosen.year ? [chosen.year] : years).map(async (year) => (await engine(year)).search(text || null, { filters: asked(chosen) })));
    if (mine !== turn) return;
    found = answers.flatMap((answer) => answer.results).sort((one, other) => other.score - one.score);
    shown = 0;
    list.replaceChildren();
    await showMore();
    if (mine !== turn) return;
    head.hidden = found.length === 0;
    const told = found.length === 1 ? "1 entry" : `${found.length.toLocaleString("en")} entries`;
    count.textContent = failed.size ? `${told}; the index of ${[...failed].sort().join(", ")} could not be read` : told;
    failed.clear();
  };

  const begin = async () => {
    const given = new URLSearchParams(location.search);
    for (const select of selects) {
      select.value = given.get(select.name) || "";
      if (select.selectedIndex < 0) select.value = "";
      select.addEventListener("change", search);
    }
    /* What was typed while the index came is not lost. */
    input.value = input.value || given.get("q") || "";
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, 120);
    });
    more.addEventListener("click", showMore);
    await search();
    if (!input.value) input.focus();
  };

  begin().catch((bad) => {
    count.textContent = `The search index could not be read: ${bad.message}. Try again later, or look in the archive.`;
  });
})();
