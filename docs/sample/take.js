/* Lists to take along: BibTeX, RIS, CSL-JSON, CSV and Markdown of records, and a menu for it.
 * src/sundaypaper/formats/references says what each holds; both give the same text.
 *
 * SundayPaper.take.text(format, records, names)   the text; needs query.js; names: {venues: {key: name}, topics: {id: name}}
 * SundayPaper.take.menu(home, records, name)      puts the menu into home; records() gives them, or a promise
 *                                                 of them, or {records, count} where these are but the first;
 *                                                 name is that of the file. It loads what it needs.
 *
 * A record: {id, kind, title, source, authors, url, week, claims: [[venue, year, track, status, presentation,
 * name as written]], topics, and where they are known category, more, tex, and published or day and dated: see Reference}.
 * On a page with a filter box the menu stands below it, and takes what the box has left.
 */
(function (paper) {
  "use strict";

  const ACCEPTED = "accepted";
  const SHOWN = 3;
  const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
  const LITTLE = new Set("a an the on in of for to and with from by is are at towards toward via".split(" "));
  const GROUP = /(?:^|\s)(?:Authors|Collaboration|Community|Consortium|Contributors|Foundation|Group|Initiative|Institute|Labs?|Network|Project|Team|University)(?:\s|$)/;
  const SUFFIXES = new Set("Jr Jr. Sr Sr. II III IV".split(" "));
  const ARXIV = /^arxiv:([a-z.-]+\/\d{7}|\d{4}\.\d{4,5})$/i;
  const WEB = /^(?:https?:\/\/[^\s<>"\\^`{|}]+|mailto:[^\s<>"\\]+)$/i;
  const LINKED = /^(?:https?:\/\/[^\s/?#<>"]|mailto:[^\s<>"])[^\s<>"]*$/i;
  const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
  const COLUMNS = ["id", "title", "authors", "more_authors", "published", "week", "kind", "source", "category", "claims", "topics", "url"];
  const TEX = { "{": "{\\textbraceleft}", "}": "{\\textbraceright}", "\\": "{\\textbackslash}", "^": "{\\textasciicircum}", "~": "{\\textasciitilde}" };
  const TRACKS = {
    findings: "{} Findings",
    workshop: "a workshop of {}",
    datasets: "{}, datasets and benchmarks track",
    position: "{}, position paper track",
    demo: "{}, demonstration track",
    challenge: "a challenge of {}",
    other: "{}, outside the main track",
  };
  const AWARDS = { best_paper: "best paper", finalist: "best paper finalist" };

  // ---------------------------------------------------------------- what a record says

  /** The reference of a record: all that the formats ask for. */
  function reference(record, names) {
    const { id = "", kind = "paper", title = "", source = "", week = "", day = "" } = record;
    const arxiv = (ARXIV.exec(id) || [])[1] || "";
    return {
      ...{ id, kind, title, source, week, arxiv },
      authors: record.authors || [],
      more: record.more || 0,
      published: record.published ?? (record.dated ?? stated(record, arxiv) ? day : ""),
      category: record.category ?? (record.categories || [])[0] ?? "",
      doi: arxiv ? `10.48550/arXiv.${arxiv}` : id.startsWith("doi:") ? id.slice(4) : "",
      url: WEB.test(record.url || "") ? record.url : arxiv && `https://arxiv.org/abs/${arxiv}`,
      tex: record.tex || escaped(title),
      claims: (record.claims || []).filter((claim) => claim[3] === ACCEPTED).map((claim) => claimed(claim, names)),
      topics: (record.topics || []).map((topic) => names.topics?.[topic] ?? topic),
    };
  }

  /** Whether a day is surely that of a source: lists put what is undated on the Monday of its week. */
  function stated({ kind, day }, arxiv) {
    return Boolean(arxiv || (day && kind !== "event" && new Date(`${day}T00:00Z`).getUTCDay() !== 1));
  }

  function claimed([venue, year, track, , presentation, written], names) {
    const own = written || (venue.startsWith("other:") ? venue.slice(6) : venue.toUpperCase());
    const name = names.venues?.[venue] ?? own;
    const place = (Object.hasOwn(TRACKS, track) ? TRACKS[track] : "{}").replaceAll("{}", () => (year ? `${name} ${year}` : name));
    const words = `accepted ${track === "journal" ? "by" : "at"} ${place}`;
    return presentation ? `${words} (${AWARDS[presentation] || presentation})` : words;
  }

  function isGroup(name) {
    return name.includes(",") || ` ${name.toLowerCase()} `.includes(" and ") || GROUP.test(name);
  }

  function parts(text) {
    return text.split(/\s+/).filter(Boolean);
  }

  /** A name as [family, given, suffix]; what begins in lower case before the last word belongs to that one. */
  function person(name) {
    const words = parts(name);
    if (words.length < 2 || isGroup(name)) return [name, "", ""];
    const suffix = words.length > 2 && SUFFIXES.has(words.at(-1)) ? words.pop() : "";
    let at = words.length - 1;
    while (at > 1 && /^\p{Ll}/u.test(words[at - 1])) at--;
    return [words.slice(at).join(" "), words.slice(0, at).join(" "), suffix];
  }

  function notes(of) {
    const told = of.claims.length ? [`The authors say: ${of.claims.join("; ")}`] : [];
    return of.more ? [...told, `And ${of.more} more ${of.more === 1 ? "author" : "authors"}`] : told;
  }

  function key(of) {
    const words = (text) => paper.fold(text).split(" ").filter(Boolean);
    const last = of.authors.length ? words(of.authors[0]).slice(-1) : words(of.source).slice(0, 1);
    const first = words(of.title).find((word) => !LITTLE.has(word)) || "";
    const whole = [...last, of.published.slice(0, 4), first].join("");
    return whole.normalize("NFKD").replace(/[^\x00-\x7f]/g, "") || "entry";
  }

  /** A key for each; what comes again has a number behind it. */
  function keys(references) {
    const seen = new Map();
    return references.map(key).map((one) => {
      seen.set(one, (seen.get(one) || 0) + 1);
      return seen.get(one) === 1 ? one : `${one}-${seen.get(one)}`;
    });
  }

  // ---------------------------------------------------------------- BibTeX

  /** Text as TeX prints it; braces in pairs group as written. */
  function escaped(text) {
    if (!/[\\{}$&%#_^~]/.test(text)) return text;
    const pairs = paired(text);
    return text.replace(/[\\{}$&%#_^~]/g, (sign, at) => (pairs.has(at) ? sign : TEX[sign] || `\\${sign}`));
  }

  function paired(text) {
    const pairs = new Set();
    const opened = [];
    for (let at = 0; at < text.length; at++) {
      if (text[at] === "{") opened.push(at);
      else if (text[at] === "}" && opened.length) pairs.add(opened.pop()).add(at);
    }
    return pairs;
  }

  function signed(name) {
    if (isGroup(name)) return `{${escaped(name)}}`;
    const [family, given, suffix] = person(name);
    return escaped(suffix ? `${family}, ${suffix}, ${given}` : name);
  }

  function bibtex(of, key) {
    const fields = [["title", `{{${of.tex}}}`]];
    const put = (name, value) => value && fields.push([name, `{${value}}`]);
    put("author", [...of.authors.map(signed), ...(of.authors.length && of.more ? ["others"] : [])].join(" and "));
    if (of.kind !== "paper") put("organization", escaped(of.source));
    if (of.published) {
      const [year, month, day] = of.published.split("-");
      put("year", year);
      fields.push(["month", MONTHS[Number(month) - 1]]);
      put("day", Number(day));
    }
    put("eprint", of.arxiv);
    put("archivePrefix", of.arxiv && "arXiv");
    put("primaryClass", of.arxiv && escaped(of.category));
    put("doi", of.arxiv ? "" : escaped(of.doi));
    put("note", escaped(notes(of).join(". ")));
    put("url", of.url);
    const body = fields.map(([name, value]) => `  ${name} = ${value},\n`).join("");
    return `@${of.kind === "paper" ? "misc" : "online"}{${key},\n${body}}\n`;
  }

  // ---------------------------------------------------------------- RIS, CSL-JSON

  function ris(of, key) {
    const lines = [];
    const put = (tag, value) => value && lines.push(`${tag}  - ${parts(value).join(" ")}\r\n`);
    put("TY", { post: "BLOG", course: "ELEC", event: "ELEC" }[of.kind] || (of.arxiv ? "UNPB" : "GEN"));
    put("ID", key);
    put("TI", of.title);
    for (const name of of.authors) put("AU", person(name).filter(Boolean).join(", "));
    if (of.kind !== "paper") put("T2", of.source);
    put("PY", of.published.slice(0, 4));
    put("DA", of.published.replaceAll("-", "/"));
    put("PB", of.arxiv && "arXiv");
    put("AN", of.arxiv && `arXiv:${of.arxiv}`);
    put("DO", of.doi);
    for (const note of notes(of)) put("N1", note);
    put("UR", of.url.replaceAll(";", "%3B")); // which parts addresses there
    return `${lines.join("")}ER  - \r\n`;
  }

  function csl(of, key) {
    const item = { id: key, type: { paper: "article", post: "post-weblog" }[of.kind] || "webpage", title: of.title };
    if (of.authors.length) item.author = of.authors.map(cslName);
    if (of.published) item.issued = { "date-parts": [of.published.split("-").map(Number)] };
    if (of.kind !== "paper" && of.source) item["container-title"] = of.source;
    if (of.arxiv) Object.assign(item, { publisher: "arXiv", number: `arXiv:${of.arxiv}` });
    if (of.doi) item.DOI = of.doi;
    if (notes(of).length) item.note = notes(of).join(". ");
    if (of.url) item.URL = of.url;
    return item;
  }

  function cslName(name) {
    const [family, given, suffix] = person(name);
    if (!given) return { literal: family };
    return suffix ? { family, given, suffix } : { family, given };
  }

  // ---------------------------------------------------------------- CSV, Markdown

  function csv(cells) {
    const guarded = cells.map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell));
    return `${guarded.map((cell) => `"${cell.replaceAll("\"", "\"\"")}"`).join(",")}\r\n`;
  }

  function cells(of) {
    return [
      ...[of.id, of.title, of.authors.join("; "), String(of.more), of.published, of.week, of.kind],
      ...[of.source, of.category, of.claims.join("; "), of.topics.join("; "), of.url],
    ];
  }

  function plainly(text) {
    return parts(text)
      .join(" ")
      .replace(/[\\`*_{}[\]<>&|~#$]/g, "\\$&")
      .replaceAll("!\\[", "\\!\\[")
      .replace(/^(\p{Nd}{1,9})([.)])(?=\s|$)/u, "$1\\$2")
      .replace(/^[-+=:]/, "\\$&");
  }

  function link(text, url) {
    if (!LINKED.test(url)) return plainly(text);
    const target = url.replaceAll("\\", "%5C").replaceAll("(", "%28").replaceAll(")", "%29");
    return `[${plainly(text)}](${target.replace(/&(?=#?[A-Za-z0-9]+;)/g, "&amp;")})`;
  }

  function people({ authors, more, source }) {
    const left = Math.max(0, authors.length - SHOWN) + more;
    if (authors.length && left) return `${authors.slice(0, SHOWN).join(", ")} and ${left} more`;
    if (authors.length > 1) return `${authors.slice(0, -1).join(", ")} and ${authors.at(-1)}`;
    return authors[0] || source;
  }

  function line(of) {
    const claims = of.claims.length ? `the authors say: ${of.claims.join("; ")}` : "";
    const beside = [people(of), of.published, claims].filter(Boolean).map(plainly);
    return `- ${[link(of.title, of.url), ...beside].join(" · ")}\n`;
  }

  // ---------------------------------------------------------------- all of them

  const each = (write) => (references) => {
    const named = keys(references);
    return references.map((of, n) => write(of, named[n]));
  };

  const FORMATS = {
    "bibtex": { name: "BibTeX", end: "bib", write: (all) => each(bibtex)(all).join("\n") },
    "ris": { name: "RIS", end: "ris", write: (all) => each(ris)(all).join("") },
    "csl-json": { name: "CSL-JSON", end: "json", write: (all) => `${JSON.stringify(each(csl)(all), null, 2)}\n` },
    "csv": { name: "CSV", end: "csv", write: (all) => csv(COLUMNS) + all.map((of) => csv(cells(of))).join("") },
    "markdown": { name: "Markdown", end: "md", write: (all) => all.map(line).join("") },
  };

  function text(format, records, names = {}) {
    return FORMATS[format].write(records.map((record) => reference(record, names)));
  }

  // ---------------------------------------------------------------- what it needs

  const own = globalThis.document?.currentScript?.src;
  const ROOT = own && new URL(".", own);

  function load(place) {
    return new Promise((resolve, reject) => {
      const failed = () => reject(new Error(`${place} did not load; reload the page to try again`));
      document.head.append(make("script", { src: new URL(place, ROOT), onload: resolve, onerror: failed }));
    });
  }

  async function ready() {
    if (!paper.fold) await load("query.js");
    if (!paper.names) await load("names.js");
  }

  async function opened() {
    await ready();
    if (!paper.archive) await load("archive.js");
    await paper.archive.open(ROOT);
    return paper.archive;
  }

  /** Records of a list by their number, from its index. Whoever else waits for that gets it, too. */
  async function listed(folder, numbers) {
    let found = null;
    const before = paper.index;
    paper.index = (index) => {
      if (index.week === folder) found = index;
      if (before) before(index);
    };
    try {
      await load(`${folder}/index.js`);
    } finally {
      paper.index = before;
    }
    if (!found) throw new Error(`${folder}/index.js was not read; try again`);
    const record = (n) => Object.fromEntries(found.fields.map((name, k) => [name, found.entries[n][k]]));
    return new Map(numbers.map((n) => [n, record(n)]));
  }

  /** The records of the lines that a filter box has left, in their order. */
  async function left(box) {
    const places = [...document.querySelectorAll(box.dataset.filter)]
      .map((line, n) => [line, line.dataset.week || box.dataset.week, Number(line.dataset.n || n)])
      .filter(([line]) => !line.closest("[hidden]"));
    const weeks = new Set(places.map(([, week]) => week));
    const found = new Map();
    for (const week of weeks) {
      const numbers = places.filter(([, of]) => of === week).map(([, , n]) => n);
      found.set(week, await (week.includes("/") ? listed(week, numbers) : ofIssue(week, numbers)));
    }
    return places.map(([, week, n]) => found.get(week).get(n));
  }

  async function ofIssue(week, numbers) {
    const records = await (await opened()).recordsOf(week, numbers);
    return new Map(numbers.map((n, at) => [n, records[at]]));
  }

  // ---------------------------------------------------------------- the menu

  function make(tag, values = {}, ...children) {
    const made = Object.assign(document.createElement(tag), values);
    made.append(...children);
    return made;
  }

  function save(written, file) {
    const url = URL.createObjectURL(new Blob([written], { type: "text/plain;charset=utf-8" }));
    make("a", { href: url, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  /** A page on a disk, or on a host without TLS, may have no clipboard: then what is selected is copied. */
  async function copy(written, home) {
    if (navigator.clipboard) {
      try {
        return await navigator.clipboard.writeText(written);
      } catch {
        // It may be forbidden: the other way is left.
      }
    }
    const area = make("textarea", { value: written, readOnly: true });
    home.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("this browser lets no page copy; download it instead");
  }

  function counted(length, count = length) {
    const number = (value) => value.toLocaleString("en");
    if (count > length) return `The first ${number(length)} of ${number(count)} entries`;
    return length === 1 ? "1 entry" : `${number(length)} entries`;
  }

  function menu(home, records, name) {
    const told = make("p", { className: "told" });
    told.setAttribute("role", "status");
    const choice = make(
      "select",
      { id: "take-format" },
      ...Object.entries(FORMATS).map(([value, format]) => make("option", { value, textContent: format.name })),
    );
    const act = (label, how, after) => {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", async () => {
        try {
          await ready();
          const given = await records();
          const all = given.records ?? given;
          if (!all.length) return void (told.textContent = "There is nothing here to take along.");
          const format = FORMATS[choice.value];
          await how(text(choice.value, all, paper.names), `${name}.${format.end}`);
          told.textContent = `${counted(all.length, given.count)} as ${format.name} ${after}.`;
        } catch (error) {
          told.textContent = `Not ${after}: ${error.message}.`;
        }
      });
      return button;
    };
    home.replaceChildren(
      make(
        "details",
        {},
        make("summary", { textContent: "Take it along" }),
        make(
          "p",
          {},
          make("label", { htmlFor: choice.id, textContent: "As" }),
          ...[" ", choice, " ", act("Download", async (...file) => save(...file), "downloaded")],
          ...[" ", act("Copy", (written) => copy(written, home), "copied")],
        ),
        told,
      ),
    );
  }

  paper.take = { text, menu, formats: Object.keys(FORMATS) };

  const box = globalThis.document?.querySelector("[data-filter]");
  if (!box) return;
  const home = make("div", { className: "take" });
  box.querySelector(".below > details").before(home); // what is there already stays where it is
  menu(home, () => left(box), `sunday-paper-${box.dataset.week.replaceAll("/", "-")}`);
})((globalThis.SundayPaper ??= {}));
