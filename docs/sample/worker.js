/* The cards of a list's lines, folded once, and which of them a query asks for.
 *
 * As a worker it is told {sources, lines} once, answers {} or {failed}, and from then on {query},
 * which it answers with {shown, offers} (one byte a line; other queries to ask: {says, query, count}) or
 * {error: {column, message, offer}}. Where there can be
 * no worker, filter.js loads it as a script and calls deal() and answer() itself.
 */
(function (paper) {
  "use strict";

  const OFFERED = 3;
  const weeks = new Map();

  /** What the index.js of a list calls: {week: its folder, fields, entries: one list of values an entry}. */
  paper.index = (index) => weeks.set(index.week, index);

  /** One card a line [week, n]; undefined where the index has no such entry. */
  paper.deal = function* (lines) {
    for (const [week, n] of lines) {
      const { fields, entries } = weeks.get(week);
      const values = entries[n];
      yield values && paper.card(Object.fromEntries(fields.map((name, k) => [name, values[k]])));
    }
    weeks.clear(); // the cards are all that is needed, and the texts are large
  };

  const vocabularies = new WeakMap();

  /** The names that may be asked for: those of vocabulary.js, and all that the cards hold. */
  function namesOf(cards) {
    if (!vocabularies.has(cards)) vocabularies.set(cards, paper.known(paper.vocabulary, cards.filter(Boolean)));
    return vocabularies.get(cards);
  }

  /** What to ask instead: operators that were meant; where nothing is found, what a part less would find. */
  function offers(query, tree, cards, found) {
    const meant = paper.hints(query).map((hint) => ({ says: `${hint.message}; did you mean`, query: hint.query }));
    if (found) return meant;
    const count = (other) => {
      const test = paper.test({ tree: other });
      return cards.filter((card) => card && test(card)).length;
    };
    const tried = [...paper.looser(tree), ...paper.byAuthor(tree)];
    const looser = tried.map(([says, other]) => ({ says, query: paper.written(other), count: count(other) }));
    return [...meant, ...looser.filter((one) => one.count).sort((one, other) => other.count - one.count).slice(0, OFFERED)];
  }

  paper.answer = (query, cards) => {
    try {
      const names = namesOf(cards);
      const { tree } = paper.parse(query, names);
      const test = paper.test({ tree });
      const shown = Uint8Array.from(cards, (card) => card !== undefined && test(card));
      return { shown, offers: offers(query, tree, cards, shown.includes(1)) };
    } catch (error) {
      if (!(error instanceof paper.QueryError)) throw error;
      return { error: { column: error.column, message: error.message, offer: error.offer } };
    }
  };

  if (typeof importScripts !== "function") return;

  let cards = [];

  function opened(sources, lines) {
    try {
      importScripts("query.js", "vocabulary.js", ...sources);
      cards = Array.from(paper.deal(lines));
      return {};
    } catch (error) {
      return { failed: String(error) };
    }
  }

  addEventListener("message", ({ data }) => {
    postMessage(data.sources ? opened(data.sources, data.lines) : paper.answer(data.query, cards));
  });
})((globalThis.SundayPaper ??= {}));
