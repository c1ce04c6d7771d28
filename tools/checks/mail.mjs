// What Gmail, Outlook and Apple Mail lack of what mails use: a JSON list of HTML on stdin, a list for each on stdout.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const clients = ["gmail.*", "outlook.*", "apple-mail.*"];
const lacks = (html) => {
  const found = [];
  for (const [support, of] of Object.entries(caniemail({ clients, html }).issues)) {
    for (const [client, all] of of) {
      for (const { title, notes } of all) found.push({ client, support, title, notes });
    }
  }
  return found;
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(lacks)));
