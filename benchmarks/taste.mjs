/* The orders that the page's own script gives: {weeks, asks} as JSON on stdin, a list of ids an ask. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const script = new URL("../templates/order.js", import.meta.url);
vm.runInThisContext(readFileSync(script, "utf8"));
const paper = globalThis.SundayPaper;
const { weeks, asks } = JSON.parse(readFileSync(0, "utf8"));
weeks.forEach(paper.taste);

function ordered(ask) {
  const steps = paper.order(ask);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value.entries.map(({ entry }) => entry.id);
}

process.stdout.write(JSON.stringify(asks.map(ordered)));
