/* All entries of all weeks, asked without a server; docs/notes/0025 says how its files are laid out.
 *
 *   const archive = SundayPaper.archive;           // query.js comes before
 *   await archive.open(root)                       // root: the URL of the build
 *   await archive.find(query, {weeks, order, show})
 *                                                  // {count, numbers: [[segment, n], …]} or {error}
 *   await archive.records([[segment, n], …])       // an object an entry, with the week of its issue
 *   await archive.recordsOf(week, [n, …])         // the same of a week's issue, n counting within it
 *   await archive.ofWeek(query, week)              // {shown: a byte an entry} or {error}
 *   await archive.near(word)                       // words of the archive that are spelt alike
 *
 * The newest come first, the best of a week before the others; order "score" goes by score over all
 * weeks. show is handed what the newest weeks give before the older ones are asked. A query is answered
 * from postings, a file of some words at a time: the same answer as test() gives of every card.
 */
(function (paper) {
  "use strict";

  if (paper.archive) return; // two scripts of a page may both have asked for it

  const END = "\uffff"; // behind all that begins so: no word holds it
  const LINE = "*"; // ends a line of a file; no key holds one
  const AFTER = 8; // in the digit for the common words beside a word, the one behind it counts so much
  const TITLE_END = 128; // places below stand in a title
  const AT_ONCE = 4; // files of a segment that are asked for before it is clear that they are needed
  const GROWS = 3; // after the newest segment so many are asked at once, then so many times more
  const PAGE = 10; // entries of which search.js shows the first lines
  const MANY = 6; // files beyond which a part of a query waits for the others
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const DIGIT = new Uint8Array(128);
  Array.from(DIGITS, (sign, value) => (DIGIT[sign.charCodeAt(0)] = value));

  let root = null;
  let manifest = null;
  let segments = []; // newest first
  const byName = new Map();
  const loading = new Map();
  const unpacking = new Map(); // by the address of a file that has run: until what it holds was handed on

  // ---------------------------------------------------------------- files

  /** A classic script, since a page on a disk may load no other file. */
  function load(src) {
    if (!loading.has(src)) {
      const loaded = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = src;
        script.charset = "utf-8"; // from a disk a page that names no encoding would lend it its own
        script.onload = () => {
          script.remove();
          resolve(unpacking.get(src));
          unpacking.delete(src);
        };
        script.onerror = () => {
          loading.delete(src);
          script.remove();
          reject(Object.assign(new Error(`${src} did not load`), { src }));
        };
        document.head.append(script);
      });
      loading.set(src, loaded);
    }
    return loading.get(src);
  }

  async function open(at) {
    root = new URL(at, document.baseURI);
    if (!manifest) await load(new URL("archive/index.js", root).href);
  }

  /** A build that was swapped in since names other segments: those that are still there stay. */
  async function reopen() {
    await load(new URL(`archive/index.js?${Date.now()}`, root).href);
  }

  function told(given) {
    manifest = given;
    segments = given.segments.map((about) => {
      const known = byName.get(about.name) ?? new Segment(about.name);
      byName.set(about.name, known);
      return known.told(about, gaps(given.older[about.name]), gaps(given.removed[about.name]));
    });
    segments.reverse();
  }

  /** Keys of one kind, sorted and cut into files: postings by one letter, places by another. */
  class Family {
    constructor(segment, postings, places) {
      Object.assign(this, { segment, stems: { postings, places }, shards: null });
      Object.assign(this, { postings: new Map(), places: new Map() });
    }

    /** The numbers of the files that may hold what lies between two keys. */
    files({ from, to }) {
      if (!this.shards.length) return []; // a week without entries
      const first = above(this.shards, from) - 1;
      const end = Math.max(first + 1, above(this.shards, to, true));
      return Array.from({ length: end - first }, (_, at) => first + at);
    }

    /** How many files of a span are not there yet; of a family that is not opened, one. */
    cost(span) {
      return this.shards ? this.files(span).filter((k) => !this.postings.has(k)).length : 1;
    }

    async file(kind, k) {
      const kept = this[kind];
      if (!kept.has(k)) await this.segment.file(`${this.stems[kind]}${k}`);
      if (typeof kept.get(k) === "string") kept.set(k, kind === "places" ? kept.get(k).split(LINE) : lines(kept.get(k)));
      return kept.get(k);
    }

    /** The lines of a span: {key, postings, k, at}, the last two saying where its places stand. */
    async found({ from, to, keep }) {
      if (!this.shards) await this.segment.file("pairs");
      const files = await Promise.all(this.files({ from, to }).map(async (k) => [k, await this.file("postings", k)]));
      const found = [];
      for (const [k, { keys, values }] of files) {
        for (let at = above(keys, from, true); at < keys.length && keys[at] < to; at++) {
          if (!keep || keep(keys[at])) found.push({ family: this, key: keys[at], postings: values[at], k, at });
        }
      }
      return found;
    }
  }

  function gaps(text = "") {
    const found = [];
    for (const numbers = new Numbers(text); numbers.left; ) found.push((found.at(-1) ?? -1) + 1 + numbers.next());
    return found;
  }

  /** Some whole weeks of entries, numbered from 0. */
  class Segment {
    constructor(name) {
      Object.assign(this, { name, head: null, scores: null, blocks: new Map() });
      this.words = new Family(this, "t", "p");
      this.pairs = new Family(this, "q", "r");
    }

    told(about, older, removed) {
      this.weeks = about.weeks.map(([week, first, count]) => ({ week, first, count }));
      this.entries = about.entries;
      this.older = older;
      this.removed = removed;
      return this;
    }

    file(name) {
      return load(new URL(`archive/${this.name}/${name}.js`, root).href);
    }

    async opened() {
      if (!this.head) await this.file("head");
      return this;
    }

    /** Whether a word is among those of which two neighbours are a key of their own. */
    isKnown(word) {
      return this.head.common.includes(word) || this.head.frequent.has(word);
    }

    /** The number of a common word, or 0: they have no places, but are noted beside those of rarer words. */
    common(word) {
      return this.head.common.indexOf(word) + 1;
    }

    cost(spans) {
      return spans.reduce((cost, span) => cost + this[span.family].cost(span), 0);
    }

    async found(spans) {
      return (await Promise.all(spans.map((span) => this[span.family].found(span)))).flat();
    }

    async record(n) {
      const size = this.head.block;
      const block = Math.floor(n / size);
      if (!this.blocks.has(block)) await this.file(`e${block}`);
      const values = Object.fromEntries(this.head.fields.map((name, at) => [name, this.blocks.get(block)[n % size][at]]));
      if (!values.url && values.id.startsWith("arxiv:")) values.url = `https://arxiv.org/abs/${values.id.slice(6)}`;
      const { week } = this.weeks.find(({ first, count }) => n < first + count);
      return { issue: week, ...values };
    }

    /** What a file holds, by its letter and number. */
    keep(stem, text) {
      for (const family of [this.words, this.pairs]) {
        for (const kind of ["postings", "places"]) {
          if (family.stems[kind] === stem[0]) family[kind].set(Number(stem.slice(1)), text);
        }
      }
    }
  }

  /** Keys and what stands behind each. A line says first what it shares with the key before. */
  function lines(text) {
    const keys = [];
    const values = [];
    for (const line of text.split(LINE)) {
      const end = line.lastIndexOf(" ");
      keys.push(behind(keys.at(-1) ?? "", line.slice(0, end)));
      values.push(line.slice(end + 1));
    }
    return { keys, values };
  }

  /** A key that says first how much of the one before it begins with. */
  function behind(before, coded) {
    const numbers = new Numbers(coded);
    const shared = numbers.next();
    return before.slice(0, shared) + coded.slice(numbers.at);
  }

  /** How many keys come before or are that key; with itself set, how many come before it. */
  function above(keys, key, itself = false) {
    let low = 0;
    for (let high = keys.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (keys[middle] < key || (!itself && keys[middle] === key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // ---------------------------------------------------------------- numbers

  /** Reads numbers of five bits a digit, the least first. */
  class Numbers {
    constructor(text) {
      Object.assign(this, { text, at: 0 });
    }

    get left() {
      return this.at < this.text.length;
    }

    digit() {
      if (!this.left) throw new Error("a file of the archive ends within a number");
      return DIGIT[this.text.charCodeAt(this.at++)];
    }

    next() {
      let value = 0;
      for (let shift = 1; ; shift *= 32) {
        const digit = this.digit();
        value += (digit & 31) * shift;
        if (!(digit & 32)) return value;
      }
    }
  }

  const isWord = (key) => !key.includes(":");

  /** Calls with each entry of postings, and whether a word stands in its title. */
  function each({ family, key, postings }, call) {
    const titled = family.stems.postings === "t" && isWord(key);
    const numbers = new Numbers(postings);
    for (let n = -1; numbers.left; ) {
      const value = numbers.next();
      n += 1 + (titled ? value >> 1 : value);
      call(n, titled && (value & 1) === 1);
    }
  }

  /** Calls with each place of a word or pair in each entry that matters, and the common words beside it. */
  function placed(found, text, among, call) {
    const { family, key } = found;
    const rare = family.stems.postings === "t" && !family.segment.head.frequent.has(key);
    const numbers = new Numbers(text);
    each(found, (n) => {
      let place = 0;
      for (let value = 0; !(value & 1); ) {
        value = numbers.next();
        place += value >> (rare ? 2 : 1);
        const beside = rare && value & 2 ? numbers.digit() : 0;
        if (among[n]) call(n, place, beside);
      }
    });
  }

  // ---------------------------------------------------------------- what to look for

  const exactly = (key, family = "words") => ({ family, from: key, to: `${key}\0`, keep: null });
  const beginning = (start, keep = null, family = "words") => ({ family, from: start, to: start + END, keep });

  /** The spans of keys that a leaf, or the claim nodes of one claim, asks for. */
  function spansOf(node, segment) {
    if (paper.ofClaim(node)) return claimSpans(node);
    if (node.kind === "words") return wordSpans(node.words, node.prefix, segment);
    const { field, value, prefix } = node;
    if (field === "title") return wordSpans(value.split(" "), prefix, segment);
    if (field === "author") return authorSpans(value, prefix, segment);
    if (field === "since") return [days({ since: value })];
    if (field === "until") return [days({ until: value })];
    if (field === "days") return [days(value)];
    return [prefix ? beginning(`${field}:${value}`) : exactly(`${field}:${value}`)];
  }

  const days = ({ since = "", until = END }) => ({ ...exactly(`day:${until}`), from: `day:${since}` });

  /** since: and until: of one AND as one leaf: few days lie in both, and many in either. */
  function inDays(members) {
    const bounds = (field) => members.filter((node) => node.kind === "is" && node.field === field).map(({ value }) => value).sort();
    const [since, until] = [bounds("since"), bounds("until")];
    if (!since.length || !until.length) return members;
    const others = members.filter((node) => node.kind !== "is" || (node.field !== "since" && node.field !== "until"));
    return [...others, { kind: "is", field: "days", value: { since: since.at(-1), until: until[0] } }];
  }

  function wordSpans(words, prefix, segment) {
    if (words.length > 1) return inARow(words, prefix, segment).flatMap((part) => part.map(({ span }) => span));
    return [prefix ? beginning(words[0], isWord) : exactly(words[0])];
  }

  /** Parts that together are the words in a row. Of each one way must hold: a key that stands so far
   * behind the first word, perhaps with a common word before or after it.
   */
  function inARow(words, prefix, segment) {
    const end = prefix ? words.length - 1 : words.length;
    const parts = [];
    for (let at = 0; at < end; at++) {
      if (!segment.isKnown(words[at])) {
        const before = at ? segment.common(words[at - 1]) : 0;
        const after = at + 1 < end ? segment.common(words[at + 1]) : 0;
        parts.push([{ span: exactly(words[at]), behind: at, before, after }]);
        continue;
      }
      const pairs = at + 1 < end && segment.isKnown(words[at + 1]);
      if (pairs) parts.push([{ span: exactly(`${words[at]} ${words[at + 1]}`, "pairs"), behind: at }]);
      else if (!segment.common(words[at]) && !(at && segment.isKnown(words[at - 1]))) parts.push([{ span: exactly(words[at]), behind: at }]);
    }
    return prefix ? [...parts, begun(words[end - 1], words[end], end, segment)] : parts;
  }

  /** The last word, of which only the beginning is said, behind the one before it. */
  function begun(word, start, at, segment) {
    const alone = (keep) => beginning(start, (key) => isWord(key) && keep(key));
    if (segment.isKnown(word)) {
      const rare = alone((key) => !segment.isKnown(key));
      const pairs = beginning(`${word} ${start}`, null, "pairs");
      return [{ span: pairs, behind: at - 1 }, { span: rare, behind: at, before: segment.common(word) }];
    }
    const common = segment.head.common.filter((one) => one.startsWith(start));
    return [
      { span: alone((key) => !segment.common(key)), behind: at },
      ...common.map((one) => ({ span: exactly(word), behind: at - 1, after: segment.common(one) })),
    ];
  }

  /** Names under the one of their words that asks for the fewest files; each is judged as a whole. */
  function authorSpans(value, prefix, segment) {
    const words = value.split(" ");
    const last = words.length - 1;
    const under = (start) => beginning(start, (key) => paper.isName(value, key.slice(key.indexOf("|") + 1), prefix));
    // The first and the last must be printed, a first name perhaps as its initial.
    const whole = words[last].length > 1 && !prefix;
    const family = [under(`author:${words[last]}${whole ? "|" : ""}`)];
    const given = words[0].length > 1 ? [under(`author:${words[0]}|`), under(`author:${words[0][0]}|`)] : [under(`author:${words[0]}`)];
    const best = last && breadth(segment, given) < breadth(segment, family) ? given : family;
    if (prefix || !last) return best;
    // One may write together what the other writes apart.
    const joined = words.join("");
    return [...best, exactly(`name:${joined}`), under(`author:${joined}|`)];
  }

  function breadth(segment, spans) {
    return spans.reduce((sum, span) => sum + segment.words.files(span).length, 0);
  }

  /** Claims as a whole, of the venues of which one must be named. */
  function claimSpans(node) {
    const holds = paper.claimTest(node);
    const keep = (key) => {
      const [venue, year, track, status, presentation] = key.slice("claim:".length).split("/");
      return holds({ venue, year, track, status, presentation });
    };
    const venues = venuesOf(node);
    if (!venues) return [beginning("claim:", keep)];
    return venues.map(({ value, prefix }) => beginning(`claim:${value}${prefix ? "" : "/"}`, keep));
  }

  /** The venue leaves of which one must hold, or null where another venue may do. */
  function venuesOf(node) {
    if (node.kind === "is") return node.field === "venue" ? [node] : null;
    const each = node.of.map(venuesOf);
    if (node.kind === "all") return each.find(Boolean) ?? null;
    return each.every(Boolean) ? each.flat() : null;
  }

  // ---------------------------------------------------------------- which entries

  const wordsOf = (node) => (node.kind === "words" ? node.words : node.field === "title" ? node.value.split(" ") : []);

  /** One byte an entry: whether it is asked for. among: those that may still matter, or null. */
  async function hits(segment, node, among = null) {
    if (node.kind === "not") return complement(await hits(segment, node.of));
    if (!paper.ofClaim(node)) {
      if (node.kind === "all") return every(segment, node.of, among);
      if (node.kind === "any") return some(segment, node.of, among);
    }
    const words = wordsOf(node);
    if (words.length > 1) return phrase(segment, words, node, among);
    const titled = node.field === "title";
    const hit = new Uint8Array(segment.entries);
    for (const found of await segment.found(spansOf(node, segment))) {
      each(found, (n, inTitle) => (inTitle || !titled) && (hit[n] = 1));
    }
    return hit;
  }

  /** What is rare and costs little first; an empty answer asks for nothing more. */
  async function every(segment, members, among) {
    const claims = members.filter(paper.ofClaim);
    const parts = inDays(members.filter((node) => !paper.ofClaim(node)));
    if (claims.length) parts.unshift({ kind: "all", of: claims });
    const order = parts.map((node) => ({ node, cost: costOf(node, segment), rank: rankOf(node) }));
    order.sort((a, b) => (a.cost > MANY) - (b.cost > MANY) || a.rank - b.rank);
    let left = among;
    while (order.length) {
      const batch = [order.shift()];
      for (let cost = batch[0].cost; order.length && cost + order[0].cost <= AT_ONCE && wordsOf(order[0].node).length < 2; ) {
        cost += order[0].cost;
        batch.push(order.shift());
      }
      const now = left;
      const masks = await Promise.all(batch.map(({ node }) => hits(segment, node, now)));
      left = masks.reduce((all, mask) => (all ? both(all, mask) : mask), left);
      if (!left.includes(1)) break;
    }
    return left ?? new Uint8Array(segment.entries).fill(1);
  }

  async function some(segment, members, among) {
    const masks = await Promise.all(members.map((node) => hits(segment, node, among)));
    return masks.reduce(either, new Uint8Array(segment.entries));
  }

  const both = (one, other) => one.map((hit, n) => hit & other[n]);
  const either = (one, other) => one.map((hit, n) => hit | other[n]);
  const complement = (mask) => mask.map((hit) => 1 - hit);

  /** How many files of the segment must still be loaded for a part of a query. */
  function costOf(node, segment) {
    if (node.kind === "not") return costOf(node.of, segment);
    if (node.kind === "is" || node.kind === "words" || paper.ofClaim(node)) return segment.cost(spansOf(node, segment));
    return node.of.reduce((sum, member) => sum + costOf(member, segment), 0);
  }

  /** Less is rarer, as far as its looks tell: an id, a long word, a venue, a field of few values. */
  function rankOf(node) {
    if (node.kind === "not") return 9;
    if (node.kind === "words") return node.words.length > 1 ? 3 : 3 - Math.min(node.words[0].length, 40) / 20;
    if (node.kind === "any" || node.kind === "all") return node.of.length ? rankOf(node.of[0]) : 9;
    const rank = ["id", "author", "title", "venue", "source", "topic"].indexOf(node.field);
    return rank < 0 ? 6 : rank / 2;
  }

  // ---------------------------------------------------------------- words in a row

  async function phrase(segment, words, { prefix, field }, among) {
    const parts = inARow(words, prefix, segment).sort((one, other) => lengthOf(other) - lengthOf(one));
    const found = [];
    let left = among;
    for (const [at, part] of parts.entries()) {
      // Of most words taken apart the longest part is no word at all: what follows is not asked for.
      const rest = at === 1 ? await Promise.all(parts.slice(1).map((one) => foundOf(segment, one))) : [];
      found.push(...(at ? rest : [await foundOf(segment, part)]));
      const mask = new Uint8Array(segment.entries);
      for (const one of found[at]) each(one, (n) => (mask[n] = 1));
      left = left ? both(left, mask) : mask;
      if (!left.includes(1)) return left;
    }
    const title = field === "title";
    if (parts.length === 1 && !title && !parts[0].some(({ before, after }) => before || after)) return left;
    const candidates = left;
    const starts = await Promise.all(found.map((part) => startsOf(segment, part, candidates, title ? TITLE_END : Infinity)));
    return candidates.map((hit, n) => (hit && inAll(starts.map((of) => of.get(n))) ? 1 : 0));
  }

  const lengthOf = ([{ span }]) => span.from.length;

  async function foundOf(segment, part) {
    const found = await Promise.all(
      part.map(async ({ span, ...how }) => (await segment.found([span])).map((one) => ({ ...one, ...how }))),
    );
    return found.flat();
  }

  function inAll(places) {
    if (places.some((of) => !of)) return false;
    return Array.from(places[0]).some((place) => places.every((of) => of.has(place)));
  }

  /** Where the words would begin by one of their parts: a set of places an entry. */
  async function startsOf(segment, part, among, end) {
    const starts = new Map();
    const wanted = part.filter((found) => meets(found, among));
    await Promise.all(wanted.map(({ family, k }) => family.file("places", k)));
    for (const found of wanted) {
      const texts = await found.family.file("places", found.k);
      const { behind, before, after } = found;
      placed(found, texts[found.at], among, (n, place, beside) => {
        if (place >= end || (before && beside % AFTER !== before) || (after && Math.floor(beside / AFTER) !== after)) return;
        if (!starts.has(n)) starts.set(n, new Set());
        starts.get(n).add(place - behind);
      });
    }
    return starts;
  }

  function meets(found, among) {
    let met = false;
    each(found, (n) => (met ||= among[n] === 1));
    return met;
  }

  // ---------------------------------------------------------------- questions

  /** {tree} of a query, or {error: {column, message, offer}}. */
  function read(query) {
    try {
      return { tree: paper.asked(paper.parse(query)) };
    } catch (error) {
      if (!(error instanceof paper.QueryError)) throw error;
      return { error: { column: error.column, message: error.message, offer: error.offer } };
    }
  }

  async function find(query, how = {}) {
    const { tree, error } = read(query);
    if (error) return { error };
    try {
      return await asked(tree, how);
    } catch (error) {
      if (!error.src) throw error;
      await reopen();
      return asked(tree, how);
    }
  }

  /** The newest segment first, then ever more at once; show gets what the first give, once that is a page full. */
  async function asked(tree, { weeks, order, show }) {
    const wanted = weeks && new Set(weeks);
    const chosen = segments.filter((segment) => !wanted || segment.weeks.some(({ week }) => wanted.has(week)));
    const answer = async (segment) => listed(segment, await hits(await segment.opened(), tree), wanted);
    let numbers = [];
    let shown = !show;
    for (let at = 0, size = order === "score" ? chosen.length : 1; at < chosen.length; at += size, size *= GROWS) {
      if (!shown && numbers.length >= PAGE) await show(numbers);
      shown ||= numbers.length >= PAGE;
      numbers = numbers.concat(...(await Promise.all(chosen.slice(at, at + size).map(answer))));
    }
    if (order === "score") await byScore(numbers);
    return { count: numbers.length, numbers };
  }

  /** [segment, n] of what is hit and stands here in its newest form, the newest week first. */
  function listed(segment, hit, wanted) {
    for (const n of [...segment.older, ...segment.removed]) hit[n] = 0;
    const found = [];
    for (const { week, first, count } of segment.weeks.slice().reverse()) {
      if (wanted && !wanted.has(week)) continue;
      for (let n = first; n < first + count; n++) if (hit[n]) found.push([segment.name, n]);
    }
    return found;
  }

  async function byScore(numbers) {
    const names = [...new Set(numbers.map(([name]) => name))];
    await Promise.all(names.map((name) => byName.get(name).scores ?? byName.get(name).file("scores")));
    numbers.sort(([one, n], [other, m]) => byName.get(other).scores[m] - byName.get(one).scores[n]);
  }

  async function records(numbers) {
    return Promise.all(numbers.map(([name, n]) => byName.get(name).record(n)));
  }

  async function recordsOf(week, numbers) {
    const [segment, { first }] = placeOf(week);
    await segment.opened();
    return Promise.all(numbers.map((n) => segment.record(first + n)));
  }

  async function ofWeek(query, week) {
    const { tree, error } = read(query);
    if (error) return { error };
    const [segment, { first, count }] = placeOf(week);
    const hit = await hits(await segment.opened(), tree);
    for (const n of segment.removed) hit[n] = 0;
    return { shown: hit.slice(first, first + count) };
  }

  /** The segment that holds an issue, and where in it. */
  function placeOf(week) {
    const segment = segments.find(({ weeks }) => weeks.some((one) => one.week === week));
    if (!segment) throw new Error(`the archive holds no ${week}`);
    return [segment, segment.weeks.find((one) => one.week === week)];
  }

  // ---------------------------------------------------------------- other spellings

  const SAME = 2; // first letters of a misspelt word that are taken to be right

  /** Words of the largest segment that are a slip away, the most frequent first; [] for a known one. */
  async function near(word) {
    const largest = segments.reduce((one, other) => (other.entries > one.entries ? other : one), segments[0]);
    if (!largest) return [];
    await largest.opened();
    const found = await largest.found([beginning(word.slice(0, word.length > 5 ? SAME + 1 : SAME), isWord)]);
    if (found.some(({ key }) => key === word)) return [];
    const slips = word.length > 7 ? 2 : 1;
    const alike = found.filter(({ key }) => Math.abs(key.length - word.length) <= slips && distance(key, word) <= slips);
    return alike.sort((one, other) => other.postings.length - one.postings.length).map(({ key }) => key).slice(0, 3);
  }

  /** How many letters must be put in, left out, changed or swapped with the next. */
  function distance(one, other) {
    let before = [];
    let last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  }

  // ---------------------------------------------------------------- what the files call

  function headOf(name, head) {
    const segment = byName.get(name);
    segment.head = { ...head, frequent: new Set(head.frequent) };
    segment.words.shards = [];
    for (const coded of head.shards ? head.shards.split(LINE) : []) segment.words.shards.push(behind(segment.words.shards.at(-1) ?? "", coded));
  }

  /** Each plain at the first entry of a week, behind it how much less than the one before. */
  function scoresOf(name, text) {
    const segment = byName.get(name);
    const numbers = new Numbers(text);
    segment.scores = new Int32Array(segment.entries);
    for (const { first, count } of segment.weeks) {
      for (let n = first; n < first + count; n++) {
        segment.scores[n] = n === first ? numbers.next() : segment.scores[n - 1] - numbers.next();
      }
    }
  }

  const HANDED = {
    head: headOf,
    pairs: (name, shards) => (byName.get(name).pairs.shards = shards),
    terms: (name, stem, text) => byName.get(name).keep(stem, text),
    places: (name, stem, text) => byName.get(name).keep(stem, text),
    entries: (name, k, rows) => byName.get(name).blocks.set(k, rows),
    scores: scoresOf,
  };

  const TAKEN = [0, 10, 13, 34, 92]; // characters that no text of a script holds plain

  /** Bytes of a text of seven bits a character; one above holds a taken one, and the one behind it. */
  function bytesOf(count, text) {
    const bytes = new Uint8Array(count);
    let [at, held, bits] = [0, 0, 0];
    const take = (seven) => {
      held = ((held << 7) | seven) & 0x3fff;
      bits += 7;
      if (bits >= 8 && at < count) bytes[at++] = held >> (bits -= 8);
    };
    for (let n = 0; n < text.length; n++) {
      const sign = text.charCodeAt(n);
      if (sign > 127) take(TAKEN[(sign - 128) >> 7]);
      take(sign & 127);
    }
    if (at < count) throw new Error("a file of the archive ends before its time");
    return bytes;
  }

  /** What a file holds, deflated: it is handed on before whoever loads the file goes on. */
  function packed(name, count, text) {
    const { src } = document.currentScript;
    const inflated = async () => {
      if (!globalThis.DecompressionStream) throw Object.assign(new Error("this browser cannot read the archive"), { src });
      const stream = new Blob([bytesOf(count, text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
      HANDED[name](...JSON.parse(`[${await new Response(stream).text()}]`));
    };
    const done = inflated();
    done.catch(() => loading.delete(src));
    unpacking.set(src, done);
  }

  paper.archive = { ...{ open, find, records, recordsOf, ofWeek, near }, manifest: told, packed };
})((globalThis.SundayPaper ??= {}));
