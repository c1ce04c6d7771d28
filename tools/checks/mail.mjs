// What Gmail, Outlook and Apple Mail lack of what a mail uses: HTML on stdin, a JSON list on stdout.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const clients = ["gmail.*", "outlook.*", "apple-mail.*"];
const { issues } = caniemail({ clients, html: readFileSync(0, "utf8") });
const found = [];
for (const [support, of] of Object.entries(issues)) {
  for (const [client, all] of of) {
    for (const { title, notes } of all) found.push({ client, support, title, notes });
  }
}
process.stdout.write(JSON.stringify(found));
