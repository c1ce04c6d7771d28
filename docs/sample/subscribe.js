/* The form of the page "Subscribe" takes over what is chosen under "My paper" on this device.
 *
 * It is offered only where something is chosen that the form has a place for. Nothing is sent: the
 * form is filled in, and its reader presses the button. Every sentence stands in the page.
 */
"use strict";
(() => {
  const { keep } = globalThis.SundayPaper;
  const form = document.querySelector("form.subscribe");
  const there = document.getElementById("mine-there");
  const filled = document.getElementById("mine-filled");

  const named = (name) => [...form.querySelectorAll(`[name="${name}"]`)];
  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

  /** The boxes and radios of the form that stand for what is chosen. */
  function boxes() {
    const edition = keep.get("edition");
    return [
      ...named("topic").filter(({ value }) => keep.get(`topic:${value}`)?.on),
      ...named("venue").filter(({ value }) => keep.get(`venue:${value}`)?.on),
      ...named("edition").filter(({ value }) => value !== "" && edition?.on && edition.id === value),
    ];
  }

  const written = (name) => lines(keep.get(name)?.text ?? "");

  /** Lines that are not there yet go below what was written in the form. */
  function add(area, more) {
    const before = lines(area.value);
    area.value = [...before, ...more.filter((line) => !before.includes(line))].join("\n");
  }

  function show() {
    there.hidden = !filled.textContent && !boxes().length && !written("people").length && !written("queries").length;
  }

  document.getElementById("mine-fill").addEventListener("click", () => {
    for (const box of boxes()) box.checked = true;
    for (const name of ["people", "queries"]) add(document.getElementById(name), written(name));
    form.querySelector(".closer").open = true;
    filled.textContent = filled.dataset.done;
  });
  keep.changed(show);
  show();
})();
