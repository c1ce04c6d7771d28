/* The order of a week for one reader: least squares over what they marked, beside what all care for.
 *
 *   an entry -> its direction (32 numbers), and its topics    the week, 0 | thumbs up, 1 | down, -1
 *            -> taste: how far along the line that tells these apart, in standard deviations
 *   score for all, in standard deviations, cut off + taste by how much was marked + what was chosen
 *
 * As a worker it is told {sources, ask} and answers {order} or {failed}; where there can be no worker,
 * mine.js loads it as a script and takes the steps of SundayPaper.order() itself.
 */
(function (paper) {
  "use strict";

  const FORMAT = 1;
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const MIDDLE = 31;
  const SPREADS = 3; // with MIDDLE and LETTERS as in topics/compact.py
  const TOPIC = 0.4; // what a topic weighs beside a direction of length one
  const RIDGE = 1; // in mean variances of a feature
  const MOST = 1.5; // what taste weighs against the score for all, when much was marked
  const HALF = 4; // with so many marks it weighs half of that
  const CUT = 2; // standard deviations: no score for all counts more, or what is chosen would stay behind
  const FIRST = 3; // what the first choice that holds adds, in standard deviations
  const FURTHER = 0.5; // each further one, of which two count
  const LAST = 10; // thumbs down put an entry behind all others
  const LIKE = 0.6; // from this cosine on, a mark is named as the reason
  const OUTSIDE = [7, 15]; // where in the list the two picks from outside stand
  const STEP = 256; // entries between two steps

  // ---------------------------------------------------------------- a week's file

  const weeks = new Map();

  /** What issues/W/taste.js calls. */
  paper.taste = (given) => {
    if (given.format !== FORMAT) throw new Error(`the file of ${given.week} has format ${given.format}, this script reads ${FORMAT}`);
    weeks.set(given.week, opened(given));
  };

  paper.tasted = (week) => weeks.get(week);

  function opened({ week, axes, topics, claims, sources, columns }) {
    const { vectors, ...rest } = columns;
    const rows = Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, text.split("\n")]));
    const count = columns.id ? rows.id.length : 0;
    return { week, axes, topics, claims, sources, rows, vectors, count, size: count ? vectors.length / count : 0 };
  }

  const places = (text) => (text ? text.split(" ").map(Number) : []);

  /** An entry of a week as lists and marks need it. */
  function entry(of, at) {
    const { rows } = of;
    const id = rows.id[at];
    return {
      id,
      title: rows.title[at],
      url: rows.url[at] || (id.startsWith("arxiv:") ? `https://arxiv.org/abs/${id.slice(6)}` : ""),
      page: rows.page[at] === "1",
      kind: rows.kind[at],
      source: of.sources[Number(rows.source[at])],
      authors: rows.authors[at] ? rows.authors[at].split("\t") : [],
      more: Number(rows.more[at]),
      topics: places(rows.topics[at]).map((n) => of.topics[n]),
      claims: places(rows.claims[at]).map((n) => of.claims[n]),
      week: of.week,
      vector: of.vectors.slice(at * of.size, (at + 1) * of.size),
      axes: of.axes,
    };
  }

  /** What a mark of an entry must hold to count in other weeks; undefined where the week has no such entry. */
  paper.marked = (week, id) => {
    const of = weeks.get(week);
    const at = of ? of.rows.id.indexOf(id) : -1;
    return at < 0 ? undefined : entry(of, at);
  };

  // ---------------------------------------------------------------- features

  /** The direction and the topics of one, as a row of numbers. */
  function features(vector, topics, size, table) {
    const row = new Float64Array(size + table.size);
    const step = SPREADS / (Math.sqrt(size) * MIDDLE);
    for (let k = 0; k < size && vector.length === size; k++) row[k] = (LETTERS.indexOf(vector[k]) - MIDDLE) * step;
    for (const topic of topics) if (table.has(topic)) row[size + table.get(topic)] = TOPIC;
    return row;
  }

  function mean(rows, width) {
    const sum = new Float64Array(width);
    for (const row of rows) for (let k = 0; k < width; k++) sum[k] += row[k] / rows.length;
    return sum;
  }

  /** In standard deviations from the mean; all 0 where all are alike. */
  function standard(values) {
    const middle = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length || 1));
    return values.map((value) => (spread ? (value - middle) / spread : 0));
  }

  /** Adds what one row weighs to the equations of least squares. */
  function add(matrix, right, row, weight, target) {
    const width = right.length;
    for (let i = 0; i < width; i++) {
      const left = weight * row[i];
      if (!left) continue;
      right[i] += left * target;
      for (let j = 0; j <= i; j++) matrix[i * width + j] += left * row[j];
    }
  }

  /** Solves by Cholesky; the lower half of matrix is read and written over. */
  function solve(matrix, right) {
    const n = right.length;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = matrix[i * n + j];
        for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
        matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j];
      }
    }
    const found = Float64Array.from(right);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) found[i] -= matrix[i * n + k] * found[k];
      found[i] /= matrix[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) found[i] -= matrix[k * n + i] * found[k];
      found[i] /= matrix[i * n + i];
    }
    return found;
  }

  const dot = (one, other) => one.reduce((sum, value, k) => sum + value * other[k], 0);

  // ---------------------------------------------------------------- taste

  /** How much each row is to the taste of the marks, in standard deviations; a step each so many rows. */
  function* taste(rows, marks, width) {
    const middle = mean(rows, width);
    const less = (row) => row.map((value, k) => value - middle[k]);
    const matrix = new Float64Array(width * width);
    const right = new Float64Array(width);
    const centred = [];
    for (let at = 0; at < rows.length; at++) {
      centred.push(less(rows[at]));
      add(matrix, right, centred[at], 1 / rows.length, 0);
      if (at % STEP === STEP - 1) yield;
    }
    for (const value of [1, -1]) {
      const some = marks.filter((mark) => mark.value === value);
      for (const mark of some) add(matrix, right, less(mark.row), 1 / some.length, value);
    }
    let trace = 0;
    for (let k = 0; k < width; k++) trace += matrix[k * width + k];
    for (let k = 0; k < width; k++) matrix[k * width + k] += (RIDGE * trace) / width + 1e-9;
    const weights = solve(matrix, right);
    yield;
    return standard(centred.map((row) => dot(row, weights)));
  }

  // ---------------------------------------------------------------- the order

  /** The names of the choices that hold of an entry. */
  function chosen(one, n, { topics = [], venues = [], shown = [] }) {
    return [
      ...topics.filter(({ id }) => one.topics.includes(id)).map(({ name }) => name),
      ...venues.filter(({ id }) => one.claims.some(([venue, , accepted]) => venue === id && accepted)).map(({ name }) => name),
      ...shown.filter(({ has }) => has[n]).map(({ name }) => name),
    ];
  }

  const bonus = (count) => (count ? FIRST + FURTHER * Math.min(count - 1, 2) : 0);

  /** The title of the mark that an entry is most like, if it is so much like one. */
  function like(row, size, marks) {
    const direction = row.subarray(0, size);
    let nearest = null;
    let most = LIKE;
    for (const { value, row: of, title } of marks) {
      const length = Math.sqrt(dot(of.subarray(0, size), of) * dot(direction, direction)) || 1;
      const cosine = value > 0 ? dot(direction, of) / length : 0;
      if (cosine > most) [nearest, most] = [title, cosine];
    }
    return nearest;
  }

  /** Two of the best for all that are not to this taste, of two topics. */
  function outside(list, liked, scores, first) {
    const far = list.filter((one) => one.taste <= 0 && !one.chosen.length && !liked.has(one.entry.id) && !first.has(one));
    far.sort((one, other) => scores[other.at] - scores[one.at] || one.at - other.at);
    const second = far.find((one) => one.entry.topics[0] !== far[0].entry.topics[0]);
    return far.length ? [far[0], ...(second ? [second] : [])] : [];
  }

  /** The week's entries in this reader's order; a generator, so that it can be done in slices.
   *
   * ask: {week, marks: [{id, value, title, vector, axes, topics}], topics: [{id, name}], venues,
   * shown: [{name, has: one byte an entry of the issue, by its number}], without: [id], many}.
   * Returns {entries: [{entry, chosen: [name], like: title or null, outside}], count, marks}; the
   * entries are the first `many`.
   */
  paper.order = function* (ask) {
    const of = weeks.get(ask.week);
    const { size, count, rows } = of;
    const table = new Map(of.topics.map((id, n) => [id, n]));
    const marks = ask.marks.map((mark) => ({
      ...mark,
      row: features(mark.axes === of.axes ? mark.vector : "", mark.topics, size, table),
    }));
    const all = [];
    const list = [];
    for (let at = 0; at < count; at++) {
      const one = entry(of, at);
      all.push(features(one.vector, one.topics, size, table));
      list.push({ at, entry: one, chosen: chosen(one, Number(rows.n[at]), ask) });
      if (at % STEP === STEP - 1) yield;
    }
    const scores = standard(rows.score.map(Number));
    const tastes = marks.length && count ? yield* taste(all, marks, size + table.size) : scores.map(() => 0);
    const weight = (MOST * marks.length) / (marks.length + HALF);
    const value = new Map(marks.map((mark) => [mark.id, mark.value]));
    for (const one of list) {
      one.taste = tastes[one.at];
      one.sum = Math.max(-CUT, Math.min(CUT, scores[one.at])) + weight * one.taste + bonus(one.chosen.length) - (value.get(one.entry.id) === -1 ? LAST : 0);
    }
    yield;
    return shownOf(list, all, marks, scores, value, ask, size);
  };

  function shownOf(list, all, marks, scores, value, ask, size) {
    const without = new Set(ask.without ?? []);
    const order = list.filter((one) => !without.has(one.entry.id)).sort((one, other) => other.sum - one.sum || one.at - other.at);
    const personal = marks.length || ["topics", "venues", "shown"].some((name) => (ask[name] ?? []).length);
    const far = personal ? outside(order, value, scores, new Set(order.slice(0, 25 - OUTSIDE.length))) : [];
    const rest = order.filter((one) => !far.includes(one));
    far.forEach((one, n) => rest.splice(OUTSIDE[n], 0, one));
    const entries = rest.slice(0, ask.many).map((one) => ({
      entry: one.entry,
      chosen: one.chosen,
      like: far.includes(one) ? null : like(all[one.at], size, marks),
      outside: far.includes(one),
    }));
    return { entries, count: rest.length, marks: marks.length };
  }

  // ---------------------------------------------------------------- as a worker

  /** What was marked on a page that had no week's file at hand gets here what it lacks. */
  paper.fill = (marks) => marks.map((mark) => {
    const known = mark.vector ? undefined : paper.marked(mark.week, mark.id);
    return known ? { ...mark, vector: known.vector, axes: known.axes, topics: known.topics } : mark;
  });

  if (typeof importScripts !== "function") return;

  /** The file of an earlier week may be gone: then what was marked there counts by its topics alone. */
  function attempt(source) {
    try {
      importScripts(source);
    } catch {
      return;
    }
  }

  function answer({ sources, ask }) {
    try {
      const [own, ...others] = sources;
      importScripts(own);
      for (const other of others) attempt(other);
      const marks = paper.fill(ask.marks);
      const steps = paper.order({ ...ask, marks: marks.filter((mark) => mark.topics) });
      let step = steps.next();
      while (!step.done) step = steps.next();
      return { order: step.value, marks };
    } catch (bad) {
      return { failed: String(bad && bad.message ? bad.message : bad) };
    }
  }

  addEventListener("message", ({ data }) => postMessage(answer(data)));
})((globalThis.SundayPaper ??= {}));
