/* Buttons beside an entry: a star, more like this, less like this. keep.js keeps what they say.
 *
 * Their place is `.marks`, in which a sheet keeps the room that they take, so that nothing moves when
 * they come; a list of lines (.ring li, .lines > li) keeps it at its end. An entry is known by
 * data-id, or else by where it leads: to e/arxiv-… or to arXiv. In a long list they are made as lines
 * come near.
 */
(function (paper) {
  "use strict";

  const keep = paper.keep;
  if (!keep) return;
  const LINES = ".ring li, .lines > li";
  const FEW = 6;
  const SIGNS = [
    ["star", "Star", 1],
    ["thumb", "More like this", 1],
    ["thumb", "Less like this", -1],
  ];
  const shown = new Map(); // by id: the buttons of each place where the entry stands

  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  // ---------------------------------------------------------------- what an entry is

  const ARXIV = /^(?:https:\/\/arxiv\.org\/abs\/|.*\/e\/arxiv-)([a-z.-]+\/\d{7}|\d{4}\.\d{4,5})(?:\/index\.html)?$/;

  function idOf(home, links) {
    const stated = home.querySelector("[data-id]") || home.closest("[data-id]");
    if (stated) return stated.dataset.id;
    const found = links.map((link) => ARXIV.exec(link.href)).find(Boolean);
    return found ? `arxiv:${found[1]}` : "";
  }

  const isOut = (link) => /^https?:/.test(link.href) && link.origin !== location.origin;

  /** Where an entry itself is: what its title leads to, or the first of its links; no post that discusses it. */
  function urlOf(id, home, head) {
    if (id.startsWith("arxiv:")) return `https://arxiv.org/abs/${id.slice(6)}`;
    const links = [...home.querySelectorAll(":is(h1, h3) a, .links a"), ...(head.matches("a") ? [head] : [])];
    return links.find(isOut)?.href ?? "";
  }

  /** The page of an entry below the root of the build, such as e/arxiv-2603.00001/index.html. */
  const below = (link) => (/\/(e\/[^/]+\/index\.html)$/.exec(link.href) || [])[1] || "";

  const weekIn = ({ href }) => (/\/(?:issues|editions\/[^/]+)\/(\d{4}-W\d\d)\//.exec(href) || [])[1] || "";

  /** The week that an entry names, or else that of the page. */
  const weekOf = (links) => links.map(weekIn).find(Boolean) || weekIn(location) || WEEK;

  /** The names before the count of those that are left out: "Li Wei, Ana Roe and 3 more". */
  function authorsOf(home) {
    const stated = [...document.querySelectorAll('meta[name="citation_author"]')].map((meta) => meta.content);
    if (stated.length && home.classList.contains("whole")) return { authors: stated, more: 0 };
    const by = home.querySelector(".by");
    const text = by ? [...by.childNodes].filter((node) => node.nodeName === "#text").map((node) => node.data).join("") : "";
    const [, names, more] = /^(.*?)(?: and (\d+) (?:more|others))?$/s.exec(text.replace(/[\s·]+$/, "").trim());
    return { authors: names.split(/, | and /).map((name) => name.trim()).filter(Boolean), more: Number(more || 0) };
  }

  function entryOf(home) {
    const links = [...home.querySelectorAll("a")];
    const head = home.querySelector("h1, h3") || links[0] || home;
    const id = idOf(home, links);
    return {
      id,
      title: head.dataset.title || head.textContent.trim(),
      url: urlOf(id, home, head),
      page: links.map(below).find(Boolean) || (home.classList.contains("whole") && below(location)) || "",
      week: weekOf(links),
      ...authorsOf(home),
    };
  }

  const WEEK = [...document.querySelectorAll("main a")].map(weekIn).find(Boolean) || "";

  // ---------------------------------------------------------------- the buttons

  function said(kind, id, value) {
    const item = keep.get(`${kind}:${id}`);
    return Boolean(item) && (kind === "star" ? item.on : item.value === value);
  }

  function press(one, kind, value) {
    const on = !said(kind, one.id, value);
    const { id, ...rest } = one;
    const change = kind === "star" ? (on ? { ...rest, on } : { on }) : on ? { ...rest, value } : { value: 0 };
    const { why } = keep.put({ [`${kind}:${id}`]: change });
    paper.tell(why);
  }

  /** Buttons for an entry in a place of their own. */
  function put(place, one) {
    const buttons = SIGNS.map(([kind, says, value]) => {
      const button = make("button", { type: "button", class: `${kind}${value}`, "aria-label": `${says}: ${one.title}`, title: says });
      button.addEventListener("click", () => press(one, kind, value));
      return [button, kind, value];
    });
    place.append(...buttons.map(([button]) => button));
    shown.set(one.id, [...(shown.get(one.id) || []), ...buttons]);
    paint(one.id);
  }

  function paint(id) {
    for (const [button, kind, value] of shown.get(id)) button.setAttribute("aria-pressed", String(said(kind, id, value)));
  }

  /** What went wrong, below all else and over what stands there, so that nothing moves; "" takes it away. */
  let line = null;
  paper.tell = (text) => {
    if (!line && text) document.body.append((line = make("p", { class: "told-below", role: "status" })));
    if (line) line.textContent = text;
  };

  // ---------------------------------------------------------------- where they stand

  function attach(home, place) {
    const one = entryOf(home);
    if (one.id) put(place, one);
  }

  function lines() {
    const all = document.querySelectorAll(LINES);
    if (!all.length) return;
    const near = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        const place = make("span", { class: "marks" });
        target.append(place);
        attach(target, place);
      }
    }, { rootMargin: "200px" });
    for (const one of all) near.observe(one);
  }

  /** A few at a time, so that a slow device answers between them. */
  async function articles() {
    const places = [...document.querySelectorAll("article .marks")];
    for (const [n, place] of places.entries()) {
      attach(place.closest("article"), place);
      if (n % FEW === FEW - 1) await new Promise((resume) => setTimeout(resume));
    }
  }

  paper.marks = { put };
  articles();
  lines();
  keep.changed(() => [...shown.keys()].forEach(paint));
  if (keep.told()) paper.tell(keep.told());
})((globalThis.SundayPaper ??= {}));
