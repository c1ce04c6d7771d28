// The search of the manual: an index that lies beside the pages, asked when somebody types.
"use strict";
(() => {
  const base = document.body.dataset.base;
  const form = document.querySelector("form");
  const field = form.querySelector("input");
  const list = form.querySelector("ol");
  const MOST = 8;
  let index = null;
  let loading = null;

  const script = (name) =>
    new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = `${base}/search/${name}`;
      element.onload = done;
      element.onerror = () => failed(new Error(name));
      document.head.append(element);
    });

  const load = () => {
    loading ??= Promise.all([script("lunr.js"), script("index.js")]).then(() => {
      index = globalThis.lunr((build) => {
        build.ref("number");
        build.field("title", { boost: 8 });
        build.field("text");
        globalThis.MANUAL.forEach((part, number) => build.add({ ...part, number }));
      });
    });
    return loading;
  };

  const line = (part) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${base}/${part.location || "index.html"}`;
    link.textContent = part.title;
    const about = document.createElement("p");
    about.textContent = part.text.slice(0, 110);
    item.append(link, about);
    return item;
  };

  const told = (text) => {
    const item = document.createElement("li");
    item.textContent = text;
    list.replaceChildren(item);
  };

  const search = async () => {
    const asked = globalThis.String(field.value).toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
    if (!asked.length) return list.replaceChildren();
    try {
      await load();
    } catch {
      return told("The index of the search could not be loaded.");
    }
    const found = index.query((query) => {
      for (const word of asked) {
        query.term(globalThis.lunr.tokenizer(word), { boost: 10 });
        query.term(word, { wildcard: globalThis.lunr.Query.wildcard.TRAILING });
      }
    });
    if (!found.length) return told("Nothing in the manual says that.");
    return list.replaceChildren(...found.slice(0, MOST).map((hit) => line(globalThis.MANUAL[hit.ref])));
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    list.replaceChildren();
  });
})();
