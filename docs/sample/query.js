/* The filter language in the browser; src/sundaypaper/query says what it means, and both must agree.
 *
 * SundayPaper.fold(text)           the folded words of a text, one space apart
 * SundayPaper.parse(text, names?)  {text, tree}; throws a QueryError {column, message}
 * SundayPaper.known(names, cards)  the names of a vocabulary with those that cards hold
 * SundayPaper.hints(text)          [{message, query}]: what a query that parses may have meant otherwise
 * SundayPaper.looser(tree)         [[what was done, tree]]: the tree with one part left out, for each part
 * SundayPaper.byAuthor(tree)       the same for words alone: an author of that name
 * SundayPaper.written(tree)        the one way to write a tree
 * SundayPaper.card(entry)          an entry of an index, folded once
 * SundayPaper.test(filter)         card => boolean, compiled once for many cards
 * SundayPaper.match(filter, card)  boolean
 * SundayPaper.asked(filter)        its tree as test() takes it, with the forms of its words
 *
 * names is a vocabulary as vocabulary.js gives it, {values, aliases, forgiving?}, each a list of pairs by
 * field; without one it is SundayPaper.vocabulary where that is loaded, else any name is taken.
 */
(function (paper) {
  "use strict";

  const MAX_LENGTH = 8000;
  const MAX_DEPTH = 50;
  const LONGEST_TITLE = 300;
  const CLAIM_FIELDS = ["venue", "year", "track", "status", "presentation"];
  const CHOICES = {
    track: ["main", "findings", "workshop", "datasets", "position", "demo", "challenge", "journal", "other"],
    status: ["accepted", "submitted", "rejected", "withdrawn"],
    presentation: ["oral", "spotlight", "highlight", "poster", "best_paper", "finalist"],
    ring: ["accepted", "near", "field"],
    kind: ["paper", "post", "course", "event"],
    has: ["code", "data", "survey", "tutorial", "course", "event", "release", "weights", "project"],
  };
  const FOLDED = ["title", "topic", "venue", "author", "source", "group"];
  const PREFIXED = [...FOLDED, "cat", "id"];
  const FIELDS = [...FOLDED, "year", ...Object.keys(CHOICES), "cat", "id", "week", "since", "until"];
  const TERM = "a word, a phrase or '('";
  const DAY = 86400000;

  // What Python's \s is: JavaScript's leaves out six controls and takes in U+FEFF.
  const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const QUOTES = "\"“”„‟«»‹›「」『』〝〞";
  // Before a word all of them exclude it, as - does, and so do two in a row; alone, those of prose are punctuation.
  const DASHES = "‐‑‒–—―−﹘﹣";
  const END = `${SPACE}()${QUOTES}`;
  const PHRASE = `[${QUOTES}][^${QUOTES}]*[${QUOTES}]\\*?`;
  // The first that fits is taken.
  const TOKEN = new RegExp(
    [
      `(?<SPACE>[${SPACE}]+|[${DASHES}]+(?=[${SPACE}]|$))`,
      ...["OR", "AND", "NOT"].map((word) => `(?<${word}>${word}(?![^${END}]))`),
      `(?<FIELD>[A-Za-z][A-Za-z_-]*:(?:${PHRASE}|[^${END}]+))`,
      `(?<PHRASE>${PHRASE})`,
      `(?<WORD>[^${END}!${DASHES}-][^${END}]*)`,
      `(?<MINUS>[!${DASHES}-]+(?=[^${SPACE}!${DASHES}-]))`,
      "(?<OPEN>\\()",
      "(?<CLOSE>\\))",
    ].join("|"),
    "y",
  );
  const INK = new RegExp(`[^${SPACE}]`);
  const STRIP = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
  // What a keyboard of East Asia writes for the signs of the language, one character for another.
  const FULL_WIDTH = new Map(Array.from("：（）！－＂＊", (sign, at) => [sign, ':()!-"*'[at]]));
  // Soft hyphen, zero-width characters and bidi controls come along when a text is pasted.
  const INVISIBLE = /\u034f|[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;
  const IDENTIFIER = new RegExp(`^[^${SPACE}*${QUOTES}]+$`);
  const CATEGORY = /^[a-z0-9][a-z0-9.-]*$/;
  const YEAR = /^[12][0-9]{3}$/;
  const PERIOD = /^([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?|-[Ww]([0-9]{2}))?$/;

  class QueryError extends Error {
    /** at counts UTF-16 units from 0; column counts characters from 1; offer is the query that was meant, if any. */
    constructor(text, at, message, offer = "") {
      super(message);
      this.at = at;
      this.offer = offer;
      this.column = length(text.slice(0, at)) + 1;
    }
  }

  // ---------------------------------------------------------------- text

  // A character of Chinese or Japanese is a word by itself: nothing tells where the next one begins.
  const LETTER_WORD = "\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const WORD = new RegExp(`(?=[\\p{L}\\p{N}])[${LETTER_WORD}]|(?:(?![${LETTER_WORD}])[\\p{L}\\p{N}])+`, "gu");
  // Letters that no decomposition makes plain, as a reader without them types them.
  const PLAIN = new Map([
    ["ł", "l"], ["ø", "o"], ["đ", "d"], ["ð", "d"], ["ħ", "h"], ["ŧ", "t"], ["ı", "i"], ["ŋ", "n"],
    ["ß", "ss"], ["æ", "ae"], ["œ", "oe"], ["þ", "th"], ["ς", "σ"],
  ]);

  function fold(text) {
    if (/^[\x00-\x7f]*$/.test(text)) return (text.toLowerCase().match(/[a-z0-9]+/g) || []).join(" ");
    const bare = text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
    const plain = bare.replace(/[łøđðħŧıŋßæœþς]/g, (letter) => PLAIN.get(letter));
    return (plain.toLowerCase().match(WORD) || []).join(" ");
  }

  /** In characters, as Python counts them. */
  function length(text) {
    return Array.from(text).length;
  }

  function shorten(text, limit) {
    const letters = Array.from(text);
    if (letters.length <= limit) return text;
    const cut = letters.lastIndexOf(" ", limit - 2);
    const head = letters.slice(0, cut > limit / 2 ? cut : limit - 1).join("");
    return `${head.replace(/[ ,;:.\-–—(]+$/, "")}…`;
  }

  /** The known field that a misspelt one is most like, as Python's difflib finds it. */
  function nearest(word) {
    let near = "";
    let best = 0.6;
    for (const field of FIELDS) {
      const ratio = (2 * common(field, word)) / (field.length + word.length);
      if (ratio > best || (ratio === best && field > near)) [near, best] = [field, ratio];
    }
    return near;
  }

  /** How many letters two words share: the longest run, and so on at both of its sides. */
  function common(a, b) {
    for (let size = Math.min(a.length, b.length); size; size--) {
      for (let i = 0; i + size <= a.length; i++) {
        const j = b.indexOf(a.slice(i, i + size));
        if (j < 0) continue;
        const before = common(a.slice(0, i), b.slice(0, j));
        return size + before + common(a.slice(i + size), b.slice(j + size));
      }
    }
    return 0;
  }

  // ---------------------------------------------------------------- text to tree

  function parse(text, names = paper.vocabulary) {
    const letters = Array.from(text);
    if (letters.length > MAX_LENGTH) {
      const message = `the query is too long: ${letters.length} characters, at most ${MAX_LENGTH}`;
      throw new QueryError(text, letters.slice(0, MAX_LENGTH).join("").length, message);
    }
    const { plain, places } = visible(text);
    if (!INK.test(plain)) throw new QueryError(text, 0, `the query is empty: expected ${TERM}`);
    try {
      return { text, tree: new Reader(plain, checked(plain), names && prepared(names)).any() };
    } catch (bad) {
      throw bad instanceof QueryError ? new QueryError(text, places[bad.at], bad.message, bad.offer) : bad;
    }
  }

  /** A query without what nobody sees, and where each unit of it stood; the last place is the end. */
  function visible(text) {
    const places = [];
    for (let at = 0; at < text.length; at++) if (!INVISIBLE.test(text[at])) places.push(at);
    const plain = places.map((at) => FULL_WIDTH.get(text[at]) ?? text[at]).join("");
    return { plain, places: [...places, text.length] };
  }

  function* tokens(text) {
    for (let at = 0; at < text.length; ) {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (!found) {
        const sign = text[at];
        const message = `-!${DASHES}`.includes(sign) ? `'${sign}' wants ${TERM} right after it` : "unclosed quote";
        throw new QueryError(text, at, message);
      }
      const type = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
      if (type !== "SPACE") yield { type, text: found[0], at };
      at += found[0].length;
    }
  }

  /** The tokens of a text that follows the grammar; values and depth are not looked at yet. */
  function checked(text) {
    const found = [];
    let depth = 0;
    let wants = true;
    for (const token of tokens(text)) {
      if (wants && ["OR", "AND", "CLOSE"].includes(token.type)) {
        throw new QueryError(text, token.at, `expected ${TERM}, found ${token.text}`);
      }
      if (token.type === "CLOSE" && !depth) {
        throw new QueryError(text, token.at, "this ')' closes nothing");
      }
      if (token.type === "OPEN") depth++;
      if (token.type === "CLOSE") depth--;
      wants = !["FIELD", "PHRASE", "WORD", "CLOSE"].includes(token.type);
      found.push(token);
    }
    if (wants) throw new QueryError(text, text.length, `expected ${TERM}`);
    if (depth) throw new QueryError(text, text.length, "unclosed '(': expected ')'");
    return found;
  }

  /** any: all (OR all)*   all: unary (AND? unary)*   unary: (NOT | -)* (leaf | "(" any ")") */
  class Reader {
    constructor(text, tokens, names) {
      Object.assign(this, { text, tokens, names, at: 0, depth: 0 });
    }

    next() {
      return this.at < this.tokens.length ? this.tokens[this.at].type : "";
    }

    any() {
      const members = [this.all()];
      for (; this.next() === "OR"; members.push(this.all())) this.at++;
      return joined("any", members);
    }

    all() {
      const members = [this.unary()];
      while (!["OR", "CLOSE", ""].includes(this.next())) {
        if (this.next() === "AND") this.at++;
        members.push(this.unary());
      }
      return joined("all", members);
    }

    unary() {
      let excluded = false;
      for (; ["NOT", "MINUS"].includes(this.next()); this.at++) excluded = !excluded;
      const node = this.atom();
      return excluded ? negated(node) : node;
    }

    atom() {
      const token = this.tokens[this.at++];
      if (token.type !== "OPEN") return this.leaf(token);
      if (this.depth === MAX_DEPTH) throw this.error(token, `more than ${MAX_DEPTH} parentheses deep`);
      this.depth++;
      const node = this.any();
      this.depth--;
      this.at++;
      return node;
    }

    leaf(token) {
      const colon = token.text.indexOf(":");
      if (token.type === "FIELD" || /^[A-Za-z]+:$/.test(token.text)) {
        return this.meant(token, this.field(token, token.text.slice(0, colon).toLowerCase(), token.text.slice(colon + 1)));
      }
      const { value, prefix } = this.value(token, token.text);
      const quoted = QUOTES.includes(token.text[0]);
      return { kind: "words", words: this.folded(token, value).split(" "), prefix, quoted };
    }

    field(token, field, rest) {
      if (!FIELDS.includes(field)) {
        const near = nearest(field);
        const known = near ? `did you mean ${near}?` : this.instead(rest);
        throw this.error(token, `unknown field ${shorten(field, 40)}: ${known}`, near && `${near}:${rest}`);
      }
      const { value, prefix } = this.value(token, rest);
      if (!value) throw this.error(token, `${field}: wants a value right after the colon`);
      if (prefix && !PREFIXED.includes(field)) throw this.error(token, `${field} takes no *`);
      if (FOLDED.includes(field)) {
        const bare = field === "venue" ? value.replace(/^other:/i, "") : field === "author" ? inOrder(value) : value;
        const quoted = field === "title" && QUOTES.includes(rest[0]);
        return { kind: "is", field, value: this.folded(token, bare), prefix, quoted };
      }
      return { kind: "is", field, value: this.exact(token, field, value), prefix };
    }

    /** The leaf with the names that cards hold. */
    meant(token, leaf) {
      if (!this.names || !this.names.values[leaf.field]) return leaf;
      const found = leaf.prefix ? begun(this.names, leaf) : named(this.names, leaf);
      if (found || this.names.forgiving) return found || leaf;
      const [message, near] = unknown(this.names, leaf.field, leaf.value);
      throw this.error(token, message, near && `${leaf.field}:${/[^\p{L}\p{N}.*-]/u.test(near) ? `"${near}"` : near}`);
    }

    /** What to do about a colon behind no field: before a space it is that of a title, most likely. */
    instead(rest) {
      const quotes = Array.from(QUOTES).some((quote) => this.text.includes(quote));
      if (rest || quotes || length(this.text) > LONGEST_TITLE) return `the fields are ${FIELDS.join(", ")}`;
      return `a title with a colon stands in quotes: "${this.text.replace(STRIP, "")}"`;
    }

    /** Without its quotes and its last *, and whether there was one. */
    value(token, raw) {
      let prefix = raw.endsWith("*");
      let bare = prefix ? raw.slice(0, -1) : raw;
      if (bare && QUOTES.includes(bare[0])) {
        bare = bare.slice(1, -1);
        if (!prefix && bare.endsWith("*")) [bare, prefix] = [bare.slice(0, -1), true];
      } else if (bare.includes("*")) {
        throw this.error(token, "* stands only at the end of a word or a phrase");
      }
      return { value: bare.replace(STRIP, ""), prefix };
    }

    folded(token, value) {
      const words = fold(value);
      if (!words) throw this.error(token, `${shorten(token.text, 40)} has no letter or digit to look for`);
      return words;
    }

    exact(token, field, value) {
      const [kept, message] = exact(field, value);
      if (message) throw this.error(token, message);
      return kept;
    }

    /** The query with another token in the place of this one is offered, where it can be read. */
    error(token, message, instead = "") {
      const offer = this.text.slice(0, token.at) + instead + this.text.slice(token.at + token.text.length);
      return new QueryError(this.text, token.at, message, instead && parses(offer) ? offer : "");
    }
  }

  // ---------------------------------------------------------------- names that there are

  const SHOWN = 200;
  const SAID = { cat: "category", group: "group of sources" };
  // As in "IEEE/CVF Conference on …": words before a name that are no part of it.
  const ADORNED = /^(?:(?:the|proceedings of|proc|ieee|cvf|acm|annual) )+/;
  const DATED = /^(.*[^0-9 ]) ?((?:19|20)?[0-9]{2})$/;
  const DATED_FIRST = /^((?:19|20)[0-9]{2}) (.+)$/;
  const ready = new WeakMap();

  /** A vocabulary with its lists of pairs as maps; made once. */
  function prepared(names) {
    const maps = (lists) => Object.fromEntries(Object.entries(lists).map(([field, pairs]) => [field, new Map(pairs)]));
    if (!ready.has(names)) {
      ready.set(names, { values: maps(names.values), aliases: maps(names.aliases), forgiving: Boolean(names.forgiving) });
    }
    return ready.get(names);
  }

  /** What is on the cards at hand is there, whatever a vocabulary knows; an open field stays open. */
  function known(names, cards) {
    if (!names) return names;
    const values = Object.entries(names.values).map(([field, pairs]) => {
      const found = new Set();
      for (const card of cards) {
        for (const value of field === "venue" ? card.claims.map((claim) => claim.venue) : card.fields[field]) found.add(value);
      }
      const all = new Map(pairs);
      for (const value of found) if (value && !all.has(value)) all.set(value, value);
      return [field, [...all]];
    });
    return { ...names, values: Object.fromEntries(values) };
  }

  const noAlias = new Map();
  const aliasesOf = (names, field) => names.aliases[field] || noAlias;

  function named(names, leaf) {
    const { field, value } = leaf;
    const same = knownAs(names, field, value);
    if (same) return same === value ? leaf : is(field, same);
    const [name, year] = field === "venue" ? dated(value) : ["", ""];
    const venue = knownAs(names, field, name);
    return venue && { kind: "all", of: [is("venue", venue), { kind: "is", field: "year", value: year, prefix: false }] };
  }

  function is(field, value) {
    return { kind: "is", field, value, prefix: false, quoted: false };
  }

  /** The value that a name means, "" for none. */
  function knownAs(names, field, name) {
    const plain = withoutAnd(name);
    for (const each of [name, plain, plain.replace(ADORNED, "")]) {
      if (names.values[field].has(each)) return each;
      if (aliasesOf(names, field).has(each)) return aliasesOf(names, field).get(each);
    }
    return "";
  }

  /** What begins so: the values, or what others of that beginning mean. */
  function begun(names, leaf) {
    for (const value of names.values[leaf.field].keys()) if (value.startsWith(leaf.value)) return leaf;
    const meant = new Set();
    for (const [name, value] of aliasesOf(names, leaf.field)) if (name.startsWith(leaf.value)) meant.add(value);
    return meant.size ? joined("any", [...meant].map((value) => is(leaf.field, value))) : null;
  }

  /** The sentence about a name that is none, and the nearest that is, "" for none. */
  function unknown(names, field, value) {
    const told = `there is no ${SAID[field] || field} “${shorten(value, 60)}”`;
    const values = names.values[field];
    if (field === "cat" && [...values.keys()].some((name) => name.startsWith(`${value}.`))) {
      return [`${told}; did you mean “${value}.*”?`, `${value}.*`];
    }
    const spellings = new Map();
    for (const [name, meant] of aliasesOf(names, field)) spellings.set(name, values.get(meant));
    for (const [name, spelling] of values) spellings.set(name, spelling);
    const [name, year] = field === "venue" ? dated(value) : ["", ""];
    const nearVenue = name && nearestName(name, [...spellings.keys()]);
    const whole = nearVenue ? "" : nearestName(value, [...spellings.keys()]);
    const near = nearVenue ? `${spellings.get(nearVenue)} ${year}` : whole && spellings.get(whole);
    if (near) return [`${told}; did you mean “${near}”?`, near];
    const some = shorten([...new Set(values.values())].join(", "), SHOWN);
    return [some ? `${told}; there are ${some}` : `${told}: there is none at all`, ""];
  }

  /** The name that a word is most like, and of several the first that begins most like it. */
  function nearestName(word, names) {
    const wanted = Array.from(word).slice(0, 60).join("").toLowerCase();
    let [near, best, begins] = ["", 0.6, -1];
    for (const name of names) {
      const lower = name.toLowerCase();
      const ratio = (2 * common(wanted, lower)) / (length(wanted) + length(lower));
      if (ratio < best) continue;
      const start = beginning(wanted, lower);
      if (ratio > best || start > begins) [near, best, begins] = [name, ratio, start];
    }
    return near;
  }

  function beginning(a, b) {
    let size = 0;
    while (size < a.length && a[size] === b[size]) size++;
    return size;
  }

  function withoutAnd(name) {
    return name.split(" ").filter((word) => word !== "and").join(" ");
  }

  /** A venue's folded name apart from its year: "neurips2025", "cvpr 26", "2026 cvpr". */
  function dated(name) {
    const last = DATED.exec(name);
    if (last) return [last[1], last[2].length === 4 ? last[2] : `20${last[2]}`];
    const first = DATED_FIRST.exec(name);
    return first ? [first[2], first[1]] : ["", ""];
  }

  // ---------------------------------------------------------------- what may have been meant

  const OPERATORS = ["or", "not", "and"];
  const BEFORE = ["FIELD", "PHRASE", "WORD", "CLOSE"];
  const EXCLUDING = ["MINUS", "NOT"];
  const BEHIND = ["FIELD", "PHRASE", "WORD", "OPEN", ...EXCLUDING];

  /** A hint where an operator stands in lower case between two parts; none for what does not parse. */
  function hints(text) {
    const plain = visible(text).plain.replace(STRIP, "");
    const found = parses(plain) ? operators(plain) : [];
    let meant = plain;
    for (const { text: word, at } of found) meant = meant.slice(0, at) + word.toUpperCase() + meant.slice(at + word.length);
    if (!found.length || !parses(meant)) return [];
    const words = OPERATORS.filter((word) => found.some((token) => token.text === word)).map((word) => `“${word}”`);
    const message = words.length === 1 ? `${words[0]} is looked for as a word` : `${words.join(" and ")} are looked for as words`;
    return [{ message, query: meant }];
  }

  /** The operators in lower case that stand between two parts that they could join. */
  function operators(plain) {
    const each = [...tokens(plain)];
    return each.filter(({ type, text }, at) => {
      const [before, behind] = [each[at - 1]?.type, each[at + 1]?.type];
      if (type !== "WORD" || !OPERATORS.includes(text) || !BEFORE.includes(before) || !BEHIND.includes(behind)) return false;
      return text !== "not" || !EXCLUDING.includes(behind);
    });
  }

  function parses(text) {
    try {
      parse(text, null);
      return true;
    } catch {
      return false;
    }
  }

  /** The tree with one part left out, for each part; a phrase as its separate words.
   *
   * A part that would leave nothing but negations stays.
   */
  function looser(node) {
    if (node.kind === "words" && node.words.length > 1) {
      const last = node.words.length - 1;
      const of = node.words.map((word, at) => ({ kind: "words", words: [word], prefix: node.prefix && at === last, quoted: false }));
      return [["The words apart", { kind: "all", of }]];
    }
    if (node.kind !== "all") return [];
    return node.of.flatMap((left) => {
      const rest = node.of.filter((member) => member !== left);
      if (rest.every((member) => member.kind === "not")) return [];
      return [[`Without ${written(left)}`, rest.length === 1 ? rest[0] : { kind: "all", of: rest }]];
    });
  }

  /** Two to four words alone may be somebody's name. */
  function byAuthor(tree) {
    const words = tree.kind === "all" ? tree.of : [tree];
    if (!words.every((word) => word.kind === "words" && !word.prefix)) return [];
    const name = words.flatMap((word) => word.words);
    if (name.length < 2 || name.length > 4) return [];
    return [["By an author of that name", { kind: "is", field: "author", value: name.join(" "), prefix: false }]];
  }

  /** The one way to write a tree, which parses to the same tree. */
  function written(node) {
    if (node.kind === "words") return asAsked(node.words.join(" ") + (node.prefix ? "*" : ""), node.quoted);
    if (node.kind === "is") {
      const value = node.value + (node.prefix ? "*" : "");
      const quoted = new RegExp(`[${SPACE}()]`).test(value) ? `"${value}"` : value;
      return `${node.field}:${node.field === "title" ? asAsked(value, node.quoted) : quoted}`;
    }
    if (node.kind === "not") {
      const inner = written(node.of);
      return node.of.kind === "all" || node.of.kind === "any" ? `-(${inner})` : `-${inner}`;
    }
    const parts = node.of.map((member) => (node.kind === "all" && member.kind === "any" ? `(${written(member)})` : written(member)));
    return parts.join(node.kind === "all" ? " " : " OR ");
  }

  /** In quotes where they were; words without quotes came in one piece, with something between. */
  function asAsked(words, quoted) {
    return quoted ? `"${words}"` : words.replaceAll(" ", "-");
  }

  // ---------------------------------------------------------------- trees

  /** All of nothing, which holds for every card, and any of nothing, which holds for none. */
  function isEmpty(node) {
    return (node.kind === "all" || node.kind === "any") && !node.of.length;
  }

  /** The same tree as parse() would make it; empty only as a whole. */
  function simplified(node) {
    if (node.kind === "not") return negated(simplified(node.of));
    if (node.kind === "all" || node.kind === "any") return joined(node.kind, node.of.map(simplified));
    return node;
  }

  function negated(node) {
    if (node.kind === "not") return node.of;
    if (isEmpty(node)) return { kind: node.kind === "all" ? "any" : "all", of: [] };
    return { kind: "not", of: node };
  }

  /** Flat, a single member itself; an empty member says nothing, or everything there is to say. */
  function joined(kind, members) {
    const flat = members.flatMap((member) => (member.kind === kind ? member.of : [member]));
    return flat.find(isEmpty) ?? (flat.length === 1 ? flat[0] : { kind, of: flat });
  }

  // ---------------------------------------------------------------- forms of words

  const APART = new Set(
    (
      "new news len lens mas mass bus gas ga na nas dynamic dynamics semantic semantics logistic logistics " +
      "intrinsic intrinsics extrinsic extrinsics"
    ).split(" "),
  );
  const HISSING = /(?:s|x|z|ch|sh)$/;
  const FOREIGN = [
    ["sis", "ses"], ["xis", "xes"], ["trix", "trices"], ["dex", "dices"], ["dix", "dices"],
    ["tex", "tices"], ["rion", "ria"], ["menon", "mena"], ["tomaton", "tomata"],
    ["corpus", "corpora"], ["trum", "tra"], ["imum", "ima"], ["ulus", "uli"], ["cleus", "clei"],
    ["child", "children"], ["leaf", "leaves"], ["half", "halves"], ["mouse", "mice"],
  ];
  const BEGINNINGS = (
    "anti audio auto back bench bi co counter cross data de down ego feed few fine hand hyper inter intra long " +
    "meta micro mini mono multi neuro non off one open over photo post pre pseudo re real self semi spatio sub " +
    "super text time trade trans under uni up video zero"
  ).split(" ");
  const SHORTEST_REST = 3;

  /** The tree with each word outside of quotes as any of its forms. */
  function widened(node) {
    if (node.kind === "not") return { kind: "not", of: widened(node.of) };
    if (node.kind === "all" || node.kind === "any") return joined(node.kind, node.of.map(widened));
    if (node.quoted) return node;
    if (node.kind === "words") {
      return joined("any", runs(node.words, node.prefix).map((words) => ({ ...node, words, quoted: true })));
    }
    if (node.field !== "title") return node;
    const titles = runs(node.value.split(" "), node.prefix).map((words) => words.join(" "));
    return joined("any", titles.map((value) => ({ ...node, value, quoted: true })));
  }

  /** The forms of a word, or of the words of a hyphenated one, each once, as written first.
   *
   * With prefix the last word is but a beginning, which has no plural.
   */
  function runs(words, prefix) {
    const lasts = prefix ? words.slice(-1) : forms(words.at(-1));
    const found = lasts.map((last) => [...words.slice(0, -1), last].join(" "));
    return [...new Set([...found, ...found.flatMap(respelt)])].map((run) => run.split(" "));
  }

  /** A word taken apart after a known beginning, or two words joined. */
  function respelt(run) {
    const words = run.split(" ");
    if (words.length === 2) return [words.join("")];
    if (words.length !== 1) return [];
    const begun = BEGINNINGS.filter((start) => run.startsWith(start) && length(run) >= start.length + SHORTEST_REST);
    return begun.map((start) => `${start} ${run.slice(start.length)}`);
  }

  /** A word with its singular and its plural, the word itself first. */
  function forms(word) {
    if (!/^[a-z]{2,}$/.test(word) || APART.has(word)) return [word];
    return [word, ...plurals(word), ...singulars(word)];
  }

  function plurals(word) {
    const foreign = FOREIGN.filter(([one]) => word.endsWith(one)).map(([one, many]) => word.slice(0, -one.length) + many);
    if (/[^aeiou]y$/.test(word)) return [...foreign, `${word.slice(0, -1)}ies`];
    return [...foreign, HISSING.test(word) ? `${word}es` : `${word}s`];
  }

  function singulars(word) {
    const found = FOREIGN.filter(([, many]) => word.endsWith(many)).map(([one, many]) => word.slice(0, -many.length) + one);
    if (word.endsWith("ies") && word.length > 4) found.push(`${word.slice(0, -3)}y`);
    if (word.endsWith("es") && HISSING.test(word.slice(0, -2))) found.push(word.slice(0, -2));
    // GPUs and APIs are many; of the virus and the axis no word is left that a text may hold.
    if (/(?:[^sui]|.[ui])s$/.test(word) && word.length > (/[ui]s$/.test(word) ? 3 : 2)) found.push(word.slice(0, -1));
    return found;
  }

  // ---------------------------------------------------------------- names of people

  /** A name with its family name last: "Li, Fei-Fei" is "Fei-Fei Li". */
  function inOrder(name) {
    const comma = name.indexOf(",");
    const given = comma < 0 ? "" : name.slice(comma + 1).replace(STRIP, "");
    return given ? `${given} ${name.slice(0, comma).replace(STRIP, "")}` : name;
  }

  /** Whether a folded name is asked for: an initial stands for names and may be left out, on either side. */
  function isName(asked, printed, prefix) {
    const words = asked.split(" ");
    const name = printed.split(" ");
    if (words.length === 1) return name.some((word) => isWord(words[0], word, prefix));
    if (!prefix && words.join("") === name.join("")) return true;
    if (!name.some((word) => isLast(words.at(-1), word, prefix))) return false; // most names: at once
    let ends = name.map((word, at) => (at ? isLast(words[0], word, false) : standsFor(words[0], word)));
    let held = name.map(() => false); // where all asked since may be left out
    for (let number = 1; number < words.length; number++) {
      const asked = words[number];
      const last = number === words.length - 1;
      const may = next(ends, held, name, isInitial(words[number - 1]));
      held = name.map((word, at) => (ends[at] || held[at]) && (isInitial(asked) || isInitial(word)));
      ends = name.map((word, at) => may[at] && (last ? isLast(asked, word, prefix) : standsFor(asked, word)));
    }
    return ends.some(Boolean);
  }

  /** Where the next word may stand: right behind an end, or behind names that may be left out.
   *
   * Names are left out on one side only, else two that differ would pass.
   */
  function next(ends, held, name, anyMayFollow) {
    const may = [];
    let reached = false;
    for (const [at, word] of name.entries()) {
      may.push(reached || (at > 0 && held[at - 1]));
      reached = ends[at] || (reached && (anyMayFollow || isInitial(word)));
    }
    return may;
  }

  function standsFor(asked, word) {
    return isLast(asked, word, false) || (isInitial(word) && word === asked[0]);
  }

  /** Whether a word is the last that is asked for: of a family name no initial is printed. */
  function isLast(asked, word, prefix) {
    return isWord(asked, word, prefix) || (isInitial(asked) && word[0] === asked);
  }

  function isWord(asked, word, prefix) {
    return prefix ? word.startsWith(asked) : word === asked;
  }

  /** Beyond the alphabets a single character is a word. */
  function isInitial(word) {
    return word.length === 1 && word < "\u2e80";
  }

  // ---------------------------------------------------------------- values

  /** The value of a field that is not free text, or what the field wants: [value, message]. */
  function exact(field, value) {
    if (CHOICES[field]) {
      const choice = fold(value).replaceAll(" ", "_");
      const known = CHOICES[field].includes(choice);
      return [choice, known ? "" : `${field} wants one of ${CHOICES[field].join(", ")}`];
    }
    const lower = value.toLowerCase();
    if (field === "year") return [value, YEAR.test(value) ? "" : "year wants four digits, such as 2026"];
    if (field === "cat") {
      return [lower, CATEGORY.test(lower) ? "" : "cat wants an arXiv category, such as cs.CV or cs.*"];
    }
    if (field !== "id") return days(field, value);
    if (!IDENTIFIER.test(value)) {
      return ["", "id wants an identifier, such as 2602.00001 or arxiv:2602.00001"];
    }
    const full = value.includes(":") ? lower : `arxiv:${lower}`;
    return [full.startsWith("arxiv:") ? full.replace(/([0-9])v[0-9]+$/, "$1") : full, ""];
  }

  /** A week as 2026-W10; for since the first day of the period, for until its last. */
  function days(field, value) {
    const found = PERIOD.exec(value);
    const wants =
      field === "week"
        ? "a week, such as 2026-W10"
        : "a day or period, such as 2026, 2026-10, 2026-10-05 or 2026-W10";
    if (!found || (field === "week" && !found[4])) return ["", `${field} wants ${wants}`];
    const [year, month, day, week] = found.slice(1).map((part) => (part ? Number(part) : null));
    const ends = week === null ? period(year, month, day) : weekDays(year, week);
    if (!ends) return ["", `${value} is not in the calendar: ${field} wants ${wants}`];
    if (field === "week") return [`${found[1]}-W${found[4]}`, ""];
    return [new Date(ends[field === "since" ? 0 : 1]).toISOString().slice(0, 10), ""];
  }

  /** First and last day in milliseconds, or null for what does not exist. */
  function period(year, month, day) {
    if (month === null) return [Date.UTC(year, 0, 1), Date.UTC(year, 11, 31)];
    const first = Date.UTC(year, month - 1, day ?? 1);
    const is = new Date(first);
    if (is.getUTCMonth() !== month - 1 || is.getUTCDate() !== (day ?? 1)) return null;
    return [first, day === null ? Date.UTC(year, month, 0) : first];
  }

  function weekDays(year, week) {
    const fourth = Date.UTC(year, 0, 4); // always in week 1
    const monday = fourth + ((week - 1) * 7 - ((new Date(fourth).getUTCDay() + 6) % 7)) * DAY;
    const thursday = new Date(monday + 3 * DAY);
    return thursday.getUTCFullYear() === year && week ? [monday, monday + 6 * DAY] : null;
  }

  // ---------------------------------------------------------------- cards

  /** Claims of an entry are lists: venue, year, track, status, presentation. */
  function card(entry) {
    const title = fold(entry.title);
    const text = ` ${title}  ${fold(entry.abstract)} `;
    return {
      text,
      words: new Set(text.split(" ").map(once)),
      day: entry.day,
      claims: entry.claims.map(([venue, year, track, status, presentation]) => {
        const key = fold(venue.replace(/^other:/, ""));
        return { venue: key, year: String(year), track, status, presentation };
      }),
      fields: {
        title: [title],
        topic: entry.topics.map(fold),
        ring: [entry.ring],
        has: entry.has,
        week: [entry.week],
        kind: [entry.kind],
        author: entry.authors.map(fold),
        cat: entry.categories.map((name) => name.toLowerCase()),
        source: [fold(entry.source)],
        group: [fold(entry.group)],
        id: [entry.id.toLowerCase()],
      },
    };
  }

  // One string a word instead of one a use: a third of the memory, and its hash is known.
  const seen = new Map();
  function once(word) {
    const known = seen.get(word);
    if (known === undefined) seen.set(word, word);
    return known ?? word;
  }

  // ---------------------------------------------------------------- whether a card is asked for

  function test(filter) {
    return compiled(widened(simplified(filter.tree)));
  }

  function compiled(node) {
    if (ofClaim(node)) {
      const holds = claimTest(node);
      return (card) => card.claims.some(holds);
    }
    if (node.kind === "words") return wordsTest(node);
    if (node.kind === "is") return fieldTest(node);
    if (node.kind === "not") {
      const inner = compiled(node.of);
      return (card) => !inner(card);
    }
    return node.kind === "all" ? allTest(node.of) : anyTest(node.of);
  }

  function wordsTest({ words, prefix }) {
    const needle = ` ${words.join(" ")}${prefix ? "" : " "}`;
    const whole = prefix ? words.slice(0, -1) : words;
    if (words.length === 1 && !prefix) return (card) => card.words.has(words[0]);
    return (card) => whole.every((word) => card.words.has(word)) && card.text.includes(needle);
  }

  function fieldTest(node) {
    const { field, value, prefix } = node;
    if (field === "since") return (card) => card.day !== "" && card.day >= value;
    if (field === "until") return (card) => card.day !== "" && card.day <= value;
    if (!prefix && !["title", "author"].includes(field)) return (card) => card.fields[field].includes(value);
    return (card) => card.fields[field].some((text) => holds(node, text));
  }

  /** Whether a value of the card, folded as its field is, is what the leaf asks for. */
  function holds({ field, value, prefix }, text) {
    if (field === "author") return isName(value, text, prefix);
    if (field === "title") return ` ${text} `.includes(` ${value}${prefix ? "" : " "}`);
    return prefix ? text.startsWith(value) : text === value;
  }

  /** The claim nodes of one AND hold of one claim. */
  function allTest(members) {
    const claims = members.filter(ofClaim);
    const tests = members.filter((node) => !ofClaim(node)).map(compiled);
    if (claims.length) tests.unshift(compiled({ kind: "all", of: claims }));
    return (card) => tests.every((test) => test(card));
  }

  function anyTest(members) {
    const tests = members.map(compiled);
    return (card) => tests.some((test) => test(card));
  }

  function ofClaim(node) {
    if (node.kind === "all" || node.kind === "any") return !isEmpty(node) && node.of.every(ofClaim);
    return node.kind === "is" && CLAIM_FIELDS.includes(node.field);
  }

  function claimTest(node) {
    if (node.kind === "all" || node.kind === "any") {
      const parts = node.of.map(claimTest);
      const every = node.kind === "all";
      return (claim) => (every ? parts.every((part) => part(claim)) : parts.some((part) => part(claim)));
    }
    return (claim) => holds(node, claim[node.field]);
  }

  Object.assign(paper, { QueryError, fold, parse, known, hints, looser, byAuthor, written, card, test, ofClaim, claimTest, isName });
  paper.asked = (filter) => widened(simplified(filter.tree));
  paper.match = (filter, card) => test(filter)(card);
})((globalThis.SundayPaper ??= {}));
