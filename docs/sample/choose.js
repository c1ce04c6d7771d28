/* The page "My topics": what is ticked or written is kept on this device as it changes.
 *
 * What is kept, under the name of the key in mine.js: {edition: {id, name, match} or null,
 * topics: [[id, name]], venues: [[id, name]], queries: [text]}.
 */
"use strict";
(() => {
  const KEY = "sundaypaper.mine";
  const form = document.getElementById("mine");
  const told = document.getElementById("mine-told");
  const queries = document.getElementById("mine-queries");
  const note = document.getElementById("mine-note");

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch {
      return {};
    }
  };

  try {
    localStorage.getItem(KEY);
  } catch {
    note.textContent = "This browser lets no page keep anything here, so there is nothing to choose.";
    return;
  }
  note.hidden = true;
  form.hidden = false;

  const ticked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((one) => [one.value, one.dataset.name]);

  /* Every line that can be read counts; the first that cannot is told with its place. */
  const written = () => {
    const good = [];
    let wrong = "";
    queries.value.split("\n").forEach((line, at) => {
      if (!line.trim()) return;
      try {
        SundayPaper.parse(line);
        good.push(line.trim());
      } catch (bad) {
        wrong ||= `Line ${at + 1}, column ${bad.column}: ${bad.message}`;
      }
    });
    return [good, wrong];
  };

  const save = () => {
    const radio = form.querySelector('[name="edition"]:checked');
    const edition = radio && radio.value ? { id: radio.value, name: radio.dataset.name, match: radio.dataset.match } : null;
    const [good, wrong] = written();
    const mine = { edition, topics: ticked("topic"), venues: ticked("venue"), queries: good };
    const count = (edition ? 1 : 0) + mine.topics.length + mine.venues.length + good.length;
    if (count) localStorage.setItem(KEY, JSON.stringify(mine));
    else localStorage.removeItem(KEY);
    queries.toggleAttribute("aria-invalid", Boolean(wrong));
    told.textContent = wrong || (count ? `Kept: ${count} ${count === 1 ? "choice" : "choices"}. The front page shows what matches any of them.` : "Nothing is chosen: the front page is the whole paper.");
  };

  const show = (mine) => {
    const chosen = { topic: mine.topics || [], venue: mine.venues || [] };
    for (const box of form.querySelectorAll('[type="checkbox"]')) {
      box.checked = chosen[box.name].some(([id]) => id === box.value);
    }
    for (const radio of form.querySelectorAll('[type="radio"]')) radio.checked = radio.value === (mine.edition ? mine.edition.id : "");
    queries.value = (mine.queries || []).join("\n");
  };

  /* Back-testing: what the queries would have found, a week at a time, newest first. */
  const root = new URL("../", location.href);
  const tried = document.getElementById("mine-tried");
  const attempt = document.getElementById("mine-try");
  const SAMPLES = 5;

  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  const entriesOf = (week) =>
    new Promise((resolve, reject) => {
      SundayPaper.index = ({ fields, entries }) =>
        resolve(entries.map((values) => Object.fromEntries(fields.map((name, at) => [name, values[at]]))));
      const script = make("script", { src: new URL(`issues/${week}/index.js`, root).href });
      script.onload = () => script.remove();
      script.onerror = () => reject(new Error(`the index of ${week} did not load`));
      document.head.append(script);
    });

  const tell = (week, entries, tests) => {
    const found = entries.filter((entry) => {
      const card = SundayPaper.card(entry);
      return tests.some((test) => test(card));
    });
    found.sort((one, other) => other.score - one.score);
    const samples = found.slice(0, SAMPLES).map((entry) => make("li", {}, entry.url ? make("a", { href: entry.url }, entry.title) : entry.title));
    tried.append(
      make("h3", {}, `${week}: ${found.length.toLocaleString("en")} of ${entries.length.toLocaleString("en")}`),
      make("ul", { class: "topic" }, ...samples));
  };

  const test = async () => {
    const [good] = written();
    tried.replaceChildren();
    if (good.length === 0) {
      tried.textContent = "Write a query first.";
      return;
    }
    const tests = good.map((query) => SundayPaper.test(SundayPaper.parse(query)));
    attempt.disabled = true;
    try {
      for (const week of attempt.dataset.weeks.split(" ")) {
        tell(week, await entriesOf(week), tests);
        await new Promise((resume) => setTimeout(resume));
      }
    } catch (bad) {
      tried.append(make("p", {}, `It ends here: ${bad.message}.`));
    }
    attempt.disabled = false;
  };

  if (attempt) attempt.addEventListener("click", test);
  show(read());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", save);
  let timer;
  queries.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  });
  document.getElementById("mine-clear").addEventListener("click", () => {
    show({});
    save();
  });
})();
