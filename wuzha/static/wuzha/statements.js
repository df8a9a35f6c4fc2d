/* Files dropped on [data-dropzone] become the choice of its file input; the names are told below it. */
(() => {
  "use strict";
  for (const zone of document.querySelectorAll("[data-dropzone]")) {
    const input = zone.querySelector("input[type=file]");
    const told = zone.querySelector("[data-chosen]");
    const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
    const tell = () => {
      if (told) told.textContent = [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(" · ");
    };
    input.addEventListener("change", tell);
    for (const type of ["dragenter", "dragover"])
      zone.addEventListener(type, (event) => {
        event.preventDefault();
        zone.classList.add("over");
      });
    for (const type of ["dragleave", "drop"]) zone.addEventListener(type, () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    tell();
  }
})();
