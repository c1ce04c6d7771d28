/* The page "My paper": what is chosen there, and what is kept, saved as a file, taken over, forgotten.
 *
 * Each change is kept at once. A line of people or queries is kept as it is written, also where it
 * cannot be read yet.
 */
"use strict";
(() => {
  const paper = globalThis.SundayPaper;
  const { keep } = paper;
  const home = document.getElementById("mine");
  const form = home.querySelector("form");
  const slip = document.getElementById("mine-slip");
  const root = new URL(".", document.currentScript.src);
  const SAMPLES = 5;

  document.getElementById("mine-note").hidden = true; // where a sheet has not done it
  home.hidden = false;

  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  /** As 2,537: to load what a browser knows of numbers takes a phone longer than all else here. */
  paper.number = (value) => String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
  const count = (value, one, many = `${one}s`) => `${paper.number(value)} ${value === 1 ? one : many}`;

  // ---------------------------------------------------------------- lines of text

  const areas = ["people", "queries"].map((name) => document.getElementById(`mine-${name}`));
  const base = new Map(); // what this tab last read or wrote of each

  const textOf = (name) => keep.get(name)?.text ?? "";

  function keepLines(area) {
    if (area.value === base.get(area.name)) return;
    const { kept, why } = keep.lines(area.name, base.get(area.name), area.value);
    paper.tell(why);
    if (kept) base.set(area.name, area.value);
  }

  /** What another tab wrote comes in where nobody writes here. */
  function showLines(area) {
    const text = textOf(area.name);
    if (document.activeElement === area && area.value !== base.get(area.name)) return;
    if (area.value !== text && document.activeElement !== area) area.value = text;
    if (document.activeElement !== area) base.set(area.name, text);
  }

  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

  /** The queries that can be read, each {name, query}, and what is wrong with the first that cannot. */
  function readable() {
    const good = [];
    let wrong = "";
    textOf("queries").split("\n").forEach((line, at) => {
      if (!line.trim()) return;
      try {
        paper.parse(line);
        good.push({ name: line.trim(), query: line.trim() });
      } catch (bad) {
        wrong ||= `Line ${at + 1}, column ${bad.column}: ${bad.message} (kept as it is, and not counted yet)`;
      }
    });
    return { good, wrong };
  }

  /** Everything chosen that is a question to the archive: {name, query}. */
  function questions() {
    const edition = keep.get("edition");
    const people = lines(textOf("people")).map((name) => ({ name, query: `author:"${name.replaceAll('"', " ")}"` }));
    return [...(edition?.on ? [{ name: edition.name, query: edition.match }] : []), ...people, ...readable().good];
  }

  let timer = 0;
  function tellSlip() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { wrong } = readable();
      slip.textContent = wrong;
      document.getElementById("mine-queries").toggleAttribute("aria-invalid", Boolean(wrong));
    }, 300);
  }

  // ---------------------------------------------------------------- boxes

  function changed({ target }) {
    if (target.type === "checkbox") {
      const { value, checked, dataset, name } = target;
      paper.tell(keep.put({ [`${name}:${value}`]: checked ? { on: true, name: dataset.name } : { on: false } }).why);
    } else if (target.type === "radio") {
      const { value, dataset } = target;
      paper.tell(keep.put({ edition: value ? { on: true, id: value, name: dataset.name, match: dataset.match } : { on: false } }).why);
    }
    show();
  }

  /** The form, the stars and the counts say what is kept. */
  function show() {
    for (const box of form.querySelectorAll('[type="checkbox"]')) box.checked = Boolean(keep.get(`${box.name}:${box.value}`)?.on);
    const edition = keep.get("edition");
    for (const radio of form.querySelectorAll('[type="radio"]')) radio.checked = radio.value === (edition?.on ? edition.id : "");
    areas.forEach(showLines);
    const stars = keep.stars();
    const chosen = keep.list("topic").length + keep.list("venue").length + questions().length;
    document.getElementById("mine-kept").textContent =
      `${count(stars.length, "star")}, ${count(keep.thumbs().length, "thumb")} and ${count(chosen, "choice")} are kept on this device.`;
    document.getElementById("mine-stars").replaceChildren(...stars.map(starred));
    tellSlip();
  }

  const starred = ({ title, page, url, week }) => {
    const href = page ? new URL(page, root).href : url;
    return make("li", {}, href ? make("a", { href }, title) : title, " ", make("small", {}, week));
  };

  // ---------------------------------------------------------------- files

  function save() {
    const href = URL.createObjectURL(new Blob([keep.saved()], { type: "application/json" }));
    make("a", { href, download: "my-paper.json" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }

  async function load({ target }) {
    const [file] = target.files;
    if (!file) return;
    const { why, taken, known, refused } = keep.take(await file.text());
    target.value = "";
    paper.tell(why || `Of the file ${count(taken, "thing")} ${taken === 1 ? "was" : "were"} new, ${known} known already${refused ? `, and ${refused} could not be read` : ""}.`);
  }

  // ---------------------------------------------------------------- the archive

  const loading = new Map();

  /** Loads a script of the build once. */
  paper.load = (path) => {
    if (!loading.has(path)) {
      loading.set(path, new Promise((resolve, reject) => {
        const script = make("script", { src: new URL(path, root).href });
        script.onload = resolve;
        script.onerror = () => {
          loading.delete(path);
          reject(new Error(`${path} did not load`));
        };
        document.head.append(script);
      }));
    }
    return loading.get(path);
  };

  /** The index over all weeks, when it is asked for. */
  paper.opened = async () => {
    await paper.load("archive.js");
    await paper.archive.open(root);
    return paper.archive;
  };

  /** Stars get all that the archive says of their entries, before they are taken along. */
  async function complete() {
    const poor = keep.list("star").filter(({ whole }) => !whole);
    if (!poor.length) return;
    const archive = await paper.opened();
    for (const { id, ...star } of poor) {
      const { numbers = [] } = await archive.find(`id:${id}`);
      const [record] = await archive.records(numbers.slice(0, 1));
      if (record) keep.put({ [`star:${id}`]: { ...star, ...keep.record(record), on: true, whole: true } });
    }
  }

  /** Where the archive cannot be reached, stars go along with what they hold. */
  const taken = () => complete().catch(() => {}).then(() => keep.stars());

  async function tell(week, archive, query, tried) {
    const { error, count: found, numbers } = await archive.find(query, { weeks: [week], order: "score" });
    if (error) throw new Error(error.message);
    const records = await archive.records(numbers.slice(0, SAMPLES));
    tried.append(
      make("h3", {}, `${week}: ${count(found, "entry", "entries")}`),
      make("ul", { class: "topic" }, ...records.map(starred)));
  }

  /** Back-testing: what the queries would have found, a week at a time, newest first. */
  async function attempt({ currentTarget: button }) {
    const tried = document.getElementById("mine-tried");
    const { good } = readable();
    tried.replaceChildren(good.length ? "" : "Write a query first.");
    if (!good.length) return;
    button.disabled = true;
    try {
      const archive = await paper.opened();
      const any = good.map(({ query }) => `(${query})`).join(" OR ");
      for (const week of button.dataset.weeks.split(" ")) await tell(week, archive, any, tried);
    } catch (bad) {
      tried.append(make("p", {}, `It ends here: ${bad.message}.`));
    }
    button.disabled = false;
  }

  // ---------------------------------------------------------------- what is done

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", changed);
  for (const area of areas) {
    area.addEventListener("input", () => keepLines(area));
    area.addEventListener("blur", () => {
      keepLines(area);
      showLines(area);
    });
  }
  addEventListener("pagehide", () => areas.forEach(keepLines));
  keep.changed(show);
  document.getElementById("mine-try")?.addEventListener("click", attempt);
  document.getElementById("mine-save").addEventListener("click", save);
  document.getElementById("mine-load").addEventListener("change", load);
  document.getElementById("mine-clear").addEventListener("click", () => {
    areas.forEach((area) => {
      area.value = "";
      base.set(area.name, "");
    });
    keep.forget();
    paper.tell("All of it is forgotten.");
  });
  for (const area of areas) {
    area.value = textOf(area.name);
    base.set(area.name, area.value);
  }
  show();
  paper.take.menu(home.querySelector("[data-take]"), taken, "my-stars");
  paper.questions = questions;
})();
