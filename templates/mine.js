/* The front page as a reader's own edition, where they chose one on the page "My topics".
 *
 * Nothing is fetched and nothing changes for who chose nothing. Else the week's index is asked
 * which entries match any of the choices: entries that do not match step back, and the best of
 * what matches and was not printed is listed behind.
 */
"use strict";
(() => {
  const KEY = "sundaypaper.mine";
  const MORE = 25;
  const root = new URL(".", document.currentScript.src);

  let mine;
  try {
    mine = JSON.parse(localStorage.getItem(KEY));
  } catch {
    return;
  }
  if (mine) for (const name of ["topics", "venues", "queries"]) mine[name] = Array.isArray(mine[name]) ? mine[name] : [];
  const home = document.querySelector('main a[href$="/all/index.html"]');
  if (!mine || !home) return;
  const week = home.getAttribute("href").split("/").at(-3);

  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  const load = (src) =>
    new Promise((resolve, reject) => {
      const script = make("script", { src: new URL(src, root).href });
      script.onload = resolve;
      script.onerror = () => reject(new Error(src));
      document.head.append(script);
    });

  /* Each choice is a query of its own, so that one that can no longer be read spoils no other. */
  const queries = () => [
    ...(mine.edition ? [mine.edition.match] : []),
    ...mine.topics.map(([id]) => `topic:${id}`),
    ...mine.venues.map(([id]) => `venue:${id} status:accepted`),
    ...mine.queries,
  ];

  if (!queries().length) return; // no choice is the whole paper

  const tests = () =>
    queries().flatMap((query) => {
      try {
        return [SundayPaper.test(SundayPaper.parse(query))];
      } catch {
        return [];
      }
    });

  const names = [...(mine.edition ? [mine.edition.name] : []), ...[...mine.topics, ...mine.venues].map(([, name]) => name), ...mine.queries];

  /* An entry is known by where its title leads: to its own page, or to its address. */
  const path = (entry) => new URL(`e/${entry.id.toLowerCase().replace(":", "-").replace("/", "-")}/index.html`, root).href;
  const address = (entry) => (entry.url ? new URL(entry.url, root).href : "");

  /* What the index does not know, such as a landmark, is no choice of anybody's and stays. */
  const step = (known, shown) => {
    const back = [];
    for (const one of document.querySelectorAll(".section article, .section .titles li")) {
      const link = one.querySelector("a");
      if (link && known.has(link.href) && !shown.has(link.href)) back.push(one);
    }
    for (const part of document.querySelectorAll(".titles .topic, .section:has(article)")) {
      const inside = [...part.querySelectorAll("article, li:has(> a)")];
      if (inside.length && inside.every((one) => back.includes(one))) back.push(part);
    }
    return back;
  };

  const listed = (entries) =>
    make("section", { class: "section", id: "mine", "aria-labelledby": "mine-title" },
      make("header", {}, make("h2", { id: "mine-title" }, "More of yours")),
      make("div", { class: "body" },
        make("ul", { class: "topic" }, ...entries.map((entry) =>
          make("li", {}, make("a", { href: entry.url }, entry.title))))));

  const banner = (said, ...controls) =>
    document.getElementById("main").prepend(
      make("p", { class: "banner" }, said, " ", make("a", { href: new URL("mine/index.html", root).href }, "Change"), ...controls));

  const begin = async () => {
    let index;
    for (const name of ["query.js", "vocabulary.js"]) await load(name);
    const all = tests();
    if (!all.length) {
      banner(make("span", { role: "status" }, "None of your choices can be read any more, so this is the whole paper."));
      return;
    }
    SundayPaper.index = (given) => (index = given);
    await load(`issues/${week}/index.js`);
    const entries = index.entries.map((values) => Object.fromEntries(index.fields.map((name, at) => [name, values[at]])));
    const matching = entries.filter((entry) => {
      const card = SundayPaper.card(entry);
      return all.some((test) => test(card));
    });
    const places = (some) => new Set(some.flatMap((entry) => [path(entry), address(entry)]));
    const shown = places(matching);
    const printed = new Set([...document.querySelectorAll(".section article a, .section .titles a")].map((link) => link.href));
    const rest = matching
      .filter((entry) => entry.url && !printed.has(path(entry)) && !printed.has(address(entry)))
      .sort((one, other) => other.score - one.score);
    const back = step(places(entries), shown);
    const more = rest.length ? [listed(rest.slice(0, MORE))] : [];
    document.getElementById("made").before(...more);

    const text = make("span", { role: "status" });
    const toggle = make("button", { type: "button" });
    const put = (own) => {
      for (const one of [...back]) one.hidden = own;
      for (const one of more) one.hidden = !own;
      text.textContent = own ? `Your edition: ${names.join(", ")}. ${matching.length.toLocaleString("en")} of ${entries.length.toLocaleString("en")} entries match.` : "The whole paper.";
      toggle.textContent = own ? "Show the whole paper" : "Show my edition";
    };
    toggle.addEventListener("click", () => put(text.textContent === "The whole paper."));
    put(true);
    banner(text, " ", toggle);
  };

  begin().catch((bad) => {
    document.getElementById("main").prepend(
      make("p", { class: "banner", role: "status" }, `Your edition could not be made: ${bad.message} did not load. This is the whole paper.`));
  });
})();
