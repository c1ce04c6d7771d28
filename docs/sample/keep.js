/* What a reader keeps on this device: stars, thumbs, chosen topics, venues, people and queries.
 *
 * One value of localStorage holds {format, items}. An item has a key that begins with its kind, and
 * `at`, the time of its last change in milliseconds; what was taken back stays a while with `on`
 * false, so that two tabs, or a file from another device, are put together item by item: the later
 * one holds. What has another shape is never written over: it is set aside under a key of its own.
 *
 *   star:ID   {on, title, url, page, authors, more, week, …}    thumb:ID  {value: 1, -1 or 0, title, week, …}
 *   topic:ID  {on, name}      venue:ID  {on, name}              edition   {on, id, name, match}
 *   people    {text}          queries   {text}                  one a line, as they were written
 *
 * SundayPaper.keep.of(storage, now) is pure but for the storage that it is given; SundayPaper.keep
 * itself is that of this page.
 */
(function (paper) {
  "use strict";

  const KEY = "sundaypaper.mine";
  const ASIDE = `${KEY}.aside.`;
  const FORMAT = 2;
  const FORGOTTEN = 90 * 86400e3; // how long what was taken back is remembered, in milliseconds
  const LONGEST = 2000; // characters of a title, a name, an address
  const MOST_TEXT = 100000; // characters of all queries

  // ---------------------------------------------------------------- items

  const isText = (value, most = LONGEST) => typeof value === "string" && value.length <= most;
  const isTexts = (value) => Array.isArray(value) && value.every((one) => isText(one));
  const isWeb = (url) => url === "" || (isText(url) && /^https?:\/\//i.test(url));
  const isPage = (page) => page === "" || /^e\/[\w.-]+\/index\.html$/.test(page);
  const isCount = (value) => Number.isInteger(value) && value >= 0;
  const isClaims = (value) => Array.isArray(value) && value.every((claim) => Array.isArray(claim) && claim.every((part) => part === null || isText(part) || isCount(part)));

  // What a star or thumb may hold of its entry; a star holds enough to be cited without any index.
  const FIELDS = {
    ...{ title: isText, url: isWeb, page: isPage, week: isText, kind: isText, source: isText, group: isText, day: isText },
    ...{ authors: isTexts, more: isCount, topics: isTexts, claims: isClaims, has: isTexts, ring: isText, gist: isText },
    ...{ published: isText, category: isText, tex: isText, score: Number.isFinite, vector: isText, axes: isText, whole: (value) => value === true },
  };
  const isEntry = (item) => isText(item.title) && Object.entries(FIELDS).every(([name, is]) => item[name] === undefined || is(item[name]));

  const isOn = (item) => typeof item.on === "boolean";
  const isNamed = (item) => isOn(item) && (!item.on || isText(item.name));
  const isLines = (item) => isText(item.text, MOST_TEXT);
  const KINDS = {
    star: (item) => isOn(item) && (!item.on || isEntry(item)),
    thumb: (item) => item.value === 0 || ([1, -1].includes(item.value) && isEntry(item)),
    topic: isNamed,
    venue: isNamed,
    edition: (item) => isOn(item) && (!item.on || [item.id, item.name, item.match].every((text) => isText(text))),
    people: isLines,
    queries: isLines,
  };
  const ALONE = ["edition", "people", "queries"];

  function isItem(key, item) {
    const [kind] = key.split(":", 1);
    const alone = ALONE.includes(kind);
    if (!Object.hasOwn(KINDS, kind) || alone !== (key === kind) || key.length > LONGEST) return false;
    const plain = item !== null && typeof item === "object" && !Array.isArray(item);
    return plain && Number.isFinite(item.at) && item.at >= 0 && KINDS[kind](item);
  }

  const gone = (item) => item.on === false || item.value === 0;

  /** Keys in order, so that the same items are the same text. */
  function sorted(value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(sorted);
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
  }

  const write = (items) => JSON.stringify({ format: FORMAT, items: sorted(Object.fromEntries(items)) });

  /** Of two items of one key the later one; of two at the same time always the same. */
  function later(one, other) {
    if (!one || !other) return one || other;
    if (one.at !== other.at) return one.at > other.at ? one : other;
    return JSON.stringify(sorted(one)) >= JSON.stringify(sorted(other)) ? one : other;
  }

  function merge(one, other) {
    const both = new Map(one);
    for (const [key, item] of other) both.set(key, later(both.get(key), item));
    return both;
  }

  // ---------------------------------------------------------------- texts

  /** What this page kept before it had stars: {edition, topics: [[id, name]], venues, queries: [text]}. */
  function earlier(kept) {
    const items = new Map();
    for (const [name, kind] of [["topics", "topic"], ["venues", "venue"]]) {
      for (const pair of Array.isArray(kept[name]) ? kept[name] : []) {
        if (Array.isArray(pair)) items.set(`${kind}:${pair[0]}`, { at: 0, on: true, name: String(pair[1] ?? pair[0]) });
      }
    }
    const queries = Array.isArray(kept.queries) ? kept.queries.join("\n") : kept.queries;
    if (queries) items.set("queries", { at: 0, text: queries });
    if (kept.edition) items.set("edition", { at: 0, on: true, ...kept.edition });
    return items;
  }

  const OLD = ["edition", "topics", "venues", "queries"];
  const wellMade = (kept) => ["topics", "venues", "queries"].every((name) => kept[name] === undefined || Array.isArray(kept[name]));

  /** {items, strange}: strange where anything in the text is not as this page writes it. */
  function read(text) {
    const none = { items: new Map(), strange: true };
    if (text === null) return { ...none, strange: false };
    let kept;
    try {
      kept = JSON.parse(text);
    } catch {
      return none;
    }
    if (kept === null || typeof kept !== "object" || Array.isArray(kept)) return none;
    const isOld = kept.format === undefined && OLD.some((name) => Object.hasOwn(kept, name));
    if (!isOld && (kept.format !== FORMAT || typeof kept.items !== "object" || kept.items === null)) return none;
    const given = isOld ? [...earlier(kept)] : Object.entries(kept.items);
    const good = given.filter(([key, item]) => isItem(key, item));
    return { items: new Map(good), strange: good.length < given.length || (isOld && !wellMade(kept)) };
  }

  /** Three texts of lines put together: what this tab wrote, and what another one added or took away since. */
  function joined(base, mine, theirs) {
    if (theirs === base || theirs === mine) return mine;
    if (mine === base) return theirs;
    const [was, here, there] = [base, mine, theirs].map((text) => text.split("\n"));
    const left = here.filter((line) => there.includes(line) || !was.includes(line));
    const added = there.filter((line) => line.trim() && !was.includes(line) && !here.includes(line));
    return [...left, ...added].join("\n");
  }

  // ---------------------------------------------------------------- a storage

  const FULL = "This browser has no room left for it, so that was not kept. Save what you keep as a file, or take some stars away.";
  const SHUT = "This browser lets no page keep anything here.";
  const STRANGE = "What was kept here before is not as this page writes it. It is set aside, untouched, and goes into the file when you save what you keep.";

  function of(storage, now) {
    let known = new Map();
    let told = "";
    const listeners = [];
    const tell = () => listeners.forEach((listener) => listener());

    /** Every text that was set aside, by its key. */
    function asides() {
      const found = [];
      for (let n = 0; storage.getItem(ASIDE + n) !== null; n++) found.push(storage.getItem(ASIDE + n));
      return found;
    }

    function setAside(text) {
      const before = asides();
      if (!before.includes(text)) storage.setItem(ASIDE + before.length, text);
    }

    function look() {
      const text = storage.getItem(KEY);
      const found = read(text);
      if (found.strange) told = STRANGE;
      known = text === null ? new Map() : merge(known, found.items); // none is there: forgotten elsewhere
      return found.strange ? text : null;
    }

    function refused(bad) {
      if (bad instanceof TypeError) throw bad;
      told = bad && bad.name === "SecurityError" ? SHUT : FULL;
      return { kept: false, why: told };
    }

    /** Puts items where all tabs see them, at once; {kept, why}. */
    function put(changes) {
      const before = known;
      try {
        const strange = look();
        const next = new Map(known);
        for (const [key, item] of Object.entries(changes)) {
          if (!isItem(key, { ...item, at: 0 })) throw new TypeError(`${key} is nothing that is kept`);
          const at = Math.max(now(), (next.get(key)?.at ?? -1) + 1);
          next.set(key, { ...item, at });
        }
        for (const [key, item] of next) if (gone(item) && item.at < now() - FORGOTTEN) next.delete(key);
        if (strange !== null) setAside(strange);
        storage.setItem(KEY, write(next));
        known = next;
      } catch (bad) {
        known = before;
        return refused(bad);
      }
      tell();
      return { kept: true, why: "" };
    }

    function reload() {
      try {
        look();
      } catch (bad) {
        refused(bad);
      }
      tell();
    }

    /** What another tab wrote; what it had not seen yet of this one's is written again. */
    function heard(text) {
      if (text === null) known = new Map();
      const found = read(text);
      const both = merge(known, found.items);
      known = both;
      try {
        if (!found.strange && text !== null && write(both) !== write(found.items)) storage.setItem(KEY, write(both));
      } catch (bad) {
        refused(bad);
      }
      tell();
    }

    function forget() {
      known = new Map();
      told = "";
      try {
        for (let n = asides().length - 1; n >= 0; n--) storage.removeItem(ASIDE + n);
        storage.removeItem(KEY);
      } catch (bad) {
        refused(bad);
      }
      tell();
    }

    const list = (kind) =>
      [...known].filter(([key, item]) => key.startsWith(`${kind}:`) && !gone(item))
        .map(([key, item]) => ({ id: key.slice(kind.length + 1), ...item }))
        .sort((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1));

    return {
      put,
      reload,
      heard,
      forget,
      list,
      get: (key) => known.get(key),
      told: () => told,
      changed: (listener) => listeners.push(listener),
      /** Of a record of the archive what an item may hold. */
      record: (given) => Object.fromEntries(Object.entries(FIELDS).filter(([name, is]) => given[name] !== undefined && is(given[name])).map(([name]) => [name, given[name]])),
      /** Newest first: [{id, title, authors, url, page, week, …}]. */
      stars: () => list("star").map(({ at, on, ...star }) => ({ authors: [], url: "", week: "", ...star })),
      thumbs: () => list("thumb"),
      /** The people or queries as `mine` says, with what other tabs added since `base` was read. */
      lines: (name, base, mine) => put({ [name]: { text: joined(base, mine, known.get(name)?.text ?? "") } }),
      saved: () => `${JSON.stringify({ paper: "sundaypaper", format: FORMAT, items: sorted(Object.fromEntries(known)), aside: asides() }, null, 1)}\n`,
      /** Takes over what a file holds where it is newer; {taken, known, refused} are counts, or {why}. */
      take: (text) => taken(text),
    };

    function taken(text) {
      let given;
      try {
        given = JSON.parse(text);
      } catch {
        return { why: "This file holds no JSON, so nothing was taken from it." };
      }
      const whole = given !== null && typeof given === "object" && typeof given.items === "object" && given.items !== null;
      if (!whole || given.format !== FORMAT) return { why: `This file is none that this page saved in format ${FORMAT}, so nothing was taken from it.` };
      const entries = Object.entries(given.items);
      const good = entries.filter(([key, item]) => isItem(key, item) && item.at <= now() + 86400e3);
      const fresh = good.filter(([key, item]) => later(known.get(key), item) !== known.get(key) || !known.has(key));
      const before = known;
      try {
        const strange = look();
        if (strange !== null) setAside(strange);
        const next = merge(known, new Map(fresh));
        storage.setItem(KEY, write(next));
        known = next;
      } catch (bad) {
        known = before;
        return refused(bad);
      }
      tell();
      return { taken: fresh.length, known: good.length - fresh.length, refused: entries.length - good.length };
    }
  }

  // ---------------------------------------------------------------- this page's own

  /** A storage that is shut off answers as one that holds nothing and has no room. */
  function own() {
    try {
      return globalThis.localStorage ?? shut();
    } catch {
      return shut();
    }
  }

  function shut() {
    const no = () => {
      throw Object.assign(new Error(SHUT), { name: "SecurityError" });
    };
    return { getItem: no, setItem: no, removeItem: no };
  }

  const keep = of(own(), Date.now);
  keep.reload();
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY || key === null) keep.heard(key === null ? null : newValue);
  });
  addEventListener("pageshow", ({ persisted }) => persisted && keep.reload());
  paper.keep = { ...keep, of, read, merge, joined, KEY };
})((globalThis.SundayPaper ??= {}));
